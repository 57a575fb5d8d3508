"""A widget looks up its own key, and has nothing else written out."""

import ast

import pytest
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.testing.v1 import AppTest

from dashboard.workarounds.quick_lookups import look_up_one


@pytest.fixture
def written_out(monkeypatch):
    """How often a whole session is written out, by our server."""
    times = []
    whole = SessionState.filtered_state.fget
    monkeypatch.setattr(
        SafeSessionState, "filtered_state", SafeSessionState.filtered_state
    )  # and put it back
    monkeypatch.setattr(
        SessionState, "filtered_state", property(lambda state: times.append(1) or whole(state))
    )
    look_up_one()
    return times


def _widgets():
    import streamlit as st

    st.session_state["box"] = "b"
    st.session_state.setdefault("text", None)
    st.selectbox("Box", ["a", "b"], key="box")
    st.text_input("Text", key="text")
    st.number_input("Number", value=None, key="number")
    st.radio("Radio", ["x", "y"], key="radio")
    st.slider("Slider", 0, 10, 3, key="slider")


def test_widgets_have_the_values_that_the_session_has(written_out):
    """Those that are set, those that are empty, and those that are not there."""
    app = AppTest.from_function(_widgets).run()
    assert not app.exception
    found = (app.selectbox[0], app.text_input[0], app.number_input[0], app.radio[0], app.slider[0])
    assert [widget.value for widget in found] == ["b", None, None, "x", 3]
    assert written_out == []


def _all():
    import streamlit as st

    st.session_state["a"] = 1
    st.checkbox("Box", key="box")
    state = st.session_state
    st.text(f"{sorted(state)} {len(state)} {'a' in state} {'b' in state} {sorted(state.to_dict().items())}")
    st.text(str(state))


def test_who_wants_all_of_it_gets_all_of_it(written_out):
    """As it was."""
    app = AppTest.from_function(_all).run()
    assert not app.exception
    assert app.text[0].value == "['a', 'box'] 2 True False [('a', 1), ('box', False)]"
    assert ast.literal_eval(app.text[1].value) == {"a": 1, "box": False}
    assert written_out
