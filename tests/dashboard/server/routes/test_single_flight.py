"""Made once, though many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from dashboard.server.routes.single_flight import Once


def test_who_asks_meanwhile_waits_for_the_same_result():
    """Four ask at the same time, one makes it, all get it."""
    once, begun, go, made = Once(2), Event(), Event(), []

    def make() -> bytes:
        made.append(1)
        begun.set()
        go.wait(30)
        return b"result"

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(once.get, "name", make) for _ in range(4)]
        begun.wait(30)
        go.set()
        assert [answer.result() for answer in answers] == [b"result"] * 4
    assert len(made) == 1


def test_the_last_results_are_kept():
    """The one asked for least lately is made again."""
    once, made = Once(2), []
    for name in ("a", "b", "a", "c", "a", "b"):
        once.get(name, lambda name=name: made.append(name) or name.encode())
    assert made == ["a", "b", "c", "b"]


def test_a_failure_is_not_kept():
    """Everybody hears of it, and the next one may have more luck."""
    once = Once(2)

    def fail() -> bytes:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        once.get("name", fail)
    assert once.get("name", lambda: b"now") == b"now"
