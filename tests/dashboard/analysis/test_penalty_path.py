"""The curve of accuracy against C, while others fit."""

from __future__ import annotations

from dashboard.analysis import penalty_path
from dashboard.comparison.sides import Side
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from pipeline.retraining.retrainer import retrain
from tests.planted import linear, planted_run


def test_a_fit_that_is_done_while_the_curve_is_read_waits_for_the_next_run(monkeypatch, store):
    """What the browser may ask for is read last: a C that is there by then is drawn when the script runs again."""
    run = planted_run(store)
    data = RunData(store, "planted")
    context = ViewContext(store, data, data.own_predictions, ViewState(run="planted"))
    path_points = penalty_path.path_points

    def after_a_fit(context):
        retrain(store, run, linear(0.5))
        return path_points(context)

    def drawn():
        return [stop.C for stop in penalty_path.curve_content(context, Side.of(context), None, None).stops]

    own = data.settings.path.array("C").tolist()
    monkeypatch.setattr(penalty_path, "path_points", after_a_fit)
    assert drawn() == own
    monkeypatch.setattr(penalty_path, "path_points", path_points)
    assert drawn() == sorted([*own, 0.5])
