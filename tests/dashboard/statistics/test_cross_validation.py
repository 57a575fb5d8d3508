"""Choosing C by cross-validation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

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


def test_one_standard_error_choice_is_the_smallest_C_that_is_hardly_worse():
    """Only the best C's own standard error counts."""
    accuracy = np.array([[0.5, 0.5], [0.78, 0.78], [0.75, 0.85], [0.8, 0.79]])
    found = cross_validation(C, accuracy)
    assert (found.best_C, found.one_standard_error_C) == (1.0, 0.1)


def test_single_fold_has_no_error():
    """With one fold nothing is known of the spread, and the best choice stands alone."""
    found = cross_validation(C, np.array([[0.5], [0.7], [0.8], [0.6]]))
    assert found.standard_error.tolist() == [0, 0, 0, 0]
    assert found.one_standard_error_C == found.best_C == 1.0


@given(hnp.arrays(np.float64, st.tuples(st.just(4), st.integers(1, 6)), elements=st.floats(0, 1)))
def test_one_standard_error_choice_is_never_more_complex(accuracy):
    """Its C is at most the best one's, and its mean within one standard error."""
    found = cross_validation(C, accuracy)
    best, simple = (int(np.flatnonzero(c == C)[0]) for c in (found.best_C, found.one_standard_error_C))
    assert simple <= best
    assert found.mean[simple] >= found.mean.max() - found.standard_error[best]


@pytest.mark.parametrize("shape", [(3, 5), (4, 0), (4,)])
def test_shapes_that_do_not_fit_are_refused(shape):
    """Accuracies must be one row a C, and at least one fold."""
    with pytest.raises(ValueError, match=r"accuracy must have shape \(4, folds\)"):
        cross_validation(C, np.zeros(shape))
