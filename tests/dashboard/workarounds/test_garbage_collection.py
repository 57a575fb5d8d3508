"""Garbage is collected after pages, not during them, and not after each."""

import gc
import weakref

from dashboard.workarounds.garbage_collection import SECONDS_AFTER, SECONDS_BETWEEN, Collector


class Waiting:
    """Stands in for a timer: remembers what it was asked to call."""

    def __init__(self):
        self.asked = []

    def later(self, seconds, act):
        """Note it."""
        self.asked.append((seconds, act))


def test_a_collection_comes_after_a_page_and_then_not_for_a_while():
    """Many pages in a moment are one collection; a page after the pause is the next."""
    now, later = [100.0], Waiting()
    collector = Collector(lambda: now[0], later.later)
    for _ in range(5):
        collector.page_drawn()
    assert [seconds for seconds, _ in later.asked] == [SECONDS_AFTER]
    now[0] += SECONDS_BETWEEN - 0.1
    collector.page_drawn()
    assert len(later.asked) == 1
    now[0] += 0.2
    collector.page_drawn()
    assert len(later.asked) == 2


def test_a_page_itself_collects_nothing(monkeypatch):
    """The visitor does not wait for it."""
    monkeypatch.setattr(gc, "collect", lambda *_: (_ for _ in ()).throw(AssertionError("collected")))
    Collector(lambda: 0.0, Waiting().later).page_drawn()


def test_what_the_first_page_leaves_is_kept_once(monkeypatch):
    """Modules are set aside after the first page; what later pages leave is collected for ever."""
    done, now, later = [], [0.0], Waiting()
    monkeypatch.setattr(gc, "collect", lambda *_: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    collector = Collector(lambda: now[0], later.later)
    for _ in range(3):
        collector.page_drawn()
        now[0] += 2 * SECONDS_BETWEEN
    for _, act in later.asked:
        act()
    assert done == ["collect", "freeze", "collect", "collect"]


def test_cycles_are_gone_after_a_collection(monkeypatch):
    """A cycle that a page left does not outlive it by much."""
    monkeypatch.setattr(gc, "freeze", lambda: None)  # the other tests' objects are not ours to keep

    class Node:
        """Holds itself."""

    collector = Collector(later=lambda _, act: act())
    collector.page_drawn()
    collector._next = 0.0
    node = Node()
    node.itself, seen = node, weakref.ref(node)
    del node
    collector.page_drawn()
    assert seen() is None
