"""A kill at any moment: the store shows a whole artefact or none, and at most one chunk is lost."""

from __future__ import annotations

import os
import signal
import sys
import time

import numpy as np
import pytest

from cache import ArtefactMissing, Store
from cache.chunks import Chunks
from cache.keys import stage_key
from tests.cache.making import make
from tests.cache.processes import start

ADDRESS = {"plugin": "pixels", "version": 1, "identity": {}, "inputs": {}}
KEY = stage_key("projection", **ADDRESS)
CHANGES = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.truncate"}


def _points(start, stop):
    rows = np.arange(start, stop, dtype=np.float32)[:, None]
    return np.sin(rows * np.arange(1, 3, dtype=np.float32))


def _extract(root, log, rows, size, pace=0.0):
    """Write points as the pipeline writes features, noting each chunk in a log; ``pace`` is in seconds a chunk."""

    def compute(start, stop):
        time.sleep(pace)
        with log.open("a") as file:
            file.write(f"{start}\n")
        return _points(start, stop)

    with Store(root).writing("projection", **ADDRESS) as draft:
        chunks = Chunks(draft.partial / "test", rows, size)
        for start, stop in chunks.missing():
            chunks.write_rows(start, stop, compute(start, stop))
        chunks.join(draft.path("test.npy"))


def _files(root):
    folder = Store(root).artefact("projection", KEY).folder
    return {path.name: path.read_bytes() for path in folder.glob("*.npy")}


def _computed(log):
    return len(log.read_text().splitlines()) if log.exists() else 0


def _leftovers(root):
    return [path for path in root.glob("artefacts/*/*") if "." in path.name]


def _kill_soon(child, log, some, pause):
    """Kill a child a moment after ``some`` more chunks were begun; tell whether it was still alive."""
    before = _computed(log)
    while (
        _computed(log) < before + some
        and os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    ):
        time.sleep(0.0005)
    time.sleep(pause)
    os.kill(child.pid, signal.SIGKILL)
    return child.exit_code() == -signal.SIGKILL


def test_kills_at_random_moments_change_no_byte_and_cost_one_chunk_each(tmp_path, rng):
    """SIGKILL five times during a chunked write, then an undisturbed attempt."""
    rows, size, log = 1500, 10, tmp_path / "log"
    _extract(tmp_path / "quiet", tmp_path / "quiet.log", rows, size)
    kills = 0
    for some, pause in zip(rng.integers(2, 20, 5), rng.uniform(0, 0.004, 5), strict=True):
        child = start(lambda: _extract(tmp_path / "killed", log, rows, size, pace=0.003))
        kills += _kill_soon(child, log, some, pause)
        with pytest.raises(ArtefactMissing):
            _files(tmp_path / "killed")
    _extract(tmp_path / "killed", log, rows, size)
    assert kills == 5
    assert _files(tmp_path / "killed") == _files(tmp_path / "quiet")
    assert rows // size <= _computed(log) <= rows // size + kills
    assert not _leftovers(tmp_path / "killed")


def _changes_disk(event, arguments):
    """Tell whether an audited event makes, changes, renames or removes a file."""
    return event in CHANGES or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))


def _die_at(number, function):
    """Give a function that kills its own process just before it changes the disk for the n-th time."""

    def run():
        seen = 0

        def watch(event, arguments):
            nonlocal seen
            if _changes_disk(event, arguments):
                seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        function()

    return run


def _steps(function):
    """Count how often a function changes the disk."""

    def run():
        changes = []
        sys.addaudithook(lambda *event: changes.append(event[0]) if _changes_disk(*event) else None)
        function()
        return len(changes)

    return start(run).result()


def test_a_kill_at_every_step_leaves_a_whole_artefact_or_none(tmp_path):
    """Just before each making, changing, renaming and removing of a file, once."""
    rows, size = 8, 4
    _extract(tmp_path / "quiet", tmp_path / "quiet.log", rows, size)
    whole = _files(tmp_path / "quiet")
    steps = _steps(lambda: _extract(tmp_path / "counted", tmp_path / "counted.log", rows, size))
    for step in range(1, steps + 1):
        root, log = tmp_path / f"killed-{step}", tmp_path / f"{step}.log"
        child = start(_die_at(step, lambda root=root, log=log: _extract(root, log, rows, size)))
        assert child.exit_code() == -signal.SIGKILL
        if Store(root).has("projection", KEY):
            assert _files(root) == whole
        else:
            _extract(root, log, rows, size)
            assert _files(root) == whole
            assert _computed(log) <= rows // size + 1
            assert not _leftovers(root)


def test_a_kill_while_an_artefact_is_replaced_leaves_the_old_the_new_or_none(tmp_path):
    """Never a mixture, never half of one; and the next attempt mends it."""
    steps = _steps(lambda: _replaced(tmp_path / "counted"))
    before = _steps(lambda: make(Store(tmp_path / "first")))
    for step in range(before + 1, steps + 1):
        root = tmp_path / f"killed-{step}"
        assert start(_die_at(step, lambda root=root: _replaced(root))).exit_code() == -signal.SIGKILL
        for stage, key in Store(root).artefacts():
            list(Store(root).artefact(stage, key).verify())
        make(Store(root))
        assert len(list(root.glob("artefacts/projection/*"))) == 1


def _replaced(root):
    make(Store(root))
    make(Store(root))
