"""What is computed on demand: found by the very thing that was computed, at its own C, once."""

import pytest

from dashboard.analysis.requests import learning_stage, separability_stage
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from pipeline.api import Setting, silent
from tests.planted import planted_run


@pytest.mark.parametrize("stage_at", [learning_stage, separability_stage])
def test_answer_is_found_once_it_is_computed(store, stage_at):
    """Under its C and kernel and no other; asking again computes nothing."""
    run = planted_run(store)
    stage = stage_at(Setting(0.1))
    assert stage.find(store, run) is None
    made = stage.compute(store, run, silent)
    assert stage.find(store, run).key == made.key == stage.compute(store, run, silent).key
    assert stage_at(Setting(1.0)).find(store, run) is None
    assert stage_at(Setting(0.1, "rbf")).find(store, run) is None


def test_requests_are_one_if_they_ask_for_the_same(store):
    """The queue joins two visitors' requests at one C, and keeps another C, kernel or question apart."""
    planted_run(store)
    data = RunData(store, "planted")
    context = ViewContext(store, data, data.predictions(), ViewState(run="planted"))
    settings = (Setting(0.1), Setting(1.0), Setting(1.0, "rbf"))
    keys = [
        stage(setting).key(context) for stage in (learning_stage, separability_stage) for setting in settings
    ]
    assert len(set(keys)) == 6
    assert keys[0] == learning_stage(Setting(0.1)).key(context)
