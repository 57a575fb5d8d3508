"""What was made is kept until others come, and what fails leaves nothing."""

from __future__ import annotations

import pytest

from dashboard.jobs.shelf import Shelf


def filled(text):
    """Give what makes a file."""

    def make(folder):
        (folder / "file").write_text(text)
        return folder / "file"

    return make


def test_the_oldest_makes_room():
    """From the disk, too."""
    shelf = Shelf("tests", 2)
    assert shelf.find(0) is None
    made = [shelf.make(key, filled(str(key))) for key in range(3)]
    assert [shelf.find(key) for key in range(3)] == [None, *made[1:]]
    assert [path.parent.exists() for path in made] == [False, True, True]
    assert made[2].read_text() == "2"


def test_what_is_made_anew_takes_the_place_of_what_was():
    """Under the same key; the file before is gone."""
    shelf = Shelf("tests", 2)
    before, after = shelf.make(0, filled("before")), shelf.make(0, filled("after"))
    assert shelf.find(0) == after
    assert not before.exists()
    assert after.read_text() == "after"


def test_what_fails_leaves_nothing():
    """No folder, and nothing is found."""
    shelf, folders = Shelf("tests", 2), []

    def make(folder):
        folders.append(folder)
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        shelf.make(0, make)
    assert shelf.find(0) is None
    assert not folders[0].exists()
