"""One way to ask for what takes long: found, watched, offered, refused, each request in its own place."""

import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.jobs import display, request
from dashboard.jobs.job import JobState
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.request import Instead, Request
from dashboard.jobs.visitor import Visitor
from dashboard.page.view_state import ViewState

SOON = 30.0  # seconds after which a test gives up waiting for a thread


class Shelf:
    """Stand in for a store: what was computed, and what it takes until then."""

    def __init__(self, store):
        self.store, self.made = store, {}
        self.reached, self.go_on = threading.Semaphore(0), threading.Event()
        self.go_on.set()

    def request(self, name, parts=(), **changes):
        """Ask for a thing of some name, which is kept under it."""

        def compute(progress):
            progress(1, 4, "steps")
            self.reached.release()
            assert self.go_on.wait(SOON)
            self.made[name] = f"{name} is here"
            return self.made[name]

        fields = {"find": lambda: self.made.get(name)} | changes
        run = SimpleNamespace(name="planted", command="", finished=True, stages={})
        return Request(self.store, run, name, parts, compute, **fields)


@pytest.fixture
def queue(monkeypatch):
    """Give a queue of the test's own."""
    queue = JobQueue()
    monkeypatch.setattr(display, "queue", lambda: queue)
    return queue


@pytest.fixture
def shelf(store, queue):
    """Nothing there yet; nothing waits."""
    shelf = Shelf(store)
    yield shelf
    shelf.go_on.set()
    finish(queue)


def _page(requests):
    import streamlit as st

    from dashboard.jobs.request import result
    from dashboard.page.address import PENDING

    st.markdown(f"going back to {st.session_state.pop(PENDING, None)}")
    for each in requests:
        st.markdown(f"{each.name}: {result(each)}")


def page_of(*requests):
    """Open a page that asks for these."""
    return drawn(AppTest.from_function(_page, kwargs={"requests": requests}))


def drawn(page):
    """Run the page's script."""
    page.run(timeout=30)
    assert not page.exception
    return page


def press(page, label, which=0):
    """Press a button by its label."""
    [button for button in page.button if button.label == label][which].click()
    return drawn(page)


def spoken(page):
    """Give all that the page says, in its order."""
    return [element.value for element in (*page.markdown, *page.info, *page.error)]


def finish(queue):
    """Wait until nothing is under way, also what followed; give the jobs."""
    jobs = []
    while alive := queue.alive():
        assert alive[0].wait(SOON)
        jobs.append(alive[0])
    return jobs


def test_what_is_there_is_given_without_a_job(shelf, queue):
    """And nothing is offered."""
    shelf.made["Curve"] = "old"
    page = page_of(shelf.request("Curve"))
    assert "Curve: old" in spoken(page)
    assert not page.button
    assert not queue.find(shelf.request("Curve").key)


def test_a_part_of_a_run_that_is_being_made_is_not_offered(shelf):
    """It comes by itself."""
    wanted = shelf.request("Curve", ("key",))
    wanted.run.finished, wanted.run.stages = False, {"curve": "key"}
    page = page_of(wanted, replace(wanted, name="Other", parts=("another key",)))
    assert page.caption[0].value == "Curve is part of this run, which is still being made."
    assert [button.label for button in page.button] == ["Compute other"]


def test_two_on_one_page_are_watched_and_cancelled_apart(shelf, queue):
    """Each has its own button; cancelling the one that waits leaves the other alone."""
    shelf.go_on.clear()
    page = page_of(shelf.request("One"), shelf.request("Two"))
    press(press(page, "Compute one"), "Compute two")
    assert [button.label for button in page.button] == ["Cancel", "Cancel"]
    press(page, "Cancel", 1)
    assert [job.title for job in queue.alive()] == ["One of planted"]
    shelf.go_on.set()
    finish(queue)
    assert "One: One is here" in spoken(drawn(page))
    assert "Two: None" in spoken(page)


def test_what_ends_between_two_looks_is_not_offered_again(shelf, queue):
    """The store was asked a moment before the job ended: the page looks once more instead of offering it."""
    shelf.go_on.clear()
    looks = []

    def find():
        looks.append(shelf.made.get("map"))
        if len(looks) == 1:
            shelf.go_on.set()
            assert job.wait(SOON)
        return looks[-1]

    wanted = shelf.request("map", find=find)
    job = wanted.submit(queue, Visitor("somebody"))
    assert shelf.reached.acquire(timeout=SOON)
    page = page_of(wanted)
    assert looks[0] is None
    assert "map: map is here" in [text.value for text in page.markdown]
    assert not page.button


def test_what_is_quick_is_there_at_once_and_kept_with_its_job(monkeypatch, shelf, queue):
    """Nobody need press anything; the next visitor gets the same."""
    monkeypatch.setattr(request, "BLINK", SOON)
    quick = shelf.request("Axis", find=None)
    assert "Axis: Axis is here" in spoken(page_of(quick))
    shelf.made.clear()
    assert "Axis: Axis is here" in spoken(page_of(quick))
    assert not shelf.made


def test_what_does_not_fit_into_memory_is_refused_when_its_turn_comes(monkeypatch, shelf, queue):
    """Says how much it would take, and how much there is; what takes less is computed."""
    shown = []
    monkeypatch.setattr("dashboard.page.messages.show", lambda *words: shown.append(words))
    monkeypatch.setattr(request.memory, "available", lambda: 3_000_000)
    large, small = (shelf.request("Map", memory=size, subject="A map") for size in (5_000_000, 3_000_000))
    page = press(page_of(large), "Compute map")
    assert finish(queue) or queue.find(large.key)
    drawn(page)
    assert shown[-1][:2] == ("Map failed", "A map must have 5 MB of memory. Got 3 MB.")
    assert not shelf.made
    press(page_of(small), "Compute map")
    finish(queue)
    assert shelf.made


def test_a_refusal_is_said_once_and_in_its_own_place(monkeypatch, shelf):
    """Not where another request of the page is offered."""
    monkeypatch.setattr(display, "queue", lambda: JobQueue(each=0))
    page = press(page_of(shelf.request("One"), shelf.request("Two")), "Compute two")
    (refusal,) = page.error
    assert "Computations that you wait for must be at most" in refusal.value
    order = [element for element in page.main.children.values() if element.type in ("markdown", "error")]
    places = [element.value for element in order]
    assert places.index("One: None") < places.index(refusal.value) < places.index("Two: None")
    assert not drawn(page).error


def test_what_the_address_asks_for_can_be_declined(shelf, queue):
    """Before it is started, and by cancelling; both go back to what is shown."""
    back = ViewState(run="before")
    wanted = shelf.request("Fit", offer="Not there.", instead=Instead("the old one", lambda: back))
    page = page_of(wanted)
    assert "Not there." in [info.value for info in page.info]
    assert f"going back to {back}" in spoken(press(page, "Stay with the old one"))
    shelf.go_on.clear()
    press(page, "Compute fit")
    assert shelf.reached.acquire(timeout=SOON)
    assert f"going back to {back}" in spoken(press(page, "Cancel"))
    shelf.go_on.set()
    assert all(job.state is not JobState.FAILED for job in finish(queue))


def test_what_follows_is_asked_for_once_it_is_there(shelf, queue):
    """For whoever waited; nothing follows what failed."""

    def judge(made):
        return shelf.request(f"Judged: {made}")

    shelf.request("Map", then=judge).submit(queue, Visitor("ada"))
    finish(queue)
    assert list(shelf.made) == ["Map", "Judged: Map is here"]
    shelf.request("Other", then=judge, memory=10**18).submit(queue, Visitor("ada"))
    finish(queue)
    assert len(shelf.made) == 2


def test_one_key_is_one_request(shelf, queue):
    """Whoever asks for it; of another store, or with another part, it is another."""
    shelf.go_on.clear()
    one, same, other = (shelf.request("Curve", parts=parts) for parts in ((1,), (1,), (2,)))
    assert one.submit(queue, Visitor("ada")) is same.submit(queue, Visitor("bob"))
    assert other.submit(queue, Visitor("ada")) is not one.submit(queue, Visitor("ada"))
    shelf.go_on.set()


def test_what_a_page_is_about_starts_by_itself(shelf, queue):
    """Once it is there it is given; who has cancelled it is offered it, and it does not start again by itself."""
    shelf.go_on.clear()
    eager = shelf.request("List", eager=True, offer="The list is not computed.")
    page = page_of(eager)
    assert shelf.reached.acquire(timeout=SOON)
    assert "List: None" in spoken(page)
    queue.cancel(queue.find(eager.key), display.visitor())
    shelf.go_on.set()
    finish(queue)
    shelf.made.clear()
    other = shelf.request("Other list", eager=True)
    page = page_of(other)
    finish(queue)
    assert "Other list: Other list is here" in spoken(drawn(page))


def test_what_has_one_name_may_stand_on_a_page_twice(shelf, queue):
    """Offered, under way and failed; each has its own buttons and messages."""
    shelf.go_on.clear()
    both = [
        shelf.request("Map", (part,), instead=Instead("the old one", ViewState), then=lambda _: 1 / 0)
        for part in (1, 2)
    ]
    page = page_of(*both)
    press(press(page, "Compute map"), "Compute map")
    assert [button.label for button in page.button] == ["Cancel", "Cancel"]
    shelf.go_on.set()
    finish(queue)
    shelf.made.clear()
    labels = [button.label for button in drawn(page).button]
    assert labels == ["Try again", "Stay with the old one"] * 2
    assert len(page.get("html")) == 2
