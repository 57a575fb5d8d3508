"""Garbage is collected after pages, not during them, and not after each."""

import gc
import weakref

import pytest

from dashboard.workarounds.garbage_collection import SECONDS_AFTER, SECONDS_BETWEEN, Collector, keep_modules


class Waiting:
    """Stands in for a timer: remembers what it was asked to call."""

    def __init__(self):
        self.asked = []

    def later(self, seconds, act):
        """Note it."""
        self.asked.append((seconds, act))


def test_a_collection_comes_after_a_page_and_then_not_for_a_while():
    """Many pages in a moment are one collection; a page soon after it has its own when the pause is over."""
    now, later = [100.0], Waiting()
    collector = Collector(lambda: now[0], later.later)
    for _ in range(5):
        collector.soon()
    [(seconds, collect)] = later.asked
    assert seconds == SECONDS_AFTER
    collect()
    now[0] += 2
    for _ in range(5):
        collector.soon()
    assert [seconds for seconds, _ in later.asked[1:]] == [SECONDS_BETWEEN - 2]


def test_whoever_leaves_last_is_collected_too():
    """What is asked for while a collection runs is not forgotten."""
    later = Waiting()
    collector = Collector(lambda: 0.0, later.later)
    collector.soon()
    later.asked[0][1]()
    collector.soon()
    assert len(later.asked) == 2


def test_a_page_itself_collects_nothing(monkeypatch):
    """The visitor does not wait for it."""
    monkeypatch.setattr(gc, "collect", lambda *_: pytest.fail("collected"))
    Collector(lambda: 0.0, Waiting().later).soon()


def test_what_is_there_before_anybody_comes_is_set_aside_once(monkeypatch):
    """Not what the first visitors hold: that would never be freed."""
    done, now, later = [], [0.0], Waiting()
    monkeypatch.setattr(gc, "collect", lambda *_: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    keep_modules()
    collector = Collector(lambda: now[0], later.later)
    for _ in range(3):
        collector.soon()
        later.asked[-1][1]()
        now[0] += 2 * SECONDS_BETWEEN
    assert done == ["collect", "freeze", "collect", "collect", "collect"]


def test_memory_is_given_back(monkeypatch):
    """What is freed would stay with the C library."""
    given = []
    monkeypatch.setattr("dashboard.workarounds.garbage_collection.memory.give_back", lambda: given.append(1))
    Collector(later=lambda _, act: act()).soon()
    assert given == [1]


def test_cycles_are_gone_after_a_collection():
    """A cycle that a page left does not outlive it by much."""

    class Node:
        """Holds itself."""

    node = Node()
    node.itself, seen = node, weakref.ref(node)
    del node
    Collector(later=lambda _, act: act()).soon()
    assert seen() is None
