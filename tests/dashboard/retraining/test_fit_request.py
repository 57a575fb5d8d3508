"""Asking for a fit, watching it, cancelling it: the page's side of the job queue."""

import threading

import pytest

from dashboard.jobs import display
from dashboard.jobs.job import JobState
from dashboard.jobs.queue import JobQueue
from dashboard.retraining import fit_request
from dashboard.views import retrain
from pipeline.api import Asked, Cancelled, InvalidParameter, Retrainer
from tests.dashboard.drawing import draw, run, view
from tests.planted import planted_run

SOON = 60.0  # seconds after which a test gives up waiting for a thread


class Gate:
    """Stand in for a retrainer: each fit waits until the test lets it go."""

    def __init__(self):
        self.real, self.asked = Retrainer(), []
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.failure = None

    def retrain(self, store, run, setting, progress):
        """Report 3 of 45, wait, then fit for real."""
        self.asked.append(setting.C)
        progress(3, 45, "SVM fits")
        self.reached.set()
        assert self.go_on.wait(SOON)
        progress(4, 45, "SVM fits")
        if self.failure is not None:
            raise self.failure
        return self.real.retrain(store, run, setting)

    def finish(self, C):
        """Let the fits go, and wait until the one at C is over."""
        job = next(job for job in display.queue().alive() if job.key[-1].C == C)
        self.go_on.set()
        assert job.wait(SOON)
        return job


@pytest.fixture
def gate(monkeypatch):
    """Give the stand-in, with a queue of its own."""
    gate, queue = Gate(), JobQueue(patience=SOON)  # however slow the machine is, who waits counts
    monkeypatch.setattr(fit_request, "retrainer", lambda: gate)
    monkeypatch.setattr(display, "queue", lambda: queue)
    yield gate
    gate.go_on.set()
    for job in queue.alive():
        assert job.wait(SOON)


@pytest.fixture
def planted(store):
    """A run whose path is 0.001, 0.01, 0.1, 1, 10 and whose own C is 0.1."""
    return planted_run(store)


def press(page, label):
    """Press a button by the start of its label."""
    next(button for button in page.button if button.label.startswith(label)).click()
    return run(page)


def ask(page, text):
    """Type a C and ask for it."""
    page.text_input[0].set_value(text)
    return press(page, "Fit")


def spoken(page):
    """Give all that the page says."""
    elements = [*page.markdown, *page.caption, *page.info, *page.error]
    bars = [element.proto.text for element in page.get("progress")]
    return " | ".join([element.value for element in elements] + bars)


def test_fit_runs_and_then_the_app_has_its_C(monkeypatch, store, planted, gate):
    """From the field to the numbers: the URL has the C at once, progress shows, the result is used."""
    page = ask(run(draw(monkeypatch, store, retrain)), "0.5")
    assert gate.reached.wait(SOON)
    run(page)
    assert view(page).asked.C == 0.5
    assert "3 of 45 SVM fits" in spoken(page)
    assert "the pages show C = 0.1" in spoken(page)
    assert gate.finish(0.5).state is JobState.DONE
    run(page)
    assert page.curves[0][0].C == 0.5
    assert "SVM fits" not in spoken(page)


def test_C_that_is_there_needs_no_fit(monkeypatch, store, planted, gate):
    """A C on the path is a lookup, also when it is typed."""
    page = ask(run(draw(monkeypatch, store, retrain)), "1")
    assert (view(page).asked.C, gate.asked) == (1.0, [])


@pytest.mark.parametrize("text", ["", "nought", "-1", "1e99"])
def test_what_is_no_penalty_is_refused_beside_the_field(monkeypatch, store, planted, gate, text):
    """Nothing is fitted, the view stays, and a sentence says what is allowed."""
    page = ask(run(draw(monkeypatch, store, retrain)), text)
    assert "C must be a number" in page.error[0].value
    assert (view(page).asked.C, gate.asked) == (None, [])
    assert not run(page).error


def test_address_of_an_unfitted_C_offers_the_fit(monkeypatch, store, planted, gate):
    """Opening a link starts nothing by itself; one press does."""
    page = run(draw(monkeypatch, store, retrain, asked=Asked(0.5)))
    assert "No classifier was fitted with C = 0.5 yet" in spoken(page)
    assert gate.asked == []
    press(page, "Fit C = 0.5 now")
    assert gate.reached.wait(SOON)
    assert gate.asked == [0.5]


def test_offer_can_be_declined(monkeypatch, store, planted, gate):
    """Staying goes back to the C that is shown."""
    page = press(run(draw(monkeypatch, store, retrain, asked=Asked(0.5))), "Stay with C = 0.1")
    assert view(page).asked.C is None


def test_cancel_stops_the_fit_and_goes_back(monkeypatch, store, planted, gate):
    """The view is the one from before the fit, and nothing was written."""
    page = ask(run(draw(monkeypatch, store, retrain, asked=Asked(1.0))), "0.5")
    assert gate.reached.wait(SOON)
    press(page, "Cancel")
    assert view(page).asked.C == 1.0
    assert gate.finish(0.5).state is JobState.CANCELLED
    assert "No classifier was fitted" in spoken(run(draw(monkeypatch, store, retrain, asked=Asked(0.5))))


def test_reloaded_page_finds_its_fit_again(monkeypatch, store, planted, gate):
    """A new session with the same address sees the progress, and then the result."""
    ask(run(draw(monkeypatch, store, retrain)), "0.5")
    assert gate.reached.wait(SOON)
    page = run(draw(monkeypatch, store, retrain, asked=Asked(0.5)))
    assert "3 of 45 SVM fits" in spoken(page)
    gate.finish(0.5)
    assert run(page).curves[0][0].C == 0.5
    assert gate.asked == [0.5]


def test_two_sessions_share_one_fit_and_one_cannot_take_it(monkeypatch, store, planted, gate):
    """The second request joins; the first one's cancel only withdraws."""
    first = ask(run(draw(monkeypatch, store, retrain)), "0.5")
    assert gate.reached.wait(SOON)
    ask(run(draw(monkeypatch, store, retrain)), "0.5")
    press(first, "Cancel")
    assert "goes on without you" in first.toast[0].value
    assert gate.finish(0.5).state is JobState.DONE
    assert gate.asked == [0.5]


def test_second_fit_waits_its_turn(monkeypatch, store, planted, gate):
    """Its page names its place."""
    ask(run(draw(monkeypatch, store, retrain)), "0.5")
    assert gate.reached.wait(SOON)
    page = run(ask(run(draw(monkeypatch, store, retrain)), "0.7"))
    assert "next in the queue" in spoken(page)
    assert gate.asked == [0.5]
    gate.finish(0.7)
    assert gate.asked == [0.5, 0.7]


@pytest.mark.parametrize(
    ("failure", "said"),
    [(InvalidParameter("Rows must be finite. Got nan.", remedy="python -m pipeline verify"), "Rows must be finite"),
     (RuntimeError("secret path /home"), "The server's log has the details")],
)  # fmt: skip
def test_failed_fit_says_why_and_can_be_tried_again(monkeypatch, store, planted, gate, failure, said):
    """An expected failure is shown, an unexpected one only logged; the next try may work."""
    shown = []
    monkeypatch.setattr("dashboard.page.messages.show", lambda *words: shown.append(words))
    gate.failure = failure
    page = ask(run(draw(monkeypatch, store, retrain)), "0.5")
    assert gate.finish(0.5).state is JobState.FAILED
    run(page)
    assert shown[-1][0] == "The fit at C = 0.5 failed"
    assert said in shown[-1][1]
    assert "secret" not in str(shown)
    gate.failure = None
    press(page, "Try again")
    while job := next(iter(display.queue().alive()), None):
        assert job.wait(SOON)
    assert run(page).curves[0][0].C == 0.5


def test_full_queue_refuses_in_words(monkeypatch, store, planted, gate):
    """A visitor too many is told so, and stays where they are."""
    queue = JobQueue(each=0)
    monkeypatch.setattr(display, "queue", lambda: queue)
    page = ask(run(draw(monkeypatch, store, retrain)), "0.5")
    assert "Computations that you wait for must be at most" in page.error[0].value
    assert view(page).asked.C is None


def test_cancelled_work_is_what_the_pipeline_raises():
    """The queue and the pipeline mean the same by cancelling."""
    from pipeline.errors import Cancelled as ByThePipeline

    assert Cancelled is ByThePipeline
