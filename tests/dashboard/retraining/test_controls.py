"""The classifier's controls: what is in the store is in use at once, all else is fitted."""

import numpy as np
import pytest

from dashboard.comparison.changes import movers
from dashboard.comparison.sides import Side, baseline
from dashboard.jobs import display
from dashboard.jobs.queue import JobQueue
from dashboard.page.context import ViewContext
from dashboard.page.view_state import Versus, ViewState
from dashboard.retraining import fit_request
from dashboard.run.data import RunData
from dashboard.statistics.flips import BROKE, DIFFERENT, FIXED
from dashboard.views import retrain
from pipeline.api import Asked, Retrainer, Setting
from pipeline.retraining.retrainer import retrain as fit
from tests.dashboard.drawing import draw, run, view
from tests.planted import PATH, Plan, linear, planted_run

SOON = 30.0
PLAN = Plan(n_train=120, noise=2.5)
SETTINGS = (linear(0.1), linear(1.0), Setting(1.0, "rbf", "scale"), Setting(1.0, "rbf", 0.02),
            Setting(0.1, "linear", None, 10), Setting(1.0, "rbf", "scale", 20))  # fmt: skip


@pytest.fixture
def planted(store):
    """The data of a run with errors, of 30 training images a class, with a second run of other features."""
    planted_run(store, plan=PLAN)
    planted_run(store, "other", plan=PLAN, extractor="hog")
    return RunData(store, "planted")


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """Give a queue and a retrainer of the test's own."""
    queue, machine = JobQueue(), Retrainer()
    monkeypatch.setattr(display, "queue", lambda: queue)
    monkeypatch.setattr(fit_request, "retrainer", lambda: machine)
    yield queue
    finish(queue)


def finish(queue):
    """Wait until nothing is being computed."""
    for job in queue.alive():
        assert job.wait(SOON)


def field(page, label):
    """Give a control by its label."""
    controls = (*page.select_slider, *page.selectbox, *page.text_input, *page.get("button_group"))
    return next(control for control in controls if control.label == label)


def labels(page):
    """List the controls."""
    controls = (*page.select_slider, *page.selectbox, *page.text_input, *page.get("button_group"))
    return [control.label for control in controls]


def query(page):
    """Give what the address says of the setting."""
    said = view(page).to_query()
    return {name: said[name] for name in ("C", "kernel", "gamma", "train") if name in said}


def test_dials_start_at_the_runs_own(monkeypatch, store, planted):
    """Gamma is not there where it means nothing; the address is clean."""
    page = run(draw(monkeypatch, store, retrain))
    assert "Gamma" not in labels(page)
    assert field(page, "Training images a class").options == ["10", "20", "all"]
    assert query(page) == {}


def test_another_kernel_is_fitted_and_then_in_use(monkeypatch, store, planted, queue):
    """The address has it at once; when it is done, numbers, slider and history are its own."""
    page = run(draw(monkeypatch, store, retrain))
    field(page, "Kernel").set_value("rbf")
    run(page)
    assert query(page) == {"kernel": "rbf"}
    assert "Gamma" in labels(page)
    finish(queue)
    run(page)
    said = RunData(store, "planted").predictions(Setting(0.1, "rbf", "scale"))
    ((content, _),) = page.curves
    assert [stop.right for stop in content.stops if stop.C == content.C] == [said.n_correct]
    ((rows, _),) = page.histories
    assert (rows[0].C, rows[0].dials, rows[0].used) == (
        "0.1",
        "RBF kernel, gamma = scale, all training images",
        True,
    )
    field(page, "Kernel").set_value("linear")
    run(page)
    assert query(page) == {}


def test_what_is_in_the_store_needs_no_fit(monkeypatch, store, planted, queue):
    """From one stored setting to another, by each control."""
    for setting in SETTINGS:
        fit(store, planted.run, setting)
    page = run(draw(monkeypatch, store, retrain, asked=Asked(1.0)))
    for label, value, said in (
        ("Kernel", "rbf", {"C": "1.0", "kernel": "rbf"}),
        ("Gamma", "0.02", {"C": "1.0", "kernel": "rbf", "gamma": "0.02"}),
        ("Gamma", "scale", {"C": "1.0", "kernel": "rbf"}),
        ("Training images a class", 20, {"C": "1.0", "kernel": "rbf", "train": "20"}),
        ("Training images a class", 30, {"C": "1.0", "kernel": "rbf"}),
    ):
        field(page, label).set_value(value)
        run(page)
        assert query(page) == said
        assert not [info for info in page.info if "No classifier" in info.value]
    assert queue.alive() == []


def test_curve_of_another_kernel_has_the_paths_stops(monkeypatch, store, planted):
    """What was not fitted with it has no numbers; once it is, it has."""
    fit(store, planted.run, Setting(0.1, "rbf", "scale"))
    ((content, _),) = run(draw(monkeypatch, store, retrain, asked=Asked(kernel="rbf"))).curves
    assert [stop.C for stop in content.stops] == list(PATH)
    assert [stop.C for stop in content.stops if stop.right is not None] == [0.1]
    fit(store, planted.run, Setting(1.0, "rbf", "scale"))
    ((content, _),) = run(draw(monkeypatch, store, retrain, asked=Asked(1.0, kernel="rbf"))).curves
    assert [stop.C for stop in content.stops if stop.right is not None] == [0.1, 1.0]
    assert [stop.C for stop in content.stops if stop.live] == [0.1, 1.0]


def test_wrong_gamma_is_refused_beside_the_dials(monkeypatch, store, planted, queue):
    """Nothing is fitted, the view stays, and a sentence says what is allowed."""
    fit(store, planted.run, Setting(0.1, "rbf", "scale"))
    page = run(draw(monkeypatch, store, retrain, asked=Asked(kernel="rbf")))
    field(page, "Gamma").set_value("wide")
    run(page)
    assert "gamma must be scale" in page.error[0].value
    assert (query(page), queue.alive()) == ({"kernel": "rbf"}, [])
    assert not run(page).error


def test_another_feature_set_is_compared_with_the_former_classifier(monkeypatch, store, planted, queue):
    """All other dials stay; the baseline is what was in use."""
    page = run(draw(monkeypatch, store, retrain, asked=Asked(1.0)))
    field(page, "Feature set").set_value("other")
    run(page)
    state = view(page)
    assert (state.run, state.asked.C, state.versus) == ("other", 1.0, Versus("planted", Asked(1.0)))
    assert queue.alive() == []
    assert "From planted, C = 1 to other, C = 1" in page.markdown[0].value.replace("\\", "")


def test_feature_set_takes_the_kernel_along(monkeypatch, store, planted, queue):
    """If the other run was not fitted so, that is done; giving it up goes back."""
    fit(store, planted.run, Setting(0.1, "rbf", "scale", 10))
    page = run(draw(monkeypatch, store, retrain, asked=Asked(kernel="rbf", per_class=10)))
    field(page, "Feature set").set_value("other")
    run(page)
    state = view(page)
    assert (state.run, state.asked.kernel, state.asked.per_class) == ("other", "rbf", 10)
    assert (state.versus.run, state.versus.asked.kernel, state.versus.asked.per_class) == (
        "planted",
        "rbf",
        10,
    )
    finish(queue)
    assert RunData(store, "other").predictions(Setting(0.1, "rbf", "scale", 10)) is not None


@pytest.mark.parametrize("before", SETTINGS)
@pytest.mark.parametrize("after", SETTINGS)
def test_flips_between_any_two_settings(store, planted, before, after):
    """Image by image, as the URL names the two, whichever dials differ."""
    for setting in (before, after):
        fit(store, planted.run, setting)
    relative = planted.settings.relative
    pinned = Versus(asked=relative(before))
    view = ViewState("planted", asked=relative(after), versus=pinned)
    view = ViewState.from_query(view.to_query())
    context = ViewContext(store, planted, planted.predictions(planted.settings.resolve(view.asked)), view)
    side, refusal = baseline(context)
    assert refusal == ""
    was, now, true = (labels.tolist() for labels in
                      (planted.predictions(before).predicted, planted.predictions(after).predicted,
                       planted.test_labels))  # fmt: skip
    flips = Side.of(context).since(side)
    images = range(planted.n_test)
    assert flips.rows(FIXED).tolist() == [i for i in images if was[i] != true[i] == now[i]]
    assert flips.rows(BROKE).tolist() == [i for i in images if was[i] == true[i] != now[i]]
    assert flips.rows(DIFFERENT).tolist() == [i for i in images if len({was[i], now[i], true[i]}) == 3]
    came, went = flips.moves(4)
    for t in range(4):
        for said in range(4):
            cell = [i for i in images if true[i] == t and was[i] != now[i]]
            assert came[t, said] == sum(now[i] == said for i in cell)
            assert went[t, said] == sum(was[i] == said for i in cell)
    assert Side.of(context).is_same(side) == (before == after)
    moved = movers(context, side, flips.rows())
    far = np.abs(Side.of(context).predictions.margin - side.predictions.margin)[moved]
    assert (np.diff(far) <= 0).all()


def test_training_accuracy_counts_the_images_it_was_fitted_on(store, planted):
    """Not the others, which are as new to it as the test images."""
    found, _ = fit(store, planted.run, Setting(10.0, "rbf", 5.0, 10))
    said = planted.predictions(Setting(10.0, "rbf", 5.0, 10))
    assert said.train_accuracy == 1.0
    assert len(said.artefact.array("train_rows")) == 40
    assert (found.array("train_predicted_label")[0] == planted.train_labels).mean() < 1
