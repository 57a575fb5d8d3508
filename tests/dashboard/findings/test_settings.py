"""Whether another setting is better beyond noise."""

import numpy as np
import pytest

from dashboard.findings.settings import Tried, best_of, better_setting
from pipeline.api import Setting
from tests.dashboard.findings.test_classes import Markup

NOW = Tried(Setting(0.1, "linear"), np.array([0.7, 0.8, 0.6, 0.7, 0.7]))


def better(gains, kernel="linear", fixes=None):
    """Ask with a setting that gains so much on each fold."""
    best = Tried(Setting(0.01, kernel, "scale" if kernel == "rbf" else None), NOW.accuracy + np.array(gains))
    return better_setting(NOW, best, {}, fixes)


def test_a_setting_that_is_better_on_every_fold_is_named_with_its_gain_and_a_button():
    """The folds differ by ten points, but the gain is the same on each of them."""
    found = better([0.02, 0.03, 0.02, 0.03, 0.02], fixes=np.arange(9))
    assert Markup(found.sentence).text.startswith("C = 0.01 is better than C = 0.1: cross-validation")
    assert " gives 72.4% against 70.0%, a gain of 2.4 ± 0.2 points (± one standard error)." in found.sentence
    assert found.sentence.endswith("Shown are images that it would get right.")
    assert found.use == Setting(0.01, "linear")
    assert found.weight == pytest.approx(0.024)
    assert found.shown() == [0, 1, 2, 3, 4, 5]


def test_another_kernel_is_named():
    """What is the same in both is left out."""
    assert Markup(better([0.02] * 4 + [0.03], "rbf").sentence).text.startswith("RBF, ")


@pytest.mark.parametrize("gains", [[0.05, -0.05, 0.05, -0.04, 0.0], [0.0] * 5, [-0.01] * 5])
def test_noise_is_no_finding(gains):
    """The mean gain is smaller than its standard error, nothing, or a loss."""
    assert better(gains) is None


def test_the_best_is_not_better_than_itself_and_folds_must_be_the_same():
    """What was tried on other folds cannot be compared fold by fold."""
    assert better_setting(NOW, NOW, {}) is None
    assert better_setting(NOW, Tried(Setting(1.0, "linear"), np.ones(3)), {}) is None


def test_of_equals_the_first_is_the_best():
    """Penalties ascend: the simplest classifier."""
    low, high = (Tried(Setting(C, "linear"), np.ones(5)) for C in (0.1, 1.0))
    assert best_of([NOW, low, high]) is low
    assert best_of([]) is None
