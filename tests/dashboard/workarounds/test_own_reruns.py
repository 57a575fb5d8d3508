"""A press is not lost when a script asks to be run again before it was answered."""

from __future__ import annotations

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from dashboard.workarounds import own_reruns

OF_BEFORE = RerunData(query_string="run=a", page_script_hash="labels")
PRESSED = [
    RerunData("run=a&copies=labels", WidgetStates(), "labels", is_history_navigation=True),
    RerunData("run=a", WidgetStates(), "map"),
]


@pytest.fixture
def requests(monkeypatch) -> ScriptRequests:
    """Give what a session is asked for, as in our server."""
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", own_reruns._fold)  # and put it back
    own_reruns.keep_what_was_pressed()
    return ScriptRequests()


@pytest.mark.parametrize("pressed", PRESSED, ids=["a link to the same page, or Back", "another page"])
def test_what_was_pressed_is_what_is_run(requests, pressed):
    """The script's own wish is granted by that run, too: it is of the whole page."""
    requests.request_rerun(pressed)
    requests.request_rerun(OF_BEFORE)
    asked = requests.on_scriptrunner_ready().rerun_data
    assert (asked.query_string, asked.page_script_hash) == (pressed.query_string, pressed.page_script_hash)
    assert asked.is_history_navigation == pressed.is_history_navigation
    assert asked.fragment_id_queue == []


def test_without_a_press_the_script_gets_what_it_asks_for(requests):
    """And a later press counts, whatever the script asked for before it."""
    requests.request_rerun(OF_BEFORE)
    assert requests.on_scriptrunner_ready().rerun_data.query_string == "run=a"
    requests.request_rerun(OF_BEFORE)
    requests.request_rerun(PRESSED[0])
    asked = requests.on_scriptrunner_ready().rerun_data
    assert (asked.query_string, asked.is_history_navigation) == (PRESSED[0].query_string, True)


def test_a_part_of_the_page_before_does_not_lead_back(requests):
    """What a component has said late is of a page that was left."""
    requests.request_rerun(RerunData("run=a", WidgetStates(), "map", fragment_id="part"))
    requests.request_rerun(OF_BEFORE)
    assert requests.on_scriptrunner_ready().rerun_data.page_script_hash == "labels"
