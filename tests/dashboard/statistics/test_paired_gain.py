"""By how much one setting is better than another on the same folds."""

import numpy as np
import pytest

from dashboard.statistics.paired_gain import PairedGain, paired_gain


def test_gain_is_counted_fold_by_fold_and_its_error_knows_that_folds_share_their_training_images():
    """By hand: gains of 1 to 5 points on five folds spread by 1.58; Nadeau and Bengio: times sqrt(1/5 + 1/4)."""
    before = np.array([0.5, 0.9, 0.6, 0.8, 0.7])
    found = paired_gain(before, before + np.array([0.01, 0.02, 0.03, 0.04, 0.05]))
    assert found.mean == pytest.approx(0.03)
    assert found.error == pytest.approx(np.sqrt(0.00025) * np.sqrt(0.45))


@pytest.mark.parametrize(
    ("mean", "clear", "visible", "sure"),
    [(0.03, True, True, 0.01), (0.02, False, True, 0), (0.01, False, False, 0), (-0.03, False, False, 0)],
)
def test_a_gain_is_clear_beyond_two_errors_and_visible_beyond_one(mean, clear, visible, sure):
    """At exactly two, or one, it is not yet."""
    found = PairedGain(mean, 0.01)
    assert (found.is_clear, found.is_visible) == (clear, visible)
    assert found.sure == pytest.approx(sure)


@pytest.mark.parametrize(("before", "after"), [([0.5], [0.6]), ([0.5, 0.5], [0.6, 0.6, 0.6])])
def test_one_fold_or_other_folds_tell_nothing(before, after):
    """There is no spread to measure, or nothing to pair."""
    with pytest.raises(ValueError, match="of one shape"):
        paired_gain(np.array(before), np.array(after))
