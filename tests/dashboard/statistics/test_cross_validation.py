"""Choosing C by cross-validation."""

import numpy as np
import pytest

from dashboard.statistics.cross_validation import cross_validation

C = np.array([0.01, 0.1, 1.0, 10.0])


def test_best_C_has_the_best_mean():
    """The mean over the folds decides, not any single fold."""
    found = cross_validation(C, np.array([[0.6, 0.6], [0.7, 0.8], [0.9, 0.5], [0.7, 0.7]]))
    assert found.best_C == 0.1
    assert found.mean.tolist() == pytest.approx([0.6, 0.75, 0.7, 0.7])


def test_of_equal_means_the_smallest_C_wins():
    """Of two equally good classifiers the simpler one is chosen."""
    assert cross_validation(C, np.array([[0.5], [0.8], [0.8], [0.7]])).best_C == 0.1


def test_standard_error_is_that_of_a_mean():
    """Folds of 0.7 and 0.9 have a standard deviation of 0.1414, hence an error of 0.1."""
    found = cross_validation(C[:1], np.array([[0.7, 0.9]]))
    assert found.standard_error[0] == pytest.approx(0.1)
    assert found.folds == 2


def test_single_fold_has_no_error():
    """With one fold nothing is known of the spread."""
    found = cross_validation(C, np.array([[0.5], [0.7], [0.8], [0.6]]))
    assert found.standard_error.tolist() == [0, 0, 0, 0]
    assert found.best_C == 1.0


@pytest.mark.parametrize("shape", [(3, 5), (4, 0), (4,)])
def test_shapes_that_do_not_fit_are_refused(shape):
    """Accuracies must be one row a C, and at least one fold."""
    with pytest.raises(ValueError, match=r"accuracy must have shape \(4, folds\)"):
        cross_validation(C, np.zeros(shape))
