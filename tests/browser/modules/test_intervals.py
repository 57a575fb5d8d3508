"""Intervals are the same, whether Python or the browser counts them."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.statistics.intervals import paired_difference
from dashboard.statistics.scores import wilson_interval

pytestmark = pytest.mark.browser

ALL = "(intervals, [name, cases]) => cases.map((counts) => intervals[name](...counts))"


def test_wilsons_interval_is_pythons(run, rng):
    """Of few images and many, and closed at the ends: all right, or all wrong."""
    cases = [(0, 1), (1, 1), (0, 50), (50, 50)]
    cases += [(int(rng.integers(0, n + 1)), int(n)) for n in rng.integers(1, 100_000, 300)]
    got = run(ALL, "data/intervals", ["wilson", cases])
    assert np.allclose(got, [wilson_interval(*case) for case in cases], rtol=1e-12, atol=1e-15)


def test_the_interval_of_a_difference_is_pythons(run, rng):
    """Of paired answers: nothing changed, everything changed, and all between."""
    cases = [(0, 0, 1), (1, 0, 1), (0, 1, 1), (50, 0, 50), (0, 50, 50)]
    for n in rng.integers(1, 100_000, 300).tolist():
        fixed = int(rng.integers(0, n + 1))
        cases.append((fixed, int(rng.integers(0, n - fixed + 1)), n))
    got = run(ALL, "data/intervals", ["pairedDifference", cases])
    expected = [(gain.low, gain.high) for gain in (paired_difference(*case) for case in cases)]
    assert np.allclose(got, expected, rtol=1e-12, atol=1e-15)
