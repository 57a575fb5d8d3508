"""Digests remembered: an unchanged file is not read, one that may have changed is."""

from __future__ import annotations

import hashlib
import os
import time

import pytest

from cache import digests
from cache.digests import Digests

HOUR = 3600 * 10**9


@pytest.fixture(autouse=True)
def later(monkeypatch):
    """An hour has passed since the files were written; a test turns the clock by what it is given."""
    offset = [HOUR]
    monkeypatch.setattr(digests, "_clock", lambda: time.time_ns() + offset[0])
    return offset


@pytest.fixture
def folder(tmp_path):
    """Three files."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in "abc":
        (folder / name).write_text(f"content of {name}")
    return folder


def sha256(path):
    """Give a file's digest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def look(root, folder, *, finished=True):
    """Give the names of the files that were read, after a look at all."""
    known, read = Digests(root, folder), []

    def reading(path):
        read.append(path.name)
        return sha256(path)

    for path in sorted(folder.iterdir()):
        assert known.digest(path.name, path, lambda path=path: reading(path)) == sha256(path)
    known.note(finished=finished)
    return read


def test_an_unchanged_file_is_read_once(tmp_path, folder):
    """A changed, a new, and a replaced one are read; one that is gone is forgotten."""
    assert look(tmp_path, folder) == ["a", "b", "c"]
    assert look(tmp_path, folder) == []
    (folder / "a").write_text("content of A")
    (folder / "d").write_text("new")
    (folder / "b").unlink()
    (folder / "c").rename(folder / "b")
    assert look(tmp_path, folder) == ["a", "b", "d"]
    assert look(tmp_path, folder) == []
    assert (next((tmp_path / "digests").iterdir()).stat().st_size - 32) % 48 == 0


def test_a_change_that_hides_itself_is_seen(tmp_path, folder):
    """Same size, same inode, and its time set back: that of the last change of anything cannot be."""
    look(tmp_path, folder)
    before = (folder / "a").stat()
    (folder / "a").write_text("CONTENT OF A")
    os.utime(folder / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert look(tmp_path, folder) == ["a"]


def test_a_file_changed_moments_ago_is_not_trusted(tmp_path, folder, later):
    """It may be changed once more within one tick of the clock, and look the same; so may one of the future."""
    for offset in (0, -HOUR):
        later[0] = offset
        assert look(tmp_path, folder) == ["a", "b", "c"]
        assert look(tmp_path, folder) == ["a", "b", "c"]
    later[0] = digests.SETTLED + 10**9
    assert look(tmp_path, folder) == ["a", "b", "c"]
    assert look(tmp_path, folder) == []


def test_a_file_that_changes_while_it_is_read_is_not_noted(tmp_path, folder):
    """Nobody knows which of the two it was."""
    known = Digests(tmp_path, folder)

    def changing():
        (folder / "a").write_text("longer than it was")
        return "0" * 64

    assert known.digest("a", folder / "a", changing) == "0" * 64
    known.note(finished=True)
    assert look(tmp_path, folder) == ["a", "b", "c"]


def test_what_cannot_be_read_is_not_noted(tmp_path, folder):
    """What reading raises goes through; a file that is not there has no look."""
    known = Digests(tmp_path, folder)

    def failing():
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        known.digest("a", folder / "a", failing)
    assert known.digest("x", folder / "x", lambda: "1" * 64) == "1" * 64
    assert known.digest("x", folder / "x", lambda: "2" * 64) == "2" * 64


def test_an_archive_is_looked_at_for_its_members(tmp_path, folder):
    """Each has a name of its own."""
    known = Digests(tmp_path, folder)
    assert known.digest("1", folder / "a", lambda: "1" * 64) == "1" * 64
    assert known.digest("2", folder / "a", lambda: "2" * 64) == "2" * 64
    known.note(finished=True)
    again = Digests(tmp_path, folder)
    assert again.digest("2", folder / "a", lambda: pytest.fail("read")) == "2" * 64


def test_a_kill_loses_what_was_read_in_the_last_seconds(tmp_path, folder, monkeypatch):
    """Noted now and then; what was known before stays until the end."""
    look(tmp_path, folder)
    (folder / "a").write_text("changed")
    known = Digests(tmp_path, folder)
    known.digest("a", folder / "a", lambda: sha256(folder / "a"))
    known.note(finished=False)
    assert look(tmp_path / "x", folder) == ["a", "b", "c"]
    monkeypatch.setattr(digests, "SECONDS_BETWEEN_NOTES", 0)
    known.note(finished=False)
    assert look(tmp_path, folder) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: os.truncate(path, 40),
        lambda path: os.truncate(path, 0),
        lambda path: path.write_bytes(b"x" * 128),
        lambda path: path.write_bytes(path.read_bytes()[:20] + b"?" + path.read_bytes()[21:]),
        lambda path: os.truncate(path, 1 << 30),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.rename(f"{path}.moved"), path.symlink_to(f"{path}.moved")),
        lambda path: (path.unlink(), os.mkfifo(path)),
    ],
    ids=["cut", "empty", "other bytes", "flipped", "huge", "a folder", "a link", "a pipe"],
)
def test_a_damaged_note_is_none(tmp_path, folder, damage):
    """All files are read again."""
    look(tmp_path, folder)
    damage(next((tmp_path / "digests").iterdir()))
    assert Digests(tmp_path, folder).digest("a", folder / "a", lambda: "f" * 64) == "f" * 64


def test_what_was_wrong_is_forgotten(tmp_path, folder):
    """Else the same error came for ever."""
    look(tmp_path, folder)
    Digests(tmp_path, folder).forget()
    assert look(tmp_path, folder) == ["a", "b", "c"]


def test_a_store_knows_few_folders(tmp_path, folder, monkeypatch):
    """Those that were written last."""
    monkeypatch.setattr(digests, "MAX_FOLDERS", 3)
    for number in range(6):
        known = Digests(tmp_path, tmp_path / str(number))
        known.digest("a", folder / "a", lambda: "1" * 64)
        known.note(finished=True)
        time.sleep(0.02)
    assert len(list((tmp_path / "digests").iterdir())) == 3
    Digests(tmp_path, tmp_path / "5").digest("a", folder / "a", lambda: pytest.fail("read"))
