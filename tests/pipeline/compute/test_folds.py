"""Every class is dealt evenly, and no group is torn apart."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compute.folds import deal

FIVE = (0.2,) * 5


@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=60),
    groups=st.lists(st.integers(0, 20), min_size=60, max_size=60),
    seed=st.integers(0, 5),
)
def test_groups_stay_whole(labels, groups, seed):
    """Whatever the classes: each group is in one fold, and each image in some."""
    labels, groups = np.array(labels), np.array(groups[: len(labels)])
    folds = deal(labels, groups, FIVE, seed)
    assert all(len(np.unique(folds[groups == group])) == 1 for group in np.unique(groups))
    assert set(folds.tolist()) <= set(range(5))


@given(labels=st.lists(st.integers(0, 4), min_size=1, max_size=200), seed=st.integers(0, 5))
def test_each_class_is_dealt_evenly(labels, seed):
    """Without groups, two folds have as many of a class, or one more; of all classes together they differ little."""
    labels = np.array(labels)
    folds = deal(labels, np.arange(len(labels)), FIVE, seed)
    for label in np.unique(labels):
        counts = np.bincount(folds[labels == label], minlength=5)
        assert counts.max() - counts.min() <= 1
    totals = np.bincount(folds, minlength=5)
    assert totals.max() - totals.min() <= len(np.unique(labels))


def test_shares_may_differ(rng):
    """A quarter of each class; of two images of a class one is on each side."""
    labels = np.repeat([0, 1, 2], [400, 40, 2])
    held = deal(labels, np.arange(len(labels)), (0.75, 0.25), 0) == 1
    assert np.bincount(labels[held]).tolist() == [100, 10, 1]


def test_the_seed_says_who_is_where():
    """One seed gives the same folds again, another gives others."""
    labels, groups = np.repeat([0, 1], 50), np.arange(100)
    assert deal(labels, groups, FIVE, 3).tolist() == deal(labels, groups, FIVE, 3).tolist()
    assert deal(labels, groups, FIVE, 3).tolist() != deal(labels, groups, FIVE, 4).tolist()
