"""What the map in small is told."""

from dataclasses import replace

import pytest

from dashboard.maps.files import shown_files
from dashboard.maps.thumbnail import content
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from pipeline.api import Asked
from tests.planted import planted_run


@pytest.fixture
def context(store):
    """Open a planted run."""
    planted_run(store)
    data = RunData(store, "planted")
    return ViewContext(store, data, data.own_predictions, ViewState(run="planted"))


def test_it_is_drawn_from_the_files_of_the_map_and_leads_to_what_is_looked_at(context):
    """The browser has them already when the map opens; the link keeps run and setting."""
    told = content(context)
    files = shown_files(context.data, None)
    assert (told["points"], told["sheets"]["urls"]) == (files.points, files.sheets.urls)
    assert told["label"] == "PCA map of 80 images"
    assert told["href"] == "map?run=planted"
    other = replace(context, view=ViewState(run="planted", asked=Asked(C=1.0)))
    assert content(other)["href"] == "map?run=planted&C=1.0"


def test_without_thumbnails_there_are_points_all_the_same(store):
    """Then no image is shown under the pointer."""
    planted_run(store, without=("thumbnails",))
    data = RunData(store, "planted")
    told = content(ViewContext(store, data, data.own_predictions, ViewState(run="planted")))
    assert told["sheets"] is None
