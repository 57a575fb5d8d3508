"""Which class has which colour: nothing that is confused looks alike."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from pipeline.colours.assignment import assign
from pipeline.colours.palette import FAMILIES, PALETTE
from pipeline.colours.sight import SIGHTS, distances

SEEN = {sight: distances(PALETTE, sight) for sight in SIGHTS}


def family(colour):
    """The hue family of a colour."""
    return PALETTE.index(colour) % FAMILIES


def apart(one, other):
    """How far apart two colours are: to most eyes, and to those that see least."""
    seen = [table[PALETTE.index(one), PALETTE.index(other)] for table in SEEN.values()]
    return (seen[0] + min(seen)) / 2


LEAST = min(apart(*two) for two in combinations(PALETTE, 2) if family(two[0]) != family(two[1]))


def confused(k, pairs):
    """A matrix with a few confusions everywhere, and many of some pairs."""
    matrix = np.ones((k, k), np.int64)
    for one, other in pairs:
        matrix[one, other] = 50
    return matrix


def cost(matrix, colours):
    """What is to be small, in words of the docstring, with a tenth of all confusions spread over all pairs."""
    k, both = len(matrix), matrix + matrix.T
    pairs = list(combinations(range(k), 2))
    floor = sum(both[pair] for pair in pairs) / 10 / len(pairs)
    near = [
        10 / LEAST if family(colours[i]) == family(colours[j]) else 1 / apart(colours[i], colours[j])
        for i, j in pairs
    ]
    return sum((both[pair] + floor) * close for pair, close in zip(pairs, near, strict=True))


@pytest.mark.parametrize("k", [12, 16, 20])
def test_confused_classes_share_no_family(k):
    """Where the order of the classes would give each confused pair one hue."""
    pairs = [(label, label + FAMILIES) for label in range(k - FAMILIES)]
    colours = assign(confused(k, pairs))
    assert len(set(colours)) == k
    assert not any(family(colours[one]) == family(colours[other]) for one, other in pairs)


def test_any_order_of_the_classes_keeps_the_confused_apart(rng):
    """The pairs that are confused most have hues of their own, and are seen apart by everybody."""
    pairs = [(0, 1), (1, 2), (3, 4), (5, 15), (6, 16), (7, 8), (8, 9)]
    for _ in range(10):
        order = rng.permutation(18)
        colours = assign(confused(18, [(order[one], order[other]) for one, other in pairs]))
        for one, other in pairs:
            two = colours[order[one]], colours[order[other]]
            assert family(two[0]) != family(two[1])
            assert apart(*two) > 0.15


@pytest.mark.parametrize("k", [5, 10, 17])
def test_no_swap_would_help(rng, k):
    """Of two classes' colours, or of one with a colour that nobody has; nor was it by luck."""
    matrix = rng.poisson(2, (k, k)) * rng.integers(0, 9, (k, k))
    colours = assign(matrix)
    own = cost(matrix, colours)
    free = [colour for colour in PALETTE[: 10 if k <= 10 else 20] if colour not in colours]
    for one, other in combinations(range(k), 2):
        swapped = [*colours]
        swapped[one], swapped[other] = colours[other], colours[one]
        assert cost(matrix, swapped) > own * 0.999
    for label in range(k):
        for colour in free:
            assert cost(matrix, [*colours[:label], colour, *colours[label + 1 :]]) > own * 0.999
    assert own < min(cost(matrix, rng.permutation(colours).tolist()) for _ in range(20))


def test_it_is_always_the_same():
    """Of one matrix, and of how often two classes were confused, whichever was taken for the other."""
    matrix = confused(14, [(0, 1), (2, 9)])
    assert assign(matrix) == assign(matrix.copy()) == assign(matrix.T)


@pytest.mark.parametrize("k", [0, 1, 2, 10, 11, 20])
def test_up_to_twenty_classes_have_their_own(k):
    """Even if nothing is confused; up to ten have hues of their own."""
    colours = assign(np.eye(k, dtype=np.int64))
    assert len(colours) == len(set(colours)) == k
    assert k > FAMILIES or len(set(map(family, colours))) == k


def test_more_share_them_evenly(rng):
    """No colour is given once more than is needed, and never to two that are confused."""
    pairs = [(label, label + 20) for label in range(30)]
    colours = assign(confused(50, pairs))
    assert max(Counter(colours).values()) <= 3
    assert not any(family(colours[one]) == family(colours[other]) for one, other in pairs)
