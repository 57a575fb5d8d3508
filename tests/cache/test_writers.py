"""Several writers and readers at once, in threads and in processes."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from cache import Store, StoreError, StoreLocked
from cache.keys import stage_key
from tests.cache.making import assert_helps, make, points
from tests.cache.processes import start

ADDRESS = {"plugin": "pca", "version": 1, "identity": {}, "inputs": {}}


def _folders(store):
    return sorted(path.name for path in store.root.glob("artefacts/*/*"))


def test_two_writers_of_one_artefact_are_kept_apart(store):
    """The second is told at once; another artefact is not concerned; readers see nothing yet."""
    with store.writing("projection", **ADDRESS) as draft:
        other = Store(store.root)
        with pytest.raises(StoreLocked) as caught, other.writing("projection", **ADDRESS):
            pytest.fail("two writers at once")
        assert_helps(caught.value, f"projection/{draft.key}")
        make(other)
        assert not other.has("projection", draft.key)
        draft.save("test", points())
    assert other.has("projection", draft.key)


def _hold(store, ready, done):
    def write():
        with store.writing("projection", **ADDRESS) as draft:
            draft.save("test", points())
            os.write(ready[1], b"x")
            os.read(done[0], 1)
        return True

    return write


def test_two_processes_writing_one_artefact_are_kept_apart(store):
    """The first finishes undisturbed."""
    ready, done = os.pipe(), os.pipe()
    child = start(_hold(store, ready, done))
    os.read(ready[0], 1)
    with pytest.raises(StoreLocked), store.writing("projection", **ADDRESS):
        pytest.fail("two writers at once")
    os.write(done[1], b"x")
    assert child.result()
    assert store.has("projection", stage_key("projection", **ADDRESS))


def test_a_killed_writer_leaves_no_lock(store):
    """The next one starts at once and clears what the first left."""
    ready, done = os.pipe(), os.pipe()
    child = start(_hold(store, ready, done))
    os.read(ready[0], 1)
    child.kill()
    assert any(".tmp-" in name for name in _folders(store))
    with store.writing("projection", **ADDRESS) as draft:
        draft.save("test", points())
    assert _folders(store) == [draft.key]


def test_threads_are_kept_apart_too(store):
    """Two sessions of one dashboard are threads of one process."""
    caught = []

    def write():
        try:
            with store.writing("projection", **ADDRESS):
                pass
        except StoreLocked as error:
            caught.append(error)

    with store.writing("projection", **ADDRESS) as draft:
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        draft.save("test", points())
    assert len(caught) == 1


def test_readers_get_right_numbers_or_none_while_an_artefact_is_replaced(store):
    """Twenty replacements under a reader's eyes: whole, or for a moment not there, and never a mixture."""
    key, ends, seen = make(store).key, threading.Event(), []

    def read():
        while not ends.is_set():
            try:
                seen.append(Store(store.root).artefact("projection", key).array("test", mmap=False))
            except StoreError:
                continue
        seen.append(points())

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(20):
        make(store)
    ends.set()
    thread.join()
    assert len(seen) > 1
    assert all(np.array_equal(array, points()) for array in seen)
