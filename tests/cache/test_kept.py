"""What was read is read once, until a file that it was read from is another."""

from __future__ import annotations

import os
import time

import pytest

from cache import ArtefactCorrupt, ArtefactMissing, Store
from cache.kept import SETTLED, Kept
from cache.manifest import FILE_NAME
from tests.cache.making import a_run, flip, make


class Reading:
    """Two files, and how often they were read."""

    def __init__(self, folder, most=2):
        self.one, self.other, self.times = folder / "one", folder / "other", 0
        self.kept = Kept(most)
        for path in (self.one, self.other):
            path.write_text("a")

    def get(self):
        """Read both, or give what is known."""

        def read():
            self.times += 1
            return self.one.read_text() + self.other.read_text()

        return self.kept.get(self.one, read, lambda _: [self.other])


def settle():
    """Wait until a file's times would tell of its next change."""
    time.sleep(2 * SETTLED / 1e9)


@pytest.fixture
def reading(tmp_path):
    """What has been read once."""
    reading = Reading(tmp_path)
    settle()
    assert reading.get() == "aa"
    return reading


def test_it_is_read_once(reading):
    """However often it is asked for."""
    assert [reading.get() for _ in range(5)] == ["aa"] * 5
    assert reading.times == 1


@pytest.mark.parametrize("which", ["one", "other"])
def test_a_change_is_noticed(reading, which):
    """Of either file; in place, by another in its place, and with its old time of writing."""
    path = getattr(reading, which)
    before = path.stat()
    path.write_text("b")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "b" in reading.get()
    path.with_name("new").write_text("c")
    path.with_name("new").replace(path)
    assert "c" in reading.get()


def test_what_was_written_just_now_is_read_again(tmp_path):
    """Another change in the same moment might leave its times as they are."""
    reading = Reading(tmp_path)
    assert [reading.get() for _ in range(3)] == ["aa"] * 3
    assert reading.times == 3


def test_what_is_gone_is_asked_for_anew(reading):
    """And whoever reads says what is missing."""
    reading.other.unlink()
    with pytest.raises(FileNotFoundError):
        reading.get()


def test_only_so_much_is_kept(tmp_path):
    """What was read first goes first."""
    kept, read = Kept(2), []
    paths = [tmp_path / str(number) for number in range(3)]
    for path in paths:
        path.write_text("x")
    settle()
    for path in (*paths, *paths[1:], paths[0]):
        kept.get(path, lambda path=path: read.append(path.name) or True, lambda _: ())
    assert read == ["0", "1", "2", "0"]


def test_a_store_opens_an_artefact_once(store, monkeypatch):
    """Its manifest and its headers, not its files' promises: a damaged one is noticed at once."""
    artefact = make(store)
    settle()
    opened = store.artefact("projection", artefact.key)
    monkeypatch.setattr("cache.artefact.read_manifest", lambda *_: pytest.fail("read again"))
    assert store.artefact("projection", artefact.key) is opened
    monkeypatch.undo()
    flip(artefact.folder / FILE_NAME, 100)
    with pytest.raises(ArtefactCorrupt):
        store.artefact("projection", artefact.key)


def test_a_store_notices_a_file_that_is_gone(store):
    """At opening, as ever."""
    artefact = make(store)
    settle()
    store.artefact("projection", artefact.key)
    (artefact.folder / "test.npy").unlink()
    with pytest.raises(ArtefactCorrupt):
        store.artefact("projection", artefact.key)


def test_a_store_lists_what_comes_and_goes(store):
    """Runs and keys of a stage, with those of what it falls back to."""
    assert (store.run_names(), store.artefacts("projection")) == ([], [])
    artefact = make(store)
    settle()
    assert store.artefacts("projection") == store.artefacts("projection") == [("projection", artefact.key)]
    run = a_run(artefact)
    store.save_run(run)
    settle()
    assert store.run_names() == store.run_names() == [run.name]
    behind = Store(store.root.with_name("first"), [store.root])
    assert (behind.run_names(), behind.artefacts("projection")) == (
        [run.name],
        [("projection", artefact.key)],
    )
    (store.root / "runs" / f"{run.name}.json").unlink()
    artefact.folder.rename(artefact.folder.with_name("elsewhere"))
    assert (store.run_names(), store.artefacts("projection")) == ([], [])
    with pytest.raises(ArtefactMissing):
        store.run(run.name)


def test_a_run_that_is_written_again_is_another(store):
    """Its file is a new one."""
    run = a_run(make(store))
    store.save_run(run)
    settle()
    assert store.run(run.name) is store.run(run.name)
    store.save_run(type(run)(**{**vars(run), "title": "Another"}))
    assert store.run(run.name).title == "Another"
