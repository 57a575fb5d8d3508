"""What the Overview says of another setting."""

import numpy as np
import pytest

from dashboard.findings.settings import better_setting
from dashboard.retraining.recommendation import Recommendation
from dashboard.statistics.flips import Flips
from dashboard.statistics.paired_gain import PairedGain
from pipeline.api import Setting
from tests.dashboard.findings.test_classes import Markup

CLEAR = PairedGain(0.024, 0.004)


def finding(gain, flips=None, fixed=(), broken=()):
    """Say something of C = 0.01 against C = 0.1."""
    found = Recommendation(Setting(0.1, "linear"), Setting(0.01, "linear"), gain, flips)
    return better_setting(found, "40 images", {}, fixed, broken)


def flips(fixed, broke):
    """So many of 40 images are fixed, and so many break."""
    true = np.zeros(40, int)
    before, after = true.copy(), true.copy()
    before[:fixed] = 1
    after[fixed : fixed + broke] = 1
    return Flips(true, before, after)


def test_a_setting_that_is_clearly_better_is_urged():
    """By both: the folds, and the images here."""
    found = finding(CLEAR, flips(12, 1), fixed=range(12), broken=[30])
    text = Markup(found.sentence).text
    assert text.startswith("C = 0.01 is better than C = 0.1 in cross-validation")
    assert (
        " (+2.4 points, standard error 0.4); on the 40 images here it is better: +27.50 points (95% " in text
    )
    assert text.endswith("Shown are images that it would get right, and some that it would get wrong.")
    assert found.urged
    assert found.use == Setting(0.01, "linear")
    assert found.weight == pytest.approx(0.016)
    assert found.shown() == [0, 1, 2, 3, 4, 30]


@pytest.mark.parametrize(
    ("gain", "changed", "said"),
    [
        (PairedGain(0.012, 0.007), (6, 3), "is a little better than C = 0.1 in cross-validation"),
        (PairedGain(0.008, 0.021), (6, 3), "comes first in cross-validation"),
        (CLEAR, (2, 5), "is better than C = 0.1 in cross-validation"),
    ],
)
def test_what_may_be_chance_or_is_contradicted_is_offered_without_urging(gain, changed, said):
    """And both sides are said in one sentence."""
    found = finding(gain, flips(*changed))
    text = Markup(found.sentence).text
    assert said in text
    assert "on the 40 images here the difference, " in text
    assert text.endswith(" may be chance.")
    assert found.urged is False
    assert found.use is not None


def test_a_setting_that_is_not_fitted_is_judged_by_its_folds_alone():
    """Nothing is said of images that it has not judged."""
    found = finding(CLEAR)
    assert Markup(found.sentence).text.endswith("standard error 0.4).")
    assert found.urged
    assert found.shown() == []
