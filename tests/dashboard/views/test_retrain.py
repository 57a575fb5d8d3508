"""The retrain page: the curve, its numbers, and the advice."""

import numpy as np
import pytest

from dashboard.analysis.penalty_path import curve_content, validation_in_store
from dashboard.comparison.sides import baseline
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from dashboard.statistics.cross_validation import cross_validation
from dashboard.views import retrain
from dashboard.wording.escaping import markdown
from pipeline.api import Asked, LearningCurveStage, ensure
from pipeline.retraining.retrainer import retrain as fit
from tests.dashboard.drawing import click, draw, run, view
from tests.planted import PATH, Plan, linear, planted_run


@pytest.fixture
def planted(store):
    """The data of a run with errors; its own C is 0.1."""
    planted_run(store, plan=Plan(noise=2.5))
    return RunData(store, "planted")


def page_of(monkeypatch, store, **view):
    """Draw the page."""
    return run(draw(monkeypatch, store, retrain, **view))


def stops(page):
    """Give the values of C at which the thumb can stand."""
    ((content, _),) = page.curves
    return [stop.C for stop in content.stops]


def drag(page, C):
    """Let the thumb go at a C."""
    return click(page, page.curves[0][1]["picked"], C)


def test_curve_has_the_path_and_its_thumb_stands_on_the_C_in_use(monkeypatch, store, planted):
    """Every C that was fitted is a stop, and it starts at the run's own."""
    page = page_of(monkeypatch, store)
    assert stops(page) == list(PATH)
    content, _ = page.curves[0]
    assert (content.C, content.own, content.best) == (0.1, 0.1, 0.01)
    assert not any(stop.live for stop in content.stops)


def test_letting_go_changes_C_everywhere(monkeypatch, store, planted):
    """The view, which all pages share, has the new C, and the thumb stays there."""
    page = drag(page_of(monkeypatch, store), 1.0)
    assert view(page).asked.C == 1.0
    assert page.curves[0][0].C == 1.0
    assert page.curves[0][0].before.C == 0.1


def test_going_back_to_the_runs_own_C_leaves_it_out_of_the_url(monkeypatch, store, planted):
    """The address without C means the run's own."""
    page = drag(page_of(monkeypatch, store, asked=Asked(1.0)), 0.1)
    assert view(page).asked.C is None


def test_live_fit_joins_the_curve(monkeypatch, store, planted):
    """What was fitted once is a lookup from then on, and is told from the path."""
    fit(store, planted.run, linear(0.5))
    page = page_of(monkeypatch, store, asked=Asked(0.5))
    assert stops(page) == [0.001, 0.01, 0.1, 0.5, 1.0, 10.0]
    assert [stop.C for stop in page.curves[0][0].stops if stop.live] == [0.5]


def test_page_opens_on_what_the_cross_validated_choice_would_change(monkeypatch, store, planted):
    """Where it is another C; and on the next C where it is this one, or nobody cross-validated."""
    ((content, _),) = page_of(monkeypatch, store).curves
    assert content.suggestion.C == 0.01
    assert content.suggestion.words == (
        "C = 0.01 is better than C = 0.1 in cross-validation (+5.4 points, standard error 1.5); on the 80 test "
        "images here the difference may be chance."
    )
    planted_run(store, "same", plan=Plan(noise=2.5), C=0.01)
    ((content, _),) = page_of(monkeypatch, store, run="same").curves
    assert content.suggestion.C == 0.1
    assert content.suggestion.words == "C = 0.01 comes first in cross-validation."
    planted_run(store, "bare", plan=Plan(noise=2.5), without=("validation",), C=10.0)
    ((content, _),) = page_of(monkeypatch, store, run="bare").curves
    assert content.suggestion.C == 1.0


def test_images_of_the_curve_are_opened_and_listed(monkeypatch, store, planted):
    """A click on one shows it; a click on a number lists its group below."""
    page = page_of(monkeypatch, store)
    assert view(click(page, page.curves[0][1]["listed"], "fixed")).group == "fixed"
    assert view(click(page, page.curves[0][1]["opened"], 7)).selected == 7


@pytest.mark.parametrize("C", PATH)
def test_numbers_of_a_stop_are_those_of_its_classifier(store, planted, C):
    """Right images, training accuracy and support vectors agree with counting by hand."""
    context = ViewContext(store, planted, planted.own_predictions, ViewState(run="planted"))
    content = curve_content(context, baseline(context)[0], validation_in_store(context), None)
    (stop,) = [stop for stop in content.stops if stop.C == C]
    said = planted.predictions(linear(C))
    assert stop.right == (np.array(said.predicted) == planted.test_labels).sum()
    assert stop.train == said.train_accuracy
    assert stop.support == f"{7 * 6} in 6 SVMs, one a pair of classes"
    folds = planted.artefact("validation").array("accuracy")[PATH.index(C)]
    error = np.std(folds, ddof=1) / np.sqrt(len(folds))
    assert stop.validation == pytest.approx((folds.mean(), error))


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
        button for button in page.button if button.label.startswith("Use the best in cross-validation")
    ]
    assert markdown(f"C = {best:g}") in button.label
    button.click()
    run(page)
    assert best == view(page).asked.C
    (button,) = [
        button for button in page.button if button.label.startswith("Use the best in cross-validation")
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
