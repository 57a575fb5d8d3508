"""What strangers send cannot end this process, fill its memory, or write a file; the worker comes again."""

import os
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from pipeline.errors import UnusablePicture
from pipeline.extractors.hog import Hog
from pipeline.guests.extractor import made_by
from pipeline.guests.pictures import MOST_GUEST_BYTES, Form
from pipeline.guests.process import Limits, Task
from pipeline.guests.worker import Worker
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure
from tests.pipeline.guests import hostile
from tests.pipeline.guests.test_worker import COMMAND

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("LAZYBONES_HOSTILE", "400"))
"""Mutated files; 5,000 are what decision 55 speaks of."""
MEMORY = 200 << 20


class Watched:
    """A worker, and what becomes of it."""

    def __init__(self, task):
        self.task, self.worker = task, Worker(Limits(memory=MEMORY, describing=20))
        self.most, self.pids, self.unclear, self.described, self.refused = 0, set(), set(), 0, 0

    def send(self, content):
        """Ask of a file; it is described, or refused in a sentence."""
        try:
            found = self.worker.describe(self.task, content)
        except UnusablePicture as problem:
            self.refused += 1
            if " must " not in problem.message:
                self.unclear.add(problem.message)
            return problem.message
        assert np.isfinite(found.features).all()
        assert len(found.thumbnail) < 200_000
        self.described += 1
        self.look()
        return ""

    def look(self):
        """Note what the process takes now."""
        pid = self.worker.pid
        if pid is not None:
            self.pids.add(pid)
            self.most = max(self.most, psutil.Process(pid).memory_info().rss)


@pytest.fixture
def watched(store, tmp_path, monkeypatch):
    """A worker for files of any size, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    dataset = ensure(store, Digits(limit=12), {})
    features = ensure(store, Hog(), {"dataset": dataset.key})
    made = Watched(Task(COMMAND, made_by(features), Form(None)))
    yield made
    made.worker.close()


def files_below(*folders):
    """List what is there."""
    return {path for folder in folders for path in Path(folder).rglob("*")}


def test_mutated_files_are_described_or_refused(watched, rng, tmp_path):
    """Ten formats, broken in every way; nothing is written, and little is taken."""
    files = hostile.seeds(rng)
    assert len(files) >= 10
    for content in files.values():
        assert watched.send(content) == ""
    before = files_below(tmp_path)
    own = psutil.Process().memory_info().rss
    for _ in range(COUNT):
        watched.send(hostile.mutated(rng, files))
    assert watched.unclear == set()
    assert watched.described > len(files)
    assert watched.refused > COUNT / 4
    assert files_below(tmp_path) == before
    assert watched.most < MEMORY + (200 << 20)
    assert psutil.Process().memory_info().rss < own + (100 << 20)


@pytest.mark.parametrize("name", hostile.bombs())
def test_a_bomb_is_refused_or_costs_little(watched, rng, name):
    """Soon, within the memory that it may take; and the next picture is described."""
    content = hostile.bombs()[name]
    assert len(content) <= MOST_GUEST_BYTES
    good = hostile.seeds(rng)["png"]
    watched.send(good)
    started = time.monotonic()
    watched.send(content)
    assert time.monotonic() - started < 30
    watched.look()
    assert watched.most < MEMORY + (250 << 20)
    assert watched.send(good) == ""


def test_files_of_two_kinds_are_pictures_or_nothing(watched, rng):
    """No script, no archive, no PostScript is looked into."""
    good = hostile.seeds(rng)
    for name, content in hostile.polyglots(good).items():
        said = watched.send(content)
        assert (
            bool(said) == (name not in ("gif and script", "jpeg and zip", "png and page"))
            or name == "gif and script"
        ), name
        assert watched.send(good["png"]) == "", name
    assert not Path("/tmp/hacked").exists()  # noqa: S108  # what one of them tries to write
    assert len(watched.pids) == 1
