"""What is the same for all visitors is made once, and forgotten in its turn."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import streamlit as st

from dashboard.run.shared import forget_all, shared


class Made:
    """Functions whose results are shared, and how often each was made."""

    def __init__(self, **limits):
        self.asked = []

        @shared(lambda number, word: number, **limits)
        def make(number, word):
            self.asked.append(number)
            threading.Event().wait(0.02)
            if number < 0:
                raise ValueError(word)
            return f"{number} {word}"

        self.make = make


def test_fifty_visitors_have_it_made_once():
    """All at one moment: who comes while it is made waits for it."""
    made, together = Made(), threading.Barrier(50)

    def visit(number):
        together.wait()
        return made.make(7, f"visitor {number}")

    with ThreadPoolExecutor(50) as visitors:
        assert len(set(visitors.map(visit, range(50)))) == 1
    assert made.asked == [7]


def test_other_things_are_made_apart():
    """As their key says."""
    made = Made()
    assert [made.make(number, "x") for number in (1, 2, 1)] == ["1 x", "2 x", "1 x"]
    assert made.asked == [1, 2]


def test_what_nobody_asked_for_lately_goes_first():
    """There is room for so many."""
    made = Made(most=2)
    for number in (1, 2, 1, 3, 1, 2):
        made.make(number, "x")
    assert made.asked == [1, 2, 3, 2]


def test_room_may_be_counted_in_bytes():
    """What does not fit at all is given, and not kept."""
    made = Made(most=8, size=len)
    for _ in range(2):
        assert made.make(1, "abc") == "1 abc"
        assert made.make(2, "far too long") == "2 far too long"
    assert made.asked == [1, 2, 2]


def test_a_failure_is_not_kept():
    """It may be another the next time."""
    made = Made()
    for _ in range(2):
        with pytest.raises(ValueError, match="damaged"):
            made.make(-1, "damaged")
    assert made.asked == [-1, -1]


def test_no_client_can_have_it_forgotten():
    """As what lies in Streamlit's caches; the process can."""
    made = Made()
    made.make(1, "x")
    st.cache_data.clear()
    st.cache_resource.clear()
    made.make(1, "x")
    assert made.asked == [1]
    forget_all()
    made.make(1, "x")
    assert made.asked == [1, 1]
