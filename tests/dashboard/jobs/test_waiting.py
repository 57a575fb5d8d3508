"""Two dashboards on one store: the fit of one is waited for by the other, and then used by both."""

from __future__ import annotations

import os
import threading

import pytest

from dashboard.jobs.display import describe
from dashboard.jobs.job import JobState
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor
from pipeline.api import Retrainer, find_fit
from pipeline.classifiers.linear_svm import LinearSVM
from tests.cache.processes import start
from tests.planted import linear, planted_run

SOON = 60.0  # seconds after which a test gives up waiting


@pytest.fixture
def planted(store):
    """A run to fit further classifiers of."""
    return planted_run(store)


@pytest.fixture
def other(store, planted, monkeypatch):
    """Another dashboard, in the middle of fitting C = 0.06; and where to write a byte that lets it finish."""
    ready, go = os.pipe(), os.pipe()
    compute = LinearSVM.compute

    def slowly(self, *given, **more):
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        return compute(self, *given, **more)

    def fit():
        monkeypatch.setattr(LinearSVM, "compute", slowly)
        return Retrainer().retrain(store, planted, linear(0.06))[0].key

    child = start(fit)
    os.read(ready[0], 1)
    yield child, go[1]
    child.kill()


def ask(store, planted):
    """Ask for the same fit, as the page does; give the queue and the job once it waits."""
    queue, waits = JobQueue(), threading.Event()

    def fit(progress):
        def told(done, total, what):
            progress(done, total, what)
            if what.startswith("waiting for"):
                waits.set()

        return Retrainer().retrain(store, planted, linear(0.06), told)

    job = queue.submit("fit", "Fitting C = 0.06", fit, Visitor("me"))
    assert waits.wait(SOON)
    return queue, job


def test_the_second_dashboard_waits_says_for_whom_and_uses_the_fit_of_the_first(store, planted, other):
    """One fit is computed; both have it."""
    child, go = other
    queue, job = ask(store, planted)
    report = queue.report(job)
    assert report.state is JobState.RUNNING
    assert describe(report).replace("\\", "").endswith(f", process {child.pid}")
    os.write(go, b"x")
    assert job.wait(SOON)
    assert (job.state, job.error) == (JobState.DONE, None)
    assert job.result[0].key == child.result() == find_fit(store, planted, linear(0.06))[0].key


def test_a_wait_can_be_cancelled(store, planted, other):
    """The other's fit goes on."""
    child, go = other
    queue, job = ask(store, planted)
    assert queue.cancel(job, Visitor("me"))
    assert job.wait(SOON)
    assert job.state is JobState.CANCELLED
    os.write(go, b"x")
    assert child.result() == find_fit(store, planted, linear(0.06))[0].key


def test_a_dashboard_that_was_killed_is_not_waited_for(store, planted, other):
    """SIGKILL: the second computes it itself."""
    child, _ = other
    _, job = ask(store, planted)
    child.kill()
    assert job.wait(SOON)
    assert (job.state, job.error) == (JobState.DONE, None)
    assert find_fit(store, planted, linear(0.06))[0].key == job.result[0].key
