"""A second process on one store waits for the first, says so, and uses what that one wrote."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from cache import Store
from pipeline.sources.cifar10 import Cifar10
from pipeline.stages.contract import key_of
from tests.cache.processes import start
from tests.pipeline.inputs.hostile import META, batch

pytestmark = pytest.mark.slow

LONGEST = 240
"""Seconds that a process may take before its test fails, rather than never ends."""


@pytest.fixture
def folder(tmp_path, rng):
    """A few images in CIFAR-10's form."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "batches.meta").write_bytes(META)
    for name in ("data_batch_1", "test_batch"):
        (tmp_path / "images" / name).write_bytes(batch(60, rng)[0])
    return tmp_path / "images"


def hear_interrupts():
    """Let Ctrl-C end a process: what is started in the background ignores it, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def begin(project, tmp_path, folder):
    """Give what starts the command line on one store; whatever still runs at the end is killed."""
    started = []

    def begin(*words):
        command = [sys.executable, "-m", "pipeline", *words, "--cache", str(tmp_path / "store")]
        pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, cwd=project, preexec_fn=hear_interrupts, **pipes))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def run_of(folder, extractor):
    """Give the words of a quick run."""
    machine = ("--penalties", "0.1", "--projection", "pca")
    return ("run", "--source", "cifar10", "--data-dir", str(folder), "--extractor", extractor, *machine)


@pytest.fixture
def held(tmp_path, folder):
    """Hold the lock of the data set, as a process does that writes it; give that process."""
    ready = os.pipe()
    store, key = Store(tmp_path / "store"), key_of(Cifar10(data_dir=folder), {})

    def hold():
        with store.locked("dataset", key):
            os.write(ready[1], b"x")
            os.read(os.pipe()[0], 1)

    child = start(hold)
    os.read(ready[0], 1)
    yield child
    child.kill()


def test_two_runs_at_once_share_what_they_have_in_common(begin, folder, tmp_path):
    """Both end well, on an empty store; the data set is written once."""
    both = [begin(*run_of(folder, extractor)) for extractor in ("hog", "pixels")]
    told = [process.communicate(timeout=LONGEST)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sorted(len(re.findall("dataset +cifar10 +done", text)) for text in told) == [0, 1], told
    assert sorted(len(re.findall("dataset +cifar10 +reused", text)) for text in told) == [0, 1], told
    assert Store(tmp_path / "store").run_names() == ["cifar10-hog-pca", "cifar10-pixels-pca"]


def test_a_run_says_for_whom_it_waits_and_not_for_the_killed(begin, folder, held):
    """It goes on as soon as that process is gone, however it went."""
    waits = begin(*run_of(folder, "pixels"))
    line = waits.stderr.readline()
    assert line.startswith("  dataset (cifar10): waiting for ")
    assert f"process {held.pid} ·" in line
    held.kill()
    rest = waits.communicate(timeout=LONGEST)[1]
    assert waits.returncode == 0, rest
    assert re.search("dataset +cifar10 +done", rest)


def test_a_run_that_waits_can_be_interrupted(begin, folder, held):
    """Ctrl-C ends the wait; who is waited for goes on."""
    waits = begin(*run_of(folder, "pixels"))
    assert "waiting for" in waits.stderr.readline()
    waits.send_signal(signal.SIGINT)
    assert "Interrupted." in waits.communicate(timeout=LONGEST)[1]
    assert waits.returncode == 130
    assert os.waitid(os.P_PID, held.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


@pytest.mark.parametrize("what", ["--unreferenced", "--all"])
def test_clearing_a_store_waits_for_its_writers(begin, held, what):
    """What a run has made so far belongs to no run yet."""
    with_writer = begin("clean", what)
    assert f"process {held.pid} ·" in with_writer.stderr.readline()
    held.kill()
    assert with_writer.communicate(timeout=LONGEST)[0].startswith("Nothing to remove.")
    assert with_writer.returncode == 0
