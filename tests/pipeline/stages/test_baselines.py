"""What an accuracy is measured against: always the largest class, and the mean recall of the classes."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.stages.baselines import balanced_accuracy, largest_class


def test_always_the_largest_class_of_the_judged_images(rng):
    """499 to 1: as good as 99.8 %; of equals the lowest; never below one of k."""
    assert largest_class(np.repeat([0, 1], [1, 499])) == (1, 499 / 500)
    assert largest_class(np.repeat([0, 1], [70, 83])) == (1, 83 / 153)
    assert largest_class(np.array([2, 1, 2, 1, 0])) == (1, 2 / 5)
    judged = rng.integers(0, 5, 200)
    label, share = largest_class(judged)
    assert share == (judged == label).mean() == np.bincount(judged).max() / 200 >= 1 / 5


def test_balanced_accuracy_is_that_of_scikit_learn(rng):
    """Where the classes are unequal; a class without test images does not count."""
    metrics = pytest.importorskip("sklearn.metrics")
    true = np.repeat([0, 1, 3], [100, 10, 40])
    predicted = np.where(rng.random(150) < 0.7, true, 0)
    assert balanced_accuracy(true, predicted) == pytest.approx(
        metrics.balanced_accuracy_score(true, predicted)
    )


def test_classes_of_one_size_have_no_second_number():
    """The mean over classes is the accuracy then."""
    assert balanced_accuracy(np.repeat([0, 1], 50), np.zeros(100, int)) is None
