"""Long work on a page: what the bar lists, how a job is described, and a stage computed live."""

import threading
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.jobs import display
from dashboard.jobs.display import describe
from dashboard.jobs.job import JobReport, JobState
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor
from dashboard.views import retrain
from pipeline.api import InvalidParameter, find, validation_of
from pipeline.stages.validation import ValidationStage
from tests.dashboard.drawing import draw, run
from tests.planted import linear, planted_run

SOON = 60.0  # seconds after which a test gives up waiting for a thread


class Gate:
    """Stand in for a computation: each waits until the test lets it go."""

    def __init__(self, real):
        self.real, self.calls, self.failure = real, 0, None
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, stage, draft, inputs, progress):
        """Report 3 of 45, wait, then compute for real."""
        self.calls += 1
        progress(3, 45, "SVM fits")
        self.reached.set()
        assert self.go_on.wait(SOON)
        progress(4, 45, "SVM fits")
        if self.failure is not None:
            raise self.failure
        return self.real(stage, draft, inputs)


@pytest.fixture
def queue(monkeypatch):
    """Give a queue of the test's own."""
    queue = JobQueue()
    monkeypatch.setattr(display, "queue", lambda: queue)
    return queue


@pytest.fixture
def gate(monkeypatch, queue):
    """Give the stand-in for cross-validation."""
    gate = Gate(ValidationStage.compute)
    monkeypatch.setattr(ValidationStage, "compute", lambda *given: gate(*given))
    yield gate
    gate.go_on.set()
    for job in queue.alive():
        assert job.wait(SOON)


@pytest.fixture
def bare(store):
    """A run without cross-validation."""
    return planted_run(store, without=("validation",))


def validation(store, run):
    """Find a run's cross-validation."""
    path = store.artefact("classifier", run.stages["classifier"])
    return find(store, validation_of(path, linear(0.1)), run.stages)


def press(page, label):
    """Press a button by the start of its label."""
    next(button for button in page.button if button.label.startswith(label)).click()
    return run(page)


def spoken(page):
    """Give all that the page says."""
    elements = [*page.markdown, *page.caption, *page.info, *page.error]
    return " | ".join([e.value for e in elements] + [e.proto.text for e in page.get("progress")])


def finish(gate, queue):
    """Let the computation go, and wait until it is over."""
    (job,) = queue.alive()
    gate.go_on.set()
    assert job.wait(SOON)
    return job


def test_validation_is_computed_once_for_two_visitors(monkeypatch, store, bare, gate, queue):
    """Both see its progress, also after a reload; then both see its result."""
    first, second = (run(draw(monkeypatch, store, retrain)) for _ in range(2))
    press(first, "Compute cross-validation")
    press(second, "Compute cross-validation")
    assert gate.reached.wait(SOON)
    for page in (first, second, run(draw(monkeypatch, store, retrain))):
        assert "3 of 45 SVM fits" in spoken(run(page))
    assert finish(gate, queue).state is JobState.DONE
    for page in (first, second):
        assert "has the best mean accuracy" in spoken(run(page))
    assert gate.calls == 1
    assert validation(store, bare) is not None


def test_validation_can_be_cancelled(monkeypatch, store, bare, gate, queue):
    """By the only one who waits; nothing is kept, and it can be asked for again."""
    page = press(run(draw(monkeypatch, store, retrain)), "Compute cross-validation")
    assert gate.reached.wait(SOON)
    press(page, "Cancel")
    assert finish(gate, queue).state is JobState.CANCELLED
    assert validation(store, bare) is None
    assert [button for button in run(page).button if button.label == "Compute cross-validation"]


def test_failed_validation_says_why(monkeypatch, store, bare, gate, queue):
    """In words, with what to do; and it can be tried again."""
    shown = []
    monkeypatch.setattr("dashboard.page.messages.show", lambda *words: shown.append(words))
    gate.failure = InvalidParameter("Too few images. Got 3.", remedy="a larger --limit")
    page = press(run(draw(monkeypatch, store, retrain)), "Compute cross-validation")
    assert gate.reached.wait(SOON)
    assert finish(gate, queue).state is JobState.FAILED
    run(page)
    assert shown[-1][:3] == ("Cross-validation failed", "Too few images. Got 3.", "a larger --limit")
    gate.failure = None
    press(page, "Compute cross-validation")
    for job in queue.alive():
        assert job.wait(SOON)
    assert "has the best mean accuracy" in spoken(run(page))


def test_full_queue_refuses_in_words(monkeypatch, store, bare):
    """A visitor too many is told so."""
    full = JobQueue(each=0)
    monkeypatch.setattr(display, "queue", lambda: full)
    page = press(run(draw(monkeypatch, store, retrain)), "Compute cross-validation")
    assert "Computations that you wait for must be at most" in page.error[0].value


def _bar():
    from dashboard.jobs.display import panel

    panel()


def test_bar_lists_what_runs_and_what_waits(queue):
    """Whoever asked for it; and nothing when nothing is left."""
    reached, go_on = threading.Event(), threading.Event()

    def slow(progress):
        progress(1, 4, "steps")
        reached.set()
        assert go_on.wait(SOON)

    jobs = [queue.submit(title, title, slow, Visitor("somebody")) for title in ("One *thing*", "Another")]
    assert reached.wait(SOON)
    page = AppTest.from_function(_bar).run(timeout=30)
    (bar,) = page.get("progress")
    assert (bar.proto.text, bar.proto.value) == (r"One \*thing\*", 25)
    assert any("Another: waiting" in caption.value for caption in page.caption)
    go_on.set()
    assert all(job.wait(SOON) for job in jobs)
    assert not page.run(timeout=30).caption


REPORT = {
    "state": JobState.RUNNING,
    "ahead": 0,
    "done": 0,
    "total": 0,
    "what": "",
    "rate": None,
    "seconds_left": None,
}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "starting"),
        ({"done": 9, "total": 45, "what": "SVM fits"}, "9 of 45 SVM fits"),
        ({"done": 9, "total": 45, "what": "SVM fits", "rate": 4.5, "seconds_left": 8.0},
         "9 of 45 SVM fits, 4.5 a second, about 8 s left"),
        ({"done": 1, "total": 4, "what": "pairs", "rate": 0.02, "seconds_left": 150.0},
         "1 of 4 pairs, 0.02 a second, about 2 min 30 s left"),
        ({"state": JobState.WAITING, "ahead": 1},
         "next in the queue. One thing is computed at a time, and visitors take turns."),
        ({"state": JobState.WAITING, "ahead": 2},
         "number 2 in the queue. One thing is computed at a time, and visitors take turns."),
    ],
)  # fmt: skip
def test_job_is_described(changes, text):
    """Place, progress, rate and time left, as far as they are known."""
    assert describe(SimpleNamespace(**(REPORT | changes))) == text
    assert JobReport(**(REPORT | changes), watchers=1).watchers == 1


def test_what_needs_memory_waits_for_the_work_that_has_it(monkeypatch, queue):
    """It waits while something runs and there is no room; afterwards, or with room enough, it does not."""
    monkeypatch.setattr(display.memory, "available", lambda: 100)
    monkeypatch.setattr(display, "POLL", 0.01)
    assert display.wait_for_room(10**9, 0.0)  # nothing runs: waiting would not help
    go_on, waited = threading.Event(), threading.Event()
    job = queue.submit("key", "title", lambda _: go_on.wait(SOON), Visitor("me"))
    assert display.wait_for_room(100, 0.0)
    assert not display.wait_for_room(101, 0.0)

    def wait():
        assert display.wait_for_room(101, SOON)
        waited.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not waited.wait(0.1)
    go_on.set()
    assert waited.wait(SOON)
    thread.join()
    assert job.wait(SOON)
