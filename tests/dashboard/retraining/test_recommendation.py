"""Which setting is recommended instead of another."""

import numpy as np
import pytest

from dashboard.analysis.penalty_path import suggested, validation_in_store
from dashboard.comparison.sides import Side
from dashboard.findings.choose import findings_of
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.retraining.recommendation import Tried, best_of, recommendation, weighed
from dashboard.run.data import RunData
from pipeline.api import Setting
from tests.dashboard.findings.test_classes import Markup
from tests.planted import PATH, Plan, linear, planted_run

NOW = Tried(Setting(0.1, "linear"), np.array([0.7, 0.8, 0.6, 0.7, 0.7]))


def against(gains, kernel="linear"):
    """Weigh a setting that gains so much on each fold."""
    best = Tried(Setting(0.01, kernel, "scale" if kernel == "rbf" else None), NOW.accuracy + np.array(gains))
    return weighed(NOW.setting, [NOW, best])


def test_a_setting_that_is_better_on_every_fold_is_urged():
    """The folds differ by ten points, but the gain is about the same on each of them."""
    found = against([0.02, 0.03, 0.02, 0.03, 0.02], "rbf")
    assert found.is_urged
    assert found.sentence("").startswith(
        "RBF, C = 0.01 is better than linear, C = 0.1 in cross-validation (+2.4 "
    )


def test_a_gain_below_two_errors_is_said_and_not_urged():
    """The mean is higher, as it may be by chance."""
    assert against([0.05, -0.03, 0.05, -0.02, 0.0]).is_urged is False


@pytest.mark.parametrize("gains", [[0.0] * 5, [0.05, -0.05, 0.0, 0.0, 0.0], [-0.01] * 5])
def test_what_comes_first_is_not_recommended_another(gains):
    """Nor one that is as good."""
    assert against(gains) is None


def test_other_folds_and_what_was_never_tried_tell_nothing():
    """They cannot be compared fold by fold."""
    assert weighed(NOW.setting, [NOW, Tried(Setting(1.0, "linear"), np.ones(3))]) is None
    assert weighed(Setting(0.02, "linear"), [NOW]) is None
    assert weighed(NOW.setting, []) is None


def test_of_equals_the_first_is_the_best():
    """Penalties ascend: the simplest classifier."""
    low, high = (Tried(Setting(C, "linear"), np.ones(5)) for C in (0.1, 1.0))
    assert best_of([NOW, low, high]) is low
    assert best_of([]) is None


@pytest.mark.parametrize("C", PATH)
def test_overview_and_retrain_say_the_same_of_every_C(store, C):
    """The sentence on the one begins as that on the other, and both urge, or neither does."""
    planted_run(store, plan=Plan(noise=2.5))
    data = RunData(store, "planted")
    said = data.predictions(linear(C))
    context = ViewContext(store, data, said, ViewState(run="planted"))
    curve = suggested(context, Side(data, said), validation_in_store(context))
    found = next((one for one in findings_of(data, said) if one.key == "setting"), None)
    if found is None:
        assert (C, curve.words) == (0.01, "C = 0.01 comes first in cross-validation.")
        return
    other = recommendation(data, said)
    amount = curve.words[curve.words.index("(") : curve.words.index(";")]
    assert other.sentence("80 test images", with_interval=False) == curve.words
    assert amount in Markup(found.sentence).text
    assert (found.use, found.urged) == (linear(curve.C), curve.urged) == (other.best, other.is_urged)
