"""The search for close pairs: none is left out, and none is looked at for nothing."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compute.forest import Forest
from pipeline.compute.places import Directions
from pipeline.compute.rows import ArrayRows
from pipeline.duplicates import search
from pipeline.duplicates.search import join_close
from pipeline.errors import Cancelled


def brute_force(rows, reach):
    """Measure every pair."""
    forest = Forest(len(rows))
    distances = np.linalg.norm(rows[:, None].astype(float) - rows[None], axis=2)
    forest.join((i, j) for i, j in combinations(range(len(rows)), 2) if distances[i, j] <= reach)
    return forest.roots()


def measured(rows, reach):
    """Test pairs by their true distances."""
    return lambda a, b: np.linalg.norm(rows[a].astype(float) - rows[b], axis=1) <= reach


@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 90),
    st.integers(1, 80),
    st.floats(0, 3),
    st.sampled_from((0, 0.1, 1)),
)
def test_the_groups_are_those_of_all_pairs_measured(seed, n, d, share, many):
    """Whatever the number of dimensions, whether copies are there or not, and across blocks."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(3, 1, (n, d)).astype(np.float32)
    rows[rng.integers(0, n, n // 3)] = rows[rng.integers(0, n, n // 3)]
    reach = share * np.sqrt(d)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "AT_ONCE", 16)
        patch.setattr(search, "PAIRS_AT_ONCE", 7)
        patch.setattr(search, "MANY", many)
        found = join_close(ArrayRows(rows), reach, measured(rows, reach))
    np.testing.assert_array_equal(found, brute_force(rows, reach))


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 100))
def test_places_lie_no_farther_apart_than_the_rows(seed, n, d):
    """So a pair whose places are far need not be measured."""
    rows = np.random.default_rng(seed).normal(0, 5, (n, d)).astype(np.float32)
    places = Directions.of(ArrayRows(rows), most=8).places(rows)
    true = np.linalg.norm(rows[:, None].astype(float) - rows[None], axis=2)
    bound = np.linalg.norm(places[:, None].astype(float) - places[None], axis=2)
    assert (bound <= true + 1e-3 * np.abs(rows).max() * np.sqrt(d)).all()


def test_of_many_copies_few_pairs_are_tested(monkeypatch):
    """A thousand copies are half a million pairs."""
    tested = []
    monkeypatch.setattr(search, "PAIRS_AT_ONCE", 100)
    found = join_close(
        ArrayRows(np.ones((1000, 3), np.float32)),
        0.1,
        lambda a, _: tested.append(len(a)) or np.ones(len(a), bool),
    )
    assert not found.any()
    assert sum(tested) < 3000


def test_it_stops_when_told_to():
    """What the progress raises goes through."""

    def stop(done, total, what):
        raise Cancelled("Stop.")

    with pytest.raises(Cancelled):
        join_close(
            ArrayRows(np.ones((50, 3), np.float32)), 0.1, lambda a, _: np.ones(len(a), bool), progress=stop
        )
