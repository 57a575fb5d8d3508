"""How many neighbours two feature spaces have in common, against counting one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.shared_neighbours import by_class, common_neighbours


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 8), st.integers(1, 8))
def test_common_neighbours_are_those_in_both_lists(seed, n, m, other_m):
    """For each image alone; of two lists of different length the shorter one counts."""
    rng = np.random.default_rng(seed)
    ours = np.array([rng.permutation(50)[:m] for _ in range(n)])
    theirs = np.array([rng.permutation(50)[:other_m] for _ in range(n)])
    least = min(m, other_m)
    expected = [
        len(set(a[:least].tolist()) & set(b[:least].tolist())) for a, b in zip(ours, theirs, strict=True)
    ]
    assert common_neighbours(ours, theirs).tolist() == expected


def test_images_are_compared_in_blocks(monkeypatch, rng):
    """However many there are, and wherever the blocks end."""
    ours, theirs = rng.integers(0, 30, (2, 25, 5))
    whole = common_neighbours(ours, theirs)
    monkeypatch.setattr("dashboard.statistics.shared_neighbours._BLOCK", 7)
    assert np.array_equal(common_neighbours(ours, theirs), whole)


def test_neighbours_must_be_of_the_same_images():
    """Lists of different images are refused in words."""
    with pytest.raises(ValueError, match="same images"):
        common_neighbours(np.zeros((3, 2), int), np.zeros((4, 2), int))


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1)), min_size=1, max_size=30))
def test_mean_of_a_class_is_over_its_own_images(images):
    """A class without images has none."""
    labels, values = map(np.array, zip(*images, strict=True))
    for label, mean in enumerate(by_class(values, labels, 5)):
        own = [value for its, value in images if its == label]
        assert (np.isnan(mean) and not own) or mean == pytest.approx(np.mean(own))
