"""A kill costs at most one chunk and changes no byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

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
