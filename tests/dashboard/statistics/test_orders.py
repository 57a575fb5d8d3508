"""Orders of images against sorting one by one."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.orders import ORDERS, Known, natural, places

N = 60


def known(rng, **less) -> Known:
    """Images with ties in everything."""
    margin, ahead = (np.round(rng.normal(size=N), 1).astype(np.float32) for _ in range(2))
    names = [f"img{number}.png" for number in rng.integers(0, 200, N)]
    told = {
        "margin": margin,
        "ahead": np.abs(ahead),
        "correct": margin > 0,
        "distance": partial(np.copy, np.round(rng.random(N), 1)),
    }
    return Known(**{**told, **less}, names=lambda: names)


def by_hand(found: Known, order: str) -> list[int]:
    """Sort by inserting each image before the first that comes after it."""
    names = found.names()

    def key(i: int) -> tuple:
        return {
            "margin": (found.margin[i],),
            "sure": (bool(found.correct[i]), -found.ahead[i]),
            "unsure": (found.ahead[i],),
            "typical": (found.distance()[i],),
            "unusual": (-found.distance()[i],),
            "name": (int(names[i][3:-4]),),
        }[order]

    listed: list[int] = []
    for i in range(N):
        place = next((p for p, other in enumerate(listed) if key(i) < key(other)), len(listed))
        listed.insert(place, i)
    return listed


@pytest.mark.parametrize("order", ORDERS)
def test_each_order_is_that_of_sorting_by_hand(rng, order):
    """Ties keep their order."""
    found = known(rng)
    assert places(found, order).tolist() == by_hand(found, order)


def test_an_order_that_nothing_is_known_for_is_not_offered(rng):
    """Without a classifier, without neighbours; a name they all have."""
    assert known(rng).orders == ORDERS
    assert known(rng, distance=None).orders == ("margin", "sure", "unsure", "name")
    bare = known(rng, margin=None, ahead=None, correct=None, distance=None)
    assert bare.orders == ("name",)
    with pytest.raises(ValueError, match=r"order must be one of name\. Got 'sure'"):
        places(bare, "sure")


def test_names_are_sorted_as_people_do():
    """Numbers by their value, however long; letters whatever their case."""
    names = ["b", "img10", "img9", "A", "img09x", "IMG 2", "9", "\N{SUPERSCRIPT TWO}", "1" * 5000, "", "10"]
    ordered = sorted(names, key=natural)
    assert ordered == [
        "",
        "9",
        "10",
        "1" * 5000,
        "A",
        "b",
        "img9",
        "img09x",
        "img10",
        "IMG 2",
        "\N{SUPERSCRIPT TWO}",
    ]


@given(st.lists(st.text(max_size=8), max_size=8))
def test_any_names_can_be_sorted(names):
    """Whatever characters they have; the order is total."""
    ordered = sorted(names, key=natural)
    assert all(natural(a) <= natural(b) for a, b in itertools.pairwise(ordered))
