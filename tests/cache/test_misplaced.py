"""Something of another kind stands in the place of a file or folder of the store: it is told, and the remedy helps."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from cache import LazybonesError, Store
from cache.bundle import pack, remove_unpacked
from cache.commands import Command
from cache.digests import Digests
from cache.maintenance import problems, remove_all, remove_corrupt, remove_stale
from cache.making import Making, makings, write_making
from cache.places import place_of, remember_place
from cache.removal import wrong_folders
from pipeline.cli.main import main
from tests.cache.making import COMMAND, a_run, assert_helps, make
from tests.cache.processes import in_a_child


def _folder(path):
    path.mkdir()
    (path / "inside").write_text("x")


KINDS: dict[str, Callable[[Path], object]] = {
    "folder": _folder,
    "file": lambda path: path.write_text("not what it should be"),
    "pipe": os.mkfifo,
    "socket": lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "link to a file": lambda path: path.symlink_to("/etc/hostname"),
}


def _use(store: Store) -> None:
    """Do with a store what commands and pages do."""
    artefact = make(store)
    with store.locked("run", "first"):
        store.save_run(a_run(artefact))
        write_making(store, Making("first", COMMAND, "Digits", ()))
    remember_place(store, artefact.key, Path("/nowhere"))
    place_of(artefact)
    digests = Digests(store.root, Path("/nowhere"))
    digests.note(finished=True)
    artefact.array("test")
    assert makings(store)
    store.run("first")
    pack(store, ["first"], store.root.parent / "packed")


def _places(store: Store) -> list[str]:
    """Name every file and folder that a store has, by use, and those that it had while it was written to."""
    _use(store)
    with store.in_use(), store.locked("projection", "0" * 40):
        there = [path for path in store.root.rglob("*") if path.name != "inside"]
    key = next(path.name for path in store.root.glob("artefacts/projection/*"))
    mine = [
        f"artefacts/projection/{key}.partial",
        f"locks/projection-{key}.lock",
        "locks/run-first.lock",
        "bundles/abcdef01",
    ]
    return sorted(
        {*(path.relative_to(store.root).as_posix() for path in there), *mine}
        - {f"locks/projection-{'0' * 40}.lock"}
    )


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Every path below a store that is in use."""
    return _places(Store(tmp_path_factory.mktemp("known") / "store"))


def _try(action: Callable[[], object]) -> LazybonesError | None:
    try:
        action()
    except LazybonesError as error:
        return error
    return None


def _outcome(root: Path) -> None:
    """Use a store until it works, following each remedy as a person would; nothing is raised but our own errors."""
    store = Store(root)
    for action in (problems, remove_stale, remove_unpacked, lambda it: list(wrong_folders(it.root))):
        error = _try(lambda action=action: action(store))
        if error is not None:
            assert_helps(error, root)
            follow(error, root)
    for _ in range(4):
        with suppress(FileNotFoundError):
            subprocess.run(["rm", "-r", root.parent / "packed"], check=False, capture_output=True)
        error = _try(lambda: _use(Store(root)))
        if error is None:
            break
        assert_helps(error, root)
        follow(error, root)
    else:
        pytest.fail(f"a dead end of remedies: {error}")
    assert [(one.path, str(one.error)) for one in problems(Store(root))] == []


def follow(error: LazybonesError, root: Path) -> None:
    """Type the command that an error names."""
    assert isinstance(error.remedy, Command), error
    words = shlex.split(error.remedy)
    if words[:3] == ["python", "-m", "pipeline"]:
        assert main([*words[3:], "--cache", str(root)]) == 0
    else:
        assert words[0] == "mv"
        subprocess.run(words, check=True)


@pytest.mark.parametrize("kind", KINDS)
def test_no_wrong_kind_is_a_dead_end(places, tmp_path, kind):
    """Whatever stands in the place of anything of a store: no wait, no traceback, and each remedy leads on."""
    for number, place in enumerate(places):
        root = tmp_path / str(number) / "store"
        path = root / place
        path.parent.mkdir(parents=True)
        KINDS[kind](path)

        def work(root=root):
            _outcome(root)
            return True

        assert in_a_child(work) is True, place


def test_a_folder_in_the_place_of_a_run_is_told_and_removed(store):
    """It is listed as a damaged run is; the command that the message names removes it."""
    store.save_run(a_run(make(store)))
    _folder(store.root / "runs" / "x.json")
    assert store.run_names() == ["first", "x"]
    with pytest.raises(LazybonesError, match="a folder in the place of a plain file") as caught:
        store.run("x")
    assert "clean --corrupt" in caught.value.remedy
    assert remove_corrupt(store) == [store.root / "runs" / "x.json"]
    assert store.run_names() == ["first"]


def test_verify_tells_of_a_file_in_the_place_of_a_folder(store):
    """All that lies in there looks as if it were not there."""
    store.root.mkdir()
    (store.root / "runs").write_text("mine")
    (problem,) = problems(store)
    assert_helps(problem.error, store.root / "runs")
    assert problem.error.remedy == f"mv {store.root}/runs {store.root}/runs.aside"
    assert remove_all(store) == []
    assert (store.root / "runs").read_text() == "mine"
