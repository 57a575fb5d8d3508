"""How far a run is: what is written comes back, and what somebody else wrote is not trusted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from cache import StoreError
from cache.commands import Command
from cache.locks import is_held
from cache.making import (
    LONGEST,
    MAX_BYTES,
    Making,
    StageState,
    forget_making,
    is_being_made,
    making_file,
    makings,
    read_making,
    write_making,
)
from cache.store import artefact_lock
from tests.cache.making import COMMAND

MAKING = Making(
    run="photos",
    command=COMMAND,
    title="photos · EfficientNet-Lite0",
    stages=(
        StageState("dataset", "folder", "done", 397, 397, "images", 1.5),
        StageState("features", "hog", "working", 128, 397, "images", 0.5),
        StageState("classifier", "linear-svm", "left out"),
        StageState("projection"),
    ),
)


@pytest.fixture
def path(store):
    """The file of a run in the making."""
    write_making(store, MAKING)
    return making_file(store.root, "photos")


def test_it_comes_back_with_its_time(store, path):
    """All but the time is what was written."""
    found = read_making(store, "photos")
    assert found is not None
    assert found.updated > "2026"
    assert replace(found, updated="") == MAKING


def test_writing_again_replaces_and_forgetting_removes(store, path):
    """A failure is kept with its remedy, a command as one to type."""
    write_making(store, replace(MAKING, error="Images must be there. Got none.", remedy=COMMAND))
    [found] = makings(store)
    assert found.error == "Images must be there. Got none."
    assert isinstance(found.remedy, Command)
    assert [file.name for file in path.parent.iterdir()] == ["photos.json"]
    forget_making(store, "photos")
    forget_making(store, "photos")
    assert makings(store) == []
    assert read_making(store, "photos") is None


def test_a_remedy_of_somebody_else_is_no_command(store):
    """It is advice in words, whatever it says."""
    write_making(store, replace(MAKING, error="Bad.", remedy="rm -rf ~"))
    found = read_making(store, "photos")
    assert found is not None
    assert not isinstance(found.remedy, Command)


def test_long_texts_and_half_characters_do_not_make_it_unreadable(store):
    """An error may quote a file's name that is no text."""
    write_making(store, replace(MAKING, error="x" * (LONGEST + 5), title="a\udcffb"))
    found = read_making(store, "photos")
    assert found is not None
    assert found.error == "x" * LONGEST
    assert found.title == "a?b"


@pytest.mark.parametrize(
    "changes",
    [
        {"run": "other"},
        {"run": "../photos"},
        {"command": "rm -rf ~"},
        {"title": 3},
        {"title": "x" * (5 * LONGEST)},
        {"error": None},
        {"stages": None},
        {"stages": [3]},
        {"stages": [{"stage": "features", "state": "asleep"}]},
        {"stages": [{"stage": "features", "done": -1}]},
        {"stages": [{"stage": "features", "done": True}]},
        {"stages": [{"stage": "features", "total": 1e9}]},
        {"stages": [{"stage": "features", "seconds": "NaN"}]},
        {"stages": [{"stage": "features", "seconds": float("nan")}]},
        {"stages": [{"stage": "Features!"}]},
        {"stages": [{"stage": "features", "what": ["images"]}]},
        {"stages": [{"stage": "features"}] * 51},
        {"unknown": 1},
    ],
)
def test_what_nobody_of_ours_wrote_is_nothing(store, path, changes):
    """Wrong types, numbers, names, commands."""
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({**content, **changes}))
    assert read_making(store, "photos") is None
    assert makings(store) == []


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b"3", b"[" * 100_000, b'"' + b"x" * MAX_BYTES + b'"', b"\xff"]
)
def test_what_is_no_such_file_is_nothing(store, path, data):
    """Nor what is too large or too deep."""
    path.write_bytes(data)
    assert read_making(store, "photos") is None


def test_links_and_pipes_are_not_followed(store, path, tmp_path):
    """A pipe would block, a link may lead anywhere."""
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    assert read_making(store, "photos") is None
    path.unlink()
    os.mkfifo(path)
    assert read_making(store, "photos") is None
    assert not is_held(path)


def test_a_name_that_is_none_is_nothing(store):
    """It would lead out of the folder."""
    assert read_making(store, "../runs/photos") is None
    assert not is_being_made(store, "../photos")


def test_a_place_that_cannot_be_written_says_so(store, path):
    """As everything in the store does."""
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("in the way")
    with pytest.raises(StoreError, match="must be"):
        write_making(store, MAKING)


def test_it_is_alive_while_its_lock_is_held(store):
    """However its maker ends, and nobody waits to see it."""
    assert not is_being_made(store, "photos")
    with store.locked("run", "photos"):
        assert is_being_made(store, "photos")
        assert not is_being_made(store, "other")
    assert not is_being_made(store, "photos")


def test_a_look_keeps_nobody_away(store):
    """Two looks at once, and a lock taken right after."""
    lock = artefact_lock(store.root, "run", "photos")
    with store.locked("run", "photos"):
        look = (
            f"from pathlib import Path; from cache.locks import is_held; print(is_held(Path({str(lock)!r})))"
        )
        told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout == "True\n"
    assert not is_held(lock)
    assert not is_held(lock.with_name("none.lock"))
