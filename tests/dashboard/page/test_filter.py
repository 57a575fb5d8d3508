"""A filter lets exactly those images pass that satisfy every wish, one image after the other."""

from __future__ import annotations

import numpy as np
import pytest

from cache.columns import Column
from dashboard.page.filter import COLUMN, Filter, Images, Where
from dashboard.page.query import Between

K, N = 4, 60


@pytest.fixture
def images(rng) -> Images:
    """Images with everything that can be known of them, some of it missing."""
    true, predicted = rng.integers(0, K, (2, N))
    margin = rng.normal(size=N)
    margin[::7] = np.nan
    price = rng.integers(0, 50, N).astype(float)
    price[::5] = np.nan
    day = np.datetime64("2026-01-01", "ms") + rng.integers(0, 90, N) * np.timedelta64(1, "D")
    day[::6] = np.datetime64("NaT")
    note = np.array([None if row % 4 == 0 else f"Note {row % 9} (é)" for row in range(N)], object)
    columns = (
        Column("weather", "category", rng.integers(-1, 3, N).astype(np.int16), ("sun", "rain", "fog")),
        Column("price", "number", price),
        Column("day", "date", day),
        Column("note", "text", note),
    )
    flips = rng.integers(0, 3, N)
    return Images(
        true, [f"Image_{row:03}.png" for row in range(N)], predicted, margin,
        {column.name: column for column in columns}, flips == 1, flips == 2,
    )  # fmt: skip


FEBRUARY = (1769904000000.0, 1772323199999.0)
CASES = {
    "all": (Filter(), lambda i, r: True),
    "classes": (Filter(true=(0, 2)), lambda i, r: i.true[r] in (0, 2)),
    "cell": (Filter((1,), (3,)), lambda i, r: i.true[r] == 1 and i.predicted[r] == 3),
    "wrong": (Filter(outcome="wrong"), lambda i, r: i.true[r] != i.predicted[r]),
    "right": (Filter(outcome="correct"), lambda i, r: i.true[r] == i.predicted[r]),
    "margin": (Filter(margin=(-0.5, 0.5)), lambda i, r: -0.5 <= i.margin[r] <= 0.5),
    "open margin": (Filter(margin=(None, 0.0)), lambda i, r: i.margin[r] <= 0),
    "name": (Filter(text="GE_01"), lambda i, r: 10 <= r < 20),
    "text of a column": (Filter(text="note 3 ("), lambda i, r: r % 9 == 3 and r % 4 != 0),
    "fixed": (Filter(flips="fixed"), lambda i, r: i.fixed[r]),
    "broke": (Filter(flips="broke"), lambda i, r: i.broke[r]),
    "flips": (Filter(flips="both"), lambda i, r: i.fixed[r] or i.broke[r]),
    "category": (
        Filter(where=((COLUMN + "weather", (0, 2)),)),
        lambda i, r: i.columns["weather"].values[r] in (0, 2),
    ),
    "number": (
        Filter(where=((COLUMN + "price", (5.0, None)),)),
        lambda i, r: i.columns["price"].values[r] >= 5,
    ),
    "date": (
        Filter(where=((COLUMN + "day", FEBRUARY),)),
        lambda i, r: str(i.columns["day"].values[r]).startswith("2026-02"),
    ),
    "no such column": (Filter(where=((COLUMN + "x", (1.0, 2.0)), ("price", (9.0, 9.0)))), lambda i, r: True),
    "together": (
        Filter((0, 1), outcome="wrong", margin=(-1.0, None), text="image"),
        lambda i, r: i.true[r] in (0, 1) and i.true[r] != i.predicted[r] and i.margin[r] >= -1,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_exactly_those_that_satisfy_every_wish_pass(images, case):
    """Image after image; what has no value is in no range."""
    wanted, satisfies = CASES[case]
    assert wanted.passing(images).tolist() == [bool(satisfies(images, row)) for row in range(N)]


@pytest.mark.parametrize(
    "where",
    [
        (COLUMN + "price", (1, 2, 3)),
        (COLUMN + "price", (1, 2)),
        (COLUMN + "day", (1,)),
        (COLUMN + "day", (None, 1e300)),
        (COLUMN + "weather", (0.5, None)),
        ("price", (5.0, 40.0)),
    ],
)
def test_a_wish_of_another_kind_is_none(images, where):
    """Anyone may have typed it: it filters nothing, and no page shows it."""
    wanted = Filter(where=(where,))
    assert list(wanted.wishes(images.columns)) == []
    assert wanted.passing(images).all()


@pytest.mark.parametrize(
    "end", [0.0, -3.0, 0.1, 1e15, 1e16, -1e20, 1e21, 1e300, 5e-324, 1.2345678901234567e300]
)
def test_any_bound_survives_the_address(end):
    """What a page writes, it reads."""
    kind = Between("margin")
    assert kind.value(kind.write((end, None))["margin"]) == (end, None)


def test_what_is_not_known_asks_nothing(images):
    """Without a classifier there is no outcome, no margin and no flip to ask for."""
    bare = Images(images.true, images.names)
    wanted = Filter(predicted=(1,), outcome="wrong", margin=(0.0, None), flips="both")
    assert wanted.passing(bare).all()


@pytest.mark.parametrize(
    "name", ["column.a,b", "column.x:y", "column.50%", "column.größe", "column. ", "column.a..b"]
)
@pytest.mark.parametrize("wanted", [(0, 3), (1, 2), (0.5, None), (None, 2.0), (1.0, 2.0)])
def test_any_name_of_a_column_survives_the_address(name, wanted):
    """Whatever has a meaning between names is no part of one."""
    said = ((name, wanted), ("column.other", (7,)))
    kind = Where("where")
    assert kind.value(kind.write(said)["where"]) == said


@pytest.mark.parametrize("text", ["", "x", "a:", ":1", "a:1..0", "a:..", "a:nan..", "a:1,b", "a:1e999.."])
def test_a_wish_that_cannot_be_is_none(text):
    """And is told as such."""
    assert Where("where").value(text) is None
