"""A process of its own for what strangers send: the same features as here, and nothing of it harms this one."""

import io
import os
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest
from PIL import Image

from pipeline.errors import Cancelled, ExtractorError, UnusablePicture
from pipeline.extractors.hog import Hog
from pipeline.guests.extractor import describer, made_by
from pipeline.guests.pictures import Form
from pipeline.guests.process import Limits, Task
from pipeline.guests.worker import Worker
from pipeline.sources.digits import Digits
from pipeline.stages.contract import ensure

COMMAND = "python -m pipeline run --source digits --extractor hog --classifier linear-svm --projection pca"


def png(pixels):
    """Write a picture without loss."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A data set with features."""
    from cache import Store

    store = Store(tmp_path_factory.mktemp("store"))
    dataset = ensure(store, Digits(limit=12), {})
    features = ensure(store, Hog(), {"dataset": dataset.key})
    return dataset, features


@pytest.fixture(scope="module")
def task(run):
    """How guests of it are described."""
    return Task(COMMAND, made_by(run[1]), Form.of(run[0]))


@pytest.fixture
def worker():
    """A worker with a process, ended after the test."""
    made = Worker()
    yield made
    made.close()


@pytest.fixture(scope="module")
def lasting():
    """One for tests that leave it as it is."""
    made = Worker()
    yield made
    made.close()


def test_a_picture_is_described_as_the_runs_own(run, task, lasting):
    """Bit for bit; and what it looks like comes along."""
    dataset, features = run
    for row in range(4):
        found = lasting.describe(task, png(np.array(dataset.array("test_images")[row][..., 0])))
        np.testing.assert_array_equal(found.features, features.array("test")[row])
        assert (found.height, found.width) == (8, 8)
        assert Image.open(io.BytesIO(found.thumbnail)).size == (8, 8)


def test_what_is_no_picture_is_refused_in_the_words_of_the_loader(task, lasting, rng):
    """And the process goes on."""
    with pytest.raises(UnusablePicture, match="begins with"):
        lasting.describe(task, b"GARBAGE" * 100)
    before = lasting.pid
    with pytest.raises(UnusablePicture, match="complete and undamaged"):
        lasting.describe(task, png(rng.integers(0, 256, (64, 64, 3), np.uint8))[:900])
    assert lasting.pid == before


def test_a_process_that_dies_is_replaced(task, worker, rng):
    """Between two guests, and while one is looked at."""
    picture = png(rng.integers(0, 256, (8, 8), np.uint8))
    worker.describe(task, picture)
    first = worker.pid
    os.kill(first, 9)
    time.sleep(0.2)
    worker.describe(task, picture)
    assert worker.pid not in (None, first)


def test_one_that_takes_too_long_is_ended(task, rng):
    """The guest is refused, and the next one has a new process."""
    quick = Worker(Limits(describing=3))
    try:
        quick.describe(task, png(rng.integers(0, 256, (8, 8), np.uint8)))
        psutil.Process(quick.pid).suspend()
        with pytest.raises(UnusablePicture, match="took longer than"):
            quick.describe(task, png(rng.integers(0, 256, (8, 8), np.uint8)))
        assert quick.pid is None
        quick.limits = Limits()
        assert quick.describe(task, png(rng.integers(0, 256, (8, 8), np.uint8))).features.size
    finally:
        quick.close()


def test_a_picture_that_takes_too_much_memory_is_refused(task, worker):
    """Seventy million pixels in a few kilobytes, and a process that may take 100 MB."""
    file = io.BytesIO()
    Image.new("1", (9400, 9400)).save(file, "PNG")
    worker.limits = Limits(memory=100 << 20)
    with pytest.raises(UnusablePicture, match="memory"):
        worker.describe(task, file.getvalue())
    assert worker.describe(task, png(np.zeros((8, 8), np.uint8))).features.size


def test_it_ends_when_nobody_asks(task, worker):
    """And comes again with the next guest."""
    worker.limits = Limits(idle=0.5)
    picture = png(np.zeros((8, 8), np.uint8))
    worker.describe(task, picture)
    first, end = worker.pid, time.monotonic() + 20
    while worker.pid is not None and time.monotonic() < end:
        time.sleep(0.1)
    assert worker.pid is None
    assert worker.describe(task, picture).features.size
    assert worker.pid != first


def test_who_no_longer_waits_ends_it(task, worker):
    """What a queue's progress raises goes through."""

    def stop(done, total, what):
        raise Cancelled("A job must be waited for. Got nobody.")

    with pytest.raises(Cancelled):
        worker.describe(task, png(np.zeros((8, 8), np.uint8)), stop)
    assert worker.describe(task, png(np.zeros((8, 8), np.uint8))).features.size


def test_what_is_missing_is_said(task, worker):
    """Another version of what described the images; a file that is gone."""
    other = replace(task, made={**task.made, "version": 99})
    with pytest.raises(ExtractorError, match="must be described as the run's images were"):
        worker.describe(other, b"")
    gone = COMMAND.replace("--extractor hog", "--extractor onnx --model /nowhere/network.onnx")
    with pytest.raises(ExtractorError, match=r"network\.onnx"):
        worker.describe(replace(task, command=gone), b"")


def test_another_task_has_another_process(task, worker):
    """Networks are large: one at a time."""
    worker.describe(task, png(np.zeros((8, 8), np.uint8)))
    first = worker.pid
    worker.describe(replace(task, form=Form(None)), png(np.zeros((64, 64, 3), np.uint8)))
    assert not psutil.pid_exists(first) or psutil.Process(first).status() == psutil.STATUS_ZOMBIE


def test_it_writes_no_file_and_knows_no_secret(task, worker, monkeypatch):
    """Its environment has what a network needs, and no more."""
    monkeypatch.setenv("SECRET_OF_A_SIGN_IN", "hunter2")
    worker.describe(task, png(np.zeros((8, 8), np.uint8)))
    process = psutil.Process(worker.pid)
    assert "SECRET_OF_A_SIGN_IN" not in process.environ()
    assert process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_DATA)[0] < 2**31


def test_here_and_there_are_one(run, task):
    """The command line describes by the same code."""
    dataset, features = run
    describe = describer(task.command, task.made, task.form)
    image = task.form.image(png(np.array(dataset.array("test_images")[2][..., 0])))
    np.testing.assert_array_equal(describe([image])[0], features.array("test")[2])
