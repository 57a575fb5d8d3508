"""The curve that is a slider: what its browser side is told, and what Python takes from it."""

import json

import pytest

from dashboard.components import penalty_curve as component
from dashboard.components.penalty_curve import Before, CurveContent, Said, Stop, message, penalty_curve

STOPS = [
    Stop(0.1, "0.1", "C = 0.1", Said("columns/a.bin", (-1.0, 2.0)), 7, 0.9, None, "5 in 1 pair of classes"),
    Stop(1.0, "1", "C = 1"),
]
CONTENT = CurveContent(
    10, ("<b>", "cat"), "labels/a.bin", None, STOPS, 0.1, 0.1, None,
    Before(0.1, "C = 0.1", Said("columns/a.bin", (-1.0, 2.0))), None, {}, "right", "image",
)  # fmt: skip


@pytest.fixture
def hear(monkeypatch):
    """Mount the curve, and tell Python something: ``hear("picked", 1.0)`` gives what was called with what."""
    called, mounted, state = [], {}, {"curve": {}}
    monkeypatch.setattr(component, "component", lambda *_: lambda **given: mounted.update(given))
    monkeypatch.setattr("dashboard.components.widget.st.session_state", state)
    acts = {
        name: lambda value, name=name: called.append((name, value)) for name in ("picked", "opened", "listed")
    }
    penalty_curve(CONTENT, "curve", **acts)

    def told(name, value):
        called.clear()
        state["curve"][name] = value
        mounted[f"on_{name}_change"]()
        return list(called)

    return told


def test_what_can_be_meant_is_taken(hear):
    """A C of the stops, fitted or not; a row; a group."""
    assert hear("picked", 1.0) == [("picked", 1.0)]
    assert hear("opened", 9) == [("opened", 9)]
    assert hear("group", "broke") == [("listed", "broke")]


@pytest.mark.parametrize("name", ["picked", "opened", "group"])
@pytest.mark.parametrize("value", [None, "0.1", [0.1], {}, 0.2, float("nan"), 1e300, -1, 10, "right"])
def test_what_a_browser_makes_up_is_ignored(hear, name, value):
    """Whatever is sent in the place of it."""
    assert hear(name, value) == []


def test_message_is_json_with_the_colours_of_both_themes():
    """A stop that is not fitted has nothing to fetch."""
    told = json.loads(json.dumps(message(CONTENT)))
    assert set(told["colours"]) == {"light", "dark"}
    assert told["stops"][0]["said"] == {"columns": "columns/a.bin", "range": [-1.0, 2.0]}
    assert told["stops"][1]["said"] is None
