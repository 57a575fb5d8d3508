"""Several writers and readers at once, in threads and in processes."""

from __future__ import annotations

import os
import threading

import numpy as np

from cache import Store, StoreError
from cache.keys import stage_key
from tests.cache.making import make, points
from tests.cache.processes import start

ADDRESS = {"plugin": "pca", "version": 1, "identity": {}, "inputs": {}}


def _folders(store):
    return sorted(path.name for path in store.root.glob("artefacts/*/*"))


def test_readers_see_nothing_of_what_is_being_written(store):
    """And another artefact can be written meanwhile."""
    with store.writing("projection", **ADDRESS) as draft:
        other = Store(store.root)
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


def test_two_processes_writing_one_artefact_are_kept_apart(store, caplog):
    """The second waits, the log says for whom, and both finish undisturbed."""
    ready, done = os.pipe(), os.pipe()
    child = start(_hold(store, ready, done))
    os.read(ready[0], 1)
    threading.Timer(0.3, os.write, (done[1], b"x")).start()
    with store.writing("projection", **ADDRESS) as draft:
        assert child.result()
        assert store.has("projection", draft.key)
        draft.save("test", points())
    assert [f"process {child.pid}." in record.getMessage() for record in caplog.records] == [True]
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
    order = []

    def write():
        with store.writing("projection", **ADDRESS) as draft:
            order.append("second")
            draft.save("test", points())

    with store.writing("projection", **ADDRESS) as draft:
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(0.3)
        order.append("first")
        draft.save("test", points())
    thread.join()
    assert order == ["first", "second"]


def test_readers_get_right_numbers_or_none_while_an_artefact_is_replaced(store):
    """Twenty replacements under a reader's eyes: whole, or for a moment not there, and never a mixture."""
    key, ends, seen = make(store).key, threading.Event(), []

    def read():
        while not ends.is_set():
            try:
                seen.append(Store(store.root).artefact("projection", key).array("test"))
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
