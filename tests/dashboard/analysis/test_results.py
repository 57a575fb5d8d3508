"""What is computed on demand: found by the very thing that was computed, at its own C, once."""

import pytest

from dashboard.analysis.results import learning_request, separability_request
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from pipeline.api import Setting
from pipeline.compute.progress import silent
from tests.planted import linear, planted_run


@pytest.fixture
def context(store):
    """A planted run, looked at."""
    planted_run(store)
    data = RunData(store, "planted")
    return ViewContext(store, data, data.own_predictions, ViewState(run="planted"))


@pytest.mark.parametrize("request_at", [learning_request, separability_request])
def test_answer_is_found_once_it_is_computed(context, request_at):
    """Under its C and kernel and no other; asking again computes nothing."""
    request = request_at(context, linear(0.1))
    assert request.find() is None
    made = request.compute(silent)
    assert request.find().key == made.key == request.compute(silent).key
    assert request_at(context, linear(1.0)).find() is None
    assert request_at(context, Setting(0.1, "rbf", "scale")).find() is None


def test_requests_are_one_if_they_ask_for_the_same(context):
    """The queue joins two visitors' requests at one C, and keeps another C, kernel or question apart."""
    settings = (linear(0.1), linear(1.0), Setting(1.0, "rbf", "scale"))
    keys = [
        request_at(context, setting).key
        for request_at in (learning_request, separability_request)
        for setting in settings
    ]
    assert len(set(keys)) == 6
    assert keys[0] == learning_request(context, linear(0.1)).key
