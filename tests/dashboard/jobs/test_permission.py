"""Who may have something computed or saved: everybody, whoever has some of the budget left, or nobody."""

from __future__ import annotations

import threading

import pytest

from cache import LazybonesError
from dashboard.jobs import queue as queues
from dashboard.jobs.job import JobState
from dashboard.jobs.permission import LEAST, PERIOD, Permission, Refused, payer_of
from dashboard.jobs.queue import JobQueue
from dashboard.jobs.visitor import Visitor
from dashboard.run import mode
from dashboard.run.mode import Mode

ADA, BOB, EVE = Visitor("ada", "192.0.2.1"), Visitor("bob", "192.0.2.2"), Visitor("eve", "192.0.2.3")
OTHER_TAB = Visitor("another", ADA.address)
SOON = 10.0


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No host, and nothing said; each test says what it needs."""
    for name in ("PORT", "FORWARDED_ALLOW_IPS", mode.VARIABLE, mode.BUDGET):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def explore(monkeypatch):
    """Ten seconds an hour each, 25 for all."""
    monkeypatch.setenv(mode.VARIABLE, "explore")
    monkeypatch.setenv(mode.BUDGET, "10 25")


class Hours:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Give the seconds."""
        return self.now


@pytest.fixture
def hours():
    """Give the clock."""
    return Hours()


@pytest.fixture
def allowed(hours):
    """Give what is asked, by that clock."""
    return Permission(hours)


@pytest.mark.parametrize(
    ("port", "address", "expected"),
    [
        ("", "127.0.0.1", Mode.FULL),
        ("", "localhost", Mode.FULL),
        ("", "::1", Mode.FULL),
        ("8080", "127.0.0.1", Mode.EXPLORE),
        ("", "0.0.0.0", Mode.EXPLORE),  # noqa: S104  # nobody listens
        ("", "192.0.2.7", Mode.EXPLORE),
        ("", None, Mode.EXPLORE),
    ],
)
def test_who_reaches_the_server_decides_where_nobody_says(monkeypatch, port, address, expected):
    """A host's server and one that listens to the network are for strangers; without an address it listens to all."""
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr(mode.st, "get_option", lambda name: {"server.address": address}[name])
    assert mode.mode() is expected


@pytest.mark.parametrize("said", Mode)
def test_what_is_said_holds(monkeypatch, said):
    """Also on a host."""
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv(mode.VARIABLE, said.value)
    assert mode.mode() is said


@pytest.mark.parametrize("said", ["readonly", "Full", "demo"])
def test_another_mode_is_refused_with_those_there_are(monkeypatch, said):
    """Not taken for one that allows more."""
    monkeypatch.setenv(mode.VARIABLE, said)
    with pytest.raises(LazybonesError, match=r"full, explore, read-only\. Got") as error:
        mode.check()
    assert said in str(error.value)


@pytest.mark.parametrize("said", ["10", "10 0", "ten 20", "10 20 30", "-1 5"])
def test_a_budget_is_two_numbers(monkeypatch, said):
    """Of seconds, each above 0: for none at all there is a mode."""
    monkeypatch.setenv(mode.BUDGET, said)
    with pytest.raises(LazybonesError, match="two whole numbers"):
        mode.check()


def test_alone_with_a_machine_nothing_is_counted(allowed, monkeypatch):
    """Whatever was spent before."""
    monkeypatch.setenv(mode.VARIABLE, "full")
    allowed.charge(ADA, 1e9)
    assert allowed.refusal(ADA) is None


@pytest.mark.usefixtures("explore")
def test_a_visitor_has_so_much_and_the_others_theirs(allowed, hours):
    """The sentence says when there is some again, and then there is."""
    allowed.charge(ADA, 6)
    hours.now += 600
    assert allowed.refusal(ADA) is None
    allowed.charge(ADA, 6)  # what was begun with something left may end
    refused = allowed.refusal(ADA)
    assert "Each visitor has 10 seconds of computing an hour" in refused.message
    assert "some again in 50 minutes" in refused.message
    assert allowed.refusal(OTHER_TAB).message == refused.message
    assert allowed.refusal(BOB) is None
    hours.now += refused.again
    assert allowed.refusal(ADA) is None


@pytest.mark.usefixtures("explore")
def test_all_have_so_much_together(allowed, hours):
    """Also those who have asked for nothing yet."""
    for visitor in (ADA, BOB, Visitor("", "")):  # the last is known by nothing
        allowed.charge(visitor, 9)
    refused = allowed.refusal(EVE)
    assert "All visitors together have 25 seconds of computing an hour" in refused.message
    hours.now += PERIOD
    assert allowed.refusal(EVE) is None
    assert not allowed._sums[None]


@pytest.mark.usefixtures("explore")
def test_small_things_count_so_what_is_remembered_has_an_end(allowed):
    """An hour of them has no more than the budget holds."""
    asked = 0
    while allowed.refusal(Visitor(f"{asked}")) is None:
        allowed.charge(Visitor(f"{asked}"), 0.0)
        asked += 1
    assert asked <= 25 / LEAST + 1


@pytest.mark.parametrize(
    ("port", "proxies", "payer"),
    [("", "", ADA.address), ("8080", "", ADA.session), ("8080", "*", ADA.address)],
)
def test_who_pays_is_who_can_be_told_apart(monkeypatch, port, proxies, payer):
    """Behind a host's proxy that nobody has named, all have one address."""
    monkeypatch.setenv("PORT", port)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", proxies)
    assert payer_of(ADA) == payer
    assert payer_of(Visitor("tab", "")) == "tab"


def test_read_only_computes_for_nobody(allowed, monkeypatch):
    """Now or later."""
    monkeypatch.setenv(mode.VARIABLE, "read-only")
    with pytest.raises(Refused, match="read-only") as refused:
        allowed.check(ADA)
    assert refused.value.again == 0


@pytest.fixture
def queue(monkeypatch, allowed, hours):
    """Give a queue that asks, and a way to have something computed that takes so many seconds."""
    monkeypatch.setattr(queues, "permission", lambda: allowed)
    queue = JobQueue(hours)

    def compute(name, visitor, seconds=0.0):
        def work(progress):
            hours.now += seconds
            progress(1, 2, "steps")

        job = queue.submit(name, name, work, visitor)
        assert job.wait(SOON)
        return job

    queue.compute = compute
    return queue


@pytest.mark.usefixtures("explore")
def test_what_the_queue_computes_is_counted(queue, allowed):
    """To whom has asked first; then the next is refused before it begins."""
    assert queue.compute("a", ADA, 10).state is JobState.DONE
    with pytest.raises(Refused):
        queue.compute("b", ADA)
    assert queue.compute("b", BOB).state is JobState.DONE
    assert allowed.refusal(ADA)


@pytest.mark.usefixtures("explore")
def test_joining_costs_nothing_and_needs_nothing(queue, allowed, hours):
    """Who has spent all still waits for what another has asked for."""
    allowed.charge(BOB, 10)
    begun, go_on = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        assert go_on.wait(SOON)
        hours.now += 3

    job = queue.submit("long", "long", work, ADA)
    assert begun.wait(SOON)
    assert queue.submit("long", "long", work, BOB) is job
    go_on.set()
    assert job.wait(SOON)
    assert job.payer == ADA
    assert allowed._sums[BOB.address] == 10


@pytest.mark.usefixtures("explore")
def test_one_computation_takes_no_more_than_a_visitor_has(queue):
    """It ends at its next word, and says why; what it took counts."""
    job = queue.compute("endless", ADA, 11)
    assert job.state is JobState.FAILED
    assert "an hour here, which is 10 seconds" in str(job.error)
    with pytest.raises(Refused):
        queue.compute("b", ADA)


def test_in_read_only_no_queue_begins_anything(queue, monkeypatch):
    """Not even a thread."""
    monkeypatch.setenv(mode.VARIABLE, "read-only")
    before = threading.active_count()
    with pytest.raises(Refused):
        queue.compute("a", ADA)
    assert queue.alive() == []
    assert threading.active_count() == before
