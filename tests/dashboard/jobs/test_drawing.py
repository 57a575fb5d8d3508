"""Few pages are drawn at one time, and whoever waits for something else lets others draw."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.jobs.drawing import Drawing
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor

SOON = 10.0


class Watched:
    """Counts who draws at one time."""

    def __init__(self, most):
        self.drawing, self.now, self.most = Drawing(most), 0, 0
        self.lock = threading.Lock()

    def draw(self, act=lambda: threading.Event().wait(0.005)):
        """Draw a page."""
        with self.drawing.turn():
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            act()
            with self.lock:
                self.now -= 1


def test_fifty_pages_are_drawn_a_few_at_a_time():
    """And all of them are."""
    watched = Watched(3)
    with ThreadPoolExecutor(50) as visitors:
        assert len(list(visitors.map(lambda _: watched.draw(), range(50)))) == 50
    assert watched.most == 3


def test_who_waits_lets_the_next_one_draw():
    """Even where there is only one turn: what is waited for is another page."""
    watched, done = Watched(1), threading.Event()

    def wait():
        with watched.drawing.waiting():
            assert done.wait(SOON)

    with ThreadPoolExecutor(2) as visitors:
        first = visitors.submit(watched.draw, wait)
        visitors.submit(watched.draw, done.set)
        first.result(SOON)


def test_a_page_that_fails_gives_its_turn_back():
    """As does one whose wait does."""
    drawing = Drawing(1)
    with pytest.raises(ValueError, match="page"), drawing.turn():
        raise ValueError("page")
    with pytest.raises(ValueError, match="wait"), drawing.turn(), drawing.waiting():
        raise ValueError("wait")
    with drawing.turn():
        pass


def test_who_has_no_turn_waits_as_ever():
    """A job's own thread, or a request for a file."""
    drawing = Drawing(1)
    with drawing.waiting(), drawing.turn():
        pass
    with drawing.turn():
        pass


def test_a_page_that_waits_for_a_job_has_no_turn_meanwhile(monkeypatch):
    """So jobs that pages wait for stop nobody from drawing."""
    drawing = Drawing(1)
    monkeypatch.setattr("dashboard.jobs.job.drawing", lambda: drawing)
    queue, go_on = JobQueue(), threading.Event()
    job = queue.submit("key", "work", lambda _: go_on.wait(SOON), Visitor("ada"))

    def page():
        with drawing.turn():
            return job.wait(SOON)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(page)
        with drawing.turn():  # while the other waits
            go_on.set()
        assert waiting.result(SOON)
