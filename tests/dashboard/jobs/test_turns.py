"""Strangers on the link: nobody takes the queue from the others."""

import threading
from contextlib import suppress

import pytest

from dashboard.jobs.job import JobState, QueueFull, TooLong
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor, place_of

ADA, BOB = Visitor("ada", "192.0.2.1"), Visitor("bob", "192.0.2.2")
SOON = 10.0


class Line:
    """A queue whose jobs wait until the test lets them run, and what ran."""

    def __init__(self, **limits):
        self.now, self.ran = 0.0, []
        self.queue = JobQueue(lambda: self.now, **limits)
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    def ask(self, name, visitor):
        """Ask for a job of some name."""

        def work(progress):
            self.ran.append(name)
            self.begun.release()
            assert self.go_on.acquire(timeout=SOON)
            progress(1, 2, "steps")

        return self.queue.submit(name, name, work, visitor)

    def step(self):
        """Let the job that runs end, and the next begin."""
        job, *following = self.queue.alive()
        assert self.begun.acquire(timeout=SOON)
        self.go_on.release()
        assert job.wait(SOON)
        return following

    def names(self):
        """Name the jobs in their order."""
        return [job.key for job in self.queue.alive()]


@pytest.fixture
def line():
    """Give the queue as the dashboard has it."""
    line = Line()
    yield line
    while line.step():
        pass


def test_one_visitor_has_two_jobs_at_a_time(line):
    """The third is refused, in words that say where the two are; whoever else asks is served."""
    line.ask("a1", ADA)
    line.ask("b1", BOB)
    line.ask("a2", ADA)
    with pytest.raises(QueueFull) as refusal:
        line.ask("a3", ADA)
    assert "Yours are the one being computed and number 2 in the queue" in refusal.value.message
    assert line.ask("b1", ADA).key == "b1"  # to wait for what is under way costs nothing
    assert line.names() == ["a1", "b1", "a2"]
    line.ask("b2", BOB)


def test_a_cancelled_job_counts_no_more(line):
    """Also one that has yet to stop."""
    first, second = line.ask("a1", ADA), line.ask("a2", ADA)
    line.queue.cancel(second, ADA)
    line.ask("a3", ADA)
    line.queue.cancel(first, ADA)
    line.ask("a4", ADA)
    assert line.names() == ["a1", "a3", "a4"]


def test_whoever_cancels_what_others_ask_for_has_room_again(line):
    """It is theirs from now on."""
    line.ask("shared", ADA)
    line.ask("a2", ADA)
    shared = line.ask("shared", BOB)
    assert not line.queue.cancel(shared, ADA)
    line.ask("a3", ADA)


def test_visitors_take_turns(line):
    """Whoever has asked for less comes before whoever has asked for more; in this order they run."""
    for name, visitor in (("a1", ADA), ("a2", ADA), ("b1", BOB), ("b2", BOB), ("c1", Visitor("cy", "c"))):
        line.ask(name, visitor)
    expected = ["a1", "c1", "b1", "a2", "b2"]
    assert line.names() == expected
    while line.step():
        pass
    assert line.ran == expected
    line.ask("end", ADA)


def test_tabs_of_one_address_share_its_turn(line):
    """Ten of them are no more than one; where all have one address, tabs take turns."""
    for tab in range(10):
        line.ask(f"a{tab}", Visitor(f"tab {tab}", ADA.address))
    line.ask("b", BOB)
    assert line.names()[:3] == ["a0", "b", "a1"]


def test_thirty_strangers_do_not_lock_the_next_one_out():
    """Each has asked for two, and asks again: the honest one is next, the last in turn makes room and is told so."""
    line = Line()
    strangers = [Visitor(f"tab {number}") for number in range(30)]
    for name in "ab":
        for stranger in strangers:
            with suppress(QueueFull):
                line.ask(stranger.session + name, stranger)
    assert len(line.names()) == 21
    for _ in range(21):
        for stranger in strangers[:20]:
            with suppress(QueueFull):
                line.ask(f"{stranger.session} {len(line.ran)}", stranger)
        line.step()
    honest = line.ask("honest", Visitor("honest"))
    assert line.queue.report(honest).ahead <= 3
    assert len(line.names()) <= 21
    while line.step():
        pass
    assert honest.state is JobState.DONE


def test_one_address_cannot_fill_the_queue(line):
    """Twenty-one tabs have: the next address gets in and is next; the last of them is refused, and told why."""
    jobs = [line.ask(f"a{tab}", Visitor(f"tab {tab}", ADA.address)) for tab in range(21)]
    line.ask("b", BOB)
    assert line.names()[1] == "b"
    assert jobs[-1].state is JobState.FAILED
    assert "visitors take turns" in jobs[-1].error.message


def test_somebody_with_one_request_is_not_behind_those_who_ask_without_an_end():
    """Nothing tells thirty strangers from honest people but how often they ask: more than half are refused."""
    line = Line()
    for attempt in range(4):
        for number in range(30):
            with suppress(QueueFull):
                line.ask(f"{number} {attempt}", Visitor(f"tab {number}"))
    honest = line.ask("honest", Visitor("honest"))
    assert line.queue.report(honest).ahead == 1
    assert len(line.names()) == 21
    while line.step():
        pass
    assert honest.state is JobState.DONE


@pytest.mark.parametrize("asked", [1, 2, 10])
def test_nobody_waits_for_ever_behind_newcomers(asked):
    """However many come and however often they asked, whoever has had a turn has another after a while."""
    line = Line()
    line.ask("first", ADA)
    line.ask("again", ADA)
    for _ in range(asked):
        with suppress(QueueFull):
            line.ask("no room", ADA)
    for number in range(60):
        line.ask(f"new {number}", Visitor(f"tab {number}"))
        line.step()
        line.now += 2.0
    assert "again" in line.ran
    while line.step():
        pass


def test_a_job_may_take_ten_minutes_while_others_wait():
    """Then it ends at its next word, and says why; alone it may take any time."""
    line = Line(limit=600.0)
    alone = line.ask("alone", ADA)
    assert line.begun.acquire(timeout=SOON)
    line.now += 10_000.0
    line.go_on.release()
    assert alone.wait(SOON)
    assert alone.state is JobState.DONE
    long = line.ask("long", ADA)
    assert line.begun.acquire(timeout=SOON)
    line.ask("short", BOB)
    line.now += 601.0
    line.go_on.release()
    assert long.wait(SOON)
    assert isinstance(long.error, TooLong)
    assert "10 minutes" in long.error.message
    line.step()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (None, ""),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("testclient", ""),
    ],
)
def test_place_of_an_address(address, place):
    """Of IPv6 a whole network is one visitor's."""
    assert place_of(address) == place
