"""Numbers read the same, whether Python or the browser writes them."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.run.table import moment
from dashboard.wording import numbers

pytestmark = pytest.mark.browser

WRITE = "(numbers, [name, values]) => values.map((value) => numbers[name](value))"
MISSING = "(numbers) => ['percent', 'score', 'signed', 'points'].map((name) => numbers[name](NaN))"


def shares(rng: np.random.Generator) -> list[float]:
    """Shares of small numbers of images, where halves fall between two words, and others."""
    halves = [k / n for n in (8, 16, 80, 160, 800, 2000) for k in range(n + 1)]
    return [*halves, *rng.random(2000).tolist(), 1e-9, 0.0]


@pytest.mark.parametrize("name", ["percent", "score", "signed", "points"])
def test_python_and_the_browser_write_the_same(run, rng, name):
    """Halves, tiny numbers and negative ones included."""
    positive = shares(rng)
    values = [*positive, *(-value for value in positive), *(rng.normal(size=2000) * 30).tolist()]
    assert run(WRITE, "data/numbers", [name, values]) == [getattr(numbers, name)(value) for value in values]


def test_distances_have_three_digits_on_both_sides(run, rng):
    """From a ten-thousandth to a hundred thousand."""
    values = [*(10 ** rng.uniform(-4, 5, 3000)).tolist(), 9.995, 9.999, 999.9, 1000.0, 2.125, 1234.5, 0.5]
    assert run(WRITE, "data/numbers", ["distance", values]) == [numbers.distance(value) for value in values]


def test_numbers_of_a_table_read_the_same_on_both_sides(run, rng):
    """Whole ones as they are, others with six digits, of any size."""
    values = [*(rng.normal(size=2000) * 10 ** rng.uniform(-12, 25, 2000)).tolist(), *range(-3, 2050, 7)]
    values += [0.0, -0.0, 1e15, 1e21, 123456789.0, 2.0**53, 1e-6, 9.999999e-7, 0.1, 99999.95]
    assert run(WRITE, "data/numbers", ["number", values]) == [numbers.number(value) for value in values]


def test_dates_of_a_table_read_the_same_on_both_sides(run, rng):
    """Days, minutes, seconds, and the rest."""
    sizes = (86_400_000, 60_000, 1000, 1)
    values = [
        int(value) * size for size in sizes for value in rng.integers(-(10**12) // size, 10**12 // size, 300)
    ]
    write = "({ valueWords }, values) => values.map((value) => valueWords('date', value))"
    expected = [moment(np.datetime64(value, "ms")) for value in values]
    assert run(write, "data/attributes", values) == expected


def test_counts_have_their_thousands_apart_on_both_sides(run, rng):
    """Up to millions; estimates are rounded to whole ones, halves to even."""
    values = [0, 1, 999, 1000, 158.813, 0.5, 1.5, 2.5, 1234.49, *rng.integers(0, 10**7, 500).tolist()]
    assert run(WRITE, "data/numbers", ["thousands", values]) == [numbers.thousands(value) for value in values]


def test_intervals_and_missing_numbers_read_the_same(run):
    """What cannot be measured is a dash, and a margin "none", on both sides."""
    assert run("(numbers) => numbers.interval(0.9185, 0.951)", "data/numbers", None) == numbers.interval(
        0.9185, 0.951
    )
    nan = float("nan")
    assert run(MISSING, "data/numbers", None) == [
        write(nan) for write in (numbers.percent, numbers.score, numbers.signed, numbers.points)
    ]


def test_differences_read_the_same(run):
    """With a sign, and a true minus."""
    values = [0, 3, -1, 1200, -4500]
    write = "({ difference }, values) => values.map(difference)"
    assert run(write, "widgets/matrix_drawing", values) == [numbers.difference(value) for value in values]
