"""The retrain page: the slider, the numbers, the curve and the advice."""

import numpy as np
import pytest

from dashboard.comparison.sides import baseline
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from dashboard.statistics.cross_validation import cross_validation
from dashboard.statistics.intervals import paired_difference
from dashboard.statistics.scores import wilson_interval
from dashboard.views import retrain
from dashboard.views.retrain import clicked_penalty, numbers
from dashboard.wording.numbers import interval95, percent, points
from pipeline.api import Asked, LearningCurveStage, ensure
from pipeline.retraining.retrainer import retrain as fit
from tests.dashboard.drawing import draw, run, view
from tests.planted import PATH, Plan, linear, planted_run


@pytest.fixture
def planted(store):
    """The data of a run with errors; its own C is 0.1."""
    planted_run(store, plan=Plan(noise=2.5))
    return RunData(store, "planted")


def page_of(monkeypatch, store, **view):
    """Draw the page."""
    return run(draw(monkeypatch, store, retrain, **view))


def test_slider_has_the_path_and_stands_on_the_C_in_use(monkeypatch, store, planted):
    """It snaps to what was fitted, and starts at the run's own C."""
    slider = page_of(monkeypatch, store).select_slider[0]
    assert slider.options == ["0.001", "0.01", "0.1", "1", "10"]
    assert slider.value == 0.1


def test_moving_the_slider_changes_C_everywhere(monkeypatch, store, planted):
    """The view, which all pages share, has the new C, and the numbers are those of its predictions."""
    page = page_of(monkeypatch, store)
    page.select_slider[0].set_value(1.0)
    run(page)
    assert view(page).asked.C == 1.0
    assert percent(planted.predictions(linear(1.0)).accuracy) in page.get("html")[1].proto.body


def test_moving_back_to_the_runs_own_C_leaves_it_out_of_the_url(monkeypatch, store, planted):
    """The address without C means the run's own."""
    page = page_of(monkeypatch, store, asked=Asked(1.0))
    page.select_slider[0].set_value(0.1)
    assert view(run(page)).asked.C is None


def test_live_fit_is_a_stop_of_the_slider(monkeypatch, store, planted):
    """What was fitted once is a lookup from then on."""
    fit(store, planted.run, linear(0.5))
    slider = page_of(monkeypatch, store, asked=Asked(0.5)).select_slider[0]
    assert slider.options == ["0.001", "0.01", "0.1", "0.5", "1", "10"]
    assert slider.value == 0.5


@pytest.mark.parametrize("C", PATH)
def test_numbers_are_those_of_the_classifier(store, planted, C):
    """Accuracy, interval, change and support vectors agree with counting by hand."""
    said, own = planted.predictions(linear(C)), planted.own_predictions
    context = ViewContext(store, planted, said, ViewState(run="planted", asked=Asked(C)))
    text = numbers(context, baseline(context)[0])
    right, before = (np.array(p.predicted) == planted.test_labels for p in (said, own))
    low, high = wilson_interval(int(right.sum()), planted.n_test)
    assert f"<dd>{percent(right.mean())}</dd><dd>{interval95(low, high)}</dd>" in text
    assert f"<dd>{7 * 6}</dd><dd>summed over 6 pairs of classes</dd>" in text
    if own.C == C:
        assert "this is the baseline" in text
    else:
        gain = paired_difference(sum(right & ~before), sum(before & ~right), planted.n_test)
        assert f"<dd>{points(right.mean() - before.mean())} points</dd>" in text
        assert f"<dd>95% interval {points(gain.low)} to {points(gain.high)}</dd>" in text


def test_page_says_that_choosing_on_the_test_split_is_optimistic(monkeypatch, store, planted):
    """In so many words, whatever the run has."""
    planted_run(store, "bare", plan=Plan(noise=2.5), without=("validation",))
    for name in ("planted", "bare"):
        page = page_of(monkeypatch, store, run=name)
        assert any("test accuracy peaks is optimistic" in text.value for text in page.markdown)


def test_cross_validated_choice_is_one_press_away(monkeypatch, store, planted):
    """The button uses the C with the best mean, and is spent once that is in use."""
    validation = planted.artefact("validation")
    best = cross_validation(validation.array("C"), validation.array("accuracy")).best_C
    page = page_of(monkeypatch, store)
    (button,) = [
        button for button in page.button if button.label.startswith("Use the cross-validated choice")
    ]
    assert f"(C = {best:g})" in button.label
    button.click()
    run(page)
    assert best == view(page).asked.C
    (button,) = [
        button for button in page.button if button.label.startswith("Use the cross-validated choice")
    ]
    assert button.disabled


def test_run_without_validation_offers_to_compute_it(monkeypatch, store):
    """What is missing comes with the button that makes it."""
    planted_run(store, without=("validation",))
    page = page_of(monkeypatch, store)
    assert [button for button in page.button if button.label == "Compute cross-validation"]
    assert not [button for button in page.button if button.label.startswith("Use")]


def test_learning_curve_is_offered_and_then_shown(monkeypatch, store, planted):
    """At the C in use: what is in the store is drawn, with a sentence on whether more images would help."""
    page = page_of(monkeypatch, store)
    assert [button for button in page.button if button.label == "Compute learning curve"]
    ensure(store, LearningCurveStage(0.1), planted.run.stages)
    page = page_of(monkeypatch, store)
    assert not [button for button in page.button if button.label == "Compute learning curve"]
    assert any("With 10 images a class the test accuracy is" in text.value for text in page.markdown)
    page = page_of(monkeypatch, store, asked=Asked(1.0))
    assert [button for button in page.button if button.label == "Compute learning curve"]


def test_only_what_is_drawn_can_be_clicked():
    """A point's C is read exactly; anything a browser makes up is ignored."""
    allowed = [0.01, 0.1, 0.316227766017]
    assert clicked_penalty([{"customdata": 0.316227766017}], allowed) == 0.316227766017
    for made_up in (None, "0.1", [0.1], 0.2, float("nan"), 1e300, -0.1, True):
        assert clicked_penalty([{"customdata": made_up}], allowed) is None
    assert clicked_penalty([], allowed) is None
