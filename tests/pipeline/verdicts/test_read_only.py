"""A database that is only read: nothing is written, not even beside it, and what others write is seen."""

from __future__ import annotations

import sqlite3

import pytest

from cache import Store
from pipeline.errors import VerdictError
from pipeline.verdicts.connection import FILE
from pipeline.verdicts.database import open_verdicts
from pipeline.verdicts.records import Edit, Judgement
from pipeline.verdicts.schema import HEAD, VERSIONS
from tests.cache.processes import in_a_child

KEEP = Judgement("keep")


def files(store):
    """Name what lies in the store, with its size and time."""
    return {(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in store.root.rglob("*")}


@pytest.fixture
def said(store, images):
    """What was recorded by a process that has ended."""

    def record():
        kept = open_verdicts(store)
        kept.record(images, [Edit(images.keys[0], KEEP)], "ann")
        kept.close()

    in_a_child(record)
    return set(open_verdicts(store, read_only=True).state(images).records)


def test_it_is_read_and_nothing_lies_beside_it(store, images, said):
    """As where the file system is read-only: SQLite would make two files, and leave them."""
    assert said == {images.keys[0]}
    before = files(store)
    assert [name for name, *_ in before if name.startswith(FILE)] == [FILE]
    kept = open_verdicts(store, read_only=True)
    assert kept.history(images.keys[0])[0].who == "ann"
    assert files(store) == before


def test_where_there_is_none_none_is_made(store, images):
    """It has nothing to say, then."""
    assert open_verdicts(store, read_only=True).state(images).records == {}
    assert not (store.root / FILE).exists()


def test_what_another_program_writes_is_seen(store, images):
    """Also before SQLite has taken it into the file."""
    writer, reader = open_verdicts(store), open_verdicts(store, read_only=True)
    for count in (1, 2):
        writer.record(images, [Edit(images.keys[count], KEEP)], "ann")
        assert len(reader.state(images).records) == count
    writer.close()
    assert len(reader.state(images).records) == 2


@pytest.mark.usefixtures("said")
def test_nothing_can_be_recorded(store, images):
    """Nor undone."""
    kept = open_verdicts(store, read_only=True)
    with pytest.raises(VerdictError, match="must be open for writing"):
        kept.record(images, [Edit(images.keys[1], KEEP)], "ann")
    with pytest.raises(VerdictError, match="must be open for writing"):
        kept.undo(images, "ann")


@pytest.mark.usefixtures("said")
def test_an_older_step_is_not_taken_further(store, images):
    """It says so, and leaves it as it is."""
    with sqlite3.connect(store.root / FILE) as file:
        file.execute(f"UPDATE {VERSIONS} SET version_num = '0000'")  # noqa: S608  # a constant
    file.close()
    with pytest.raises(VerdictError, match=f"must be of step {HEAD}"):
        open_verdicts(store, read_only=True).state(images)


@pytest.mark.usefixtures("said")
def test_beside_a_store_that_cannot_be_written_it_is_found(store, images, tmp_path):
    """New results would go to a temporary folder; what was said lies where the runs are."""
    there = Store(tmp_path / "temporary", (store.root,), scratch=True)
    assert len(open_verdicts(there, read_only=True).state(images).records) == 1
