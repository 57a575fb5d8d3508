"""A kill costs at most one chunk and changes no byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from tests.pipeline.killed_run import CHUNK

KILLS = 5
CHUNKS_OF_DIGITS = -(-898 // CHUNK) + -(-899 // CHUNK)


def _start(project, store, log):
    command = [sys.executable, "-m", "tests.pipeline.killed_run", str(store), str(log)]
    return subprocess.Popen(command, cwd=project, stderr=subprocess.DEVNULL)


def _chunks(log):
    return len(log.read_text().splitlines()) if log.exists() else 0


def _kill_after_some_chunks(project, store, log, some):
    """Start a run and kill it once ``some`` more chunks are computed."""
    process, before = _start(project, store, log), _chunks(log)
    while process.poll() is None and _chunks(log) < before + some:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    return process.wait()


def _features(store):
    folder = next(store.glob("artefacts/features/*/manifest.json")).parent
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.npy"))}


@pytest.mark.slow
def test_a_run_killed_five_times_gives_the_same_bytes_and_redoes_at_most_a_chunk_each(project, tmp_path, rng):
    """SIGKILL at five random moments of the extraction, then an undisturbed run."""
    quiet, killed, log = tmp_path / "quiet", tmp_path / "killed", tmp_path / "log"
    assert _start(project, quiet, tmp_path / "quiet.log").wait() == 0
    for some in rng.integers(2, 9, KILLS):
        assert _kill_after_some_chunks(project, killed, log, int(some)) == -signal.SIGKILL
        assert not list(killed.glob("artefacts/features/*/manifest.json"))
    assert _start(project, killed, log).wait() == 0
    assert _features(killed) == _features(quiet)
    assert CHUNKS_OF_DIGITS <= _chunks(log) <= CHUNKS_OF_DIGITS + KILLS


@pytest.mark.slow
def test_a_finished_run_leaves_no_unfinished_folder(project, tmp_path):
    """Drafts and chunks are gone once the artefact is whole."""
    store, log = tmp_path / "store", tmp_path / "log"
    _kill_after_some_chunks(project, store, log, 3)
    assert _start(project, store, log).wait() == 0
    names = [name for _, folders, _ in os.walk(store / "artefacts") for name in folders]
    assert not [name for name in names if "." in name]


def _folder_run(project, store, folder, moment=("", "", 0)):
    """Run a folder until it kills itself; give its exit status and what each stage reported: name, done, total."""
    log = store.with_suffix(".log")
    log.unlink(missing_ok=True)
    words = [str(word) for word in (store, folder, log, *moment)]
    command = [sys.executable, "-m", "tests.pipeline.killed_folder", *words]
    status = subprocess.run(command, cwd=project, stderr=subprocess.DEVNULL, check=False).returncode
    lines = [line.split("\t") for line in log.read_text().splitlines()]
    return status, [((stage, what), int(done), int(total)) for stage, what, done, total in lines]


def _arrays(store):
    """Give the bytes of all arrays and pictures of the finished artefacts, by stage."""
    found = [
        path for path in sorted(store.glob("artefacts/*/*/*")) if path.suffix in (".npy", ".bin", ".webp")
    ]
    return {(path.parent.parent.name, path.name): path.read_bytes() for path in found}


MOMENTS = [  # stage, what is counted, when it is killed; where the next attempt goes on at the latest
    (("dataset", "files", 300), 0),
    (("dataset", "images", 300), 256),
    (("dataset", "images", 600), 512),
    (("features", "images", 1), 0),
    (("features", "images", 320), 288),
    (("features", "images", 600), 568),
]


@pytest.mark.slow
def test_a_folder_killed_at_any_moment_goes_on_and_gives_the_same_bytes(project, tmp_path, rng):
    """While files are looked at, while thumbnails are drawn, while features are made: at most a piece is lost."""
    folder = tmp_path / "photographs"
    for number in range(600):
        place = folder / f"class {number % 3}" / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        colour = rng.integers(0, 200) + rng.integers(0, 50, (8, 12, 3))
        Image.fromarray(colour.astype(np.uint8)).save(place)
    killed, quiet = tmp_path / "killed", tmp_path / "quiet"
    before, least = ("dataset", "files"), 0
    for moment, at_least in [*MOMENTS, (("", "", 0), 0)]:
        status, told = _folder_run(project, killed, folder, moment)
        assert status == (-signal.SIGKILL if moment[0] else 0)
        assert next(done for where, done, _ in told if where == before) >= least
        assert all(done <= total for _, done, total in told)
        before, least = moment[:2], at_least
    assert _folder_run(project, quiet, folder)[0] == 0
    assert _arrays(killed) == _arrays(quiet)
    assert not [path for path in killed.glob("artefacts/*/*") if "." in path.name]
