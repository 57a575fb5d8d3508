"""What a session notes between two runs of its script: what was refused, and what was looked at before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cache.errors import LazybonesError
from dashboard.page.view_state import ViewState
from dashboard.run.places import told
from dashboard.wording.escaping import markdown

_REFUSED = "lazybones.refused"
_BEFORE = "lazybones.view_before"


@contextmanager
def refusing(place: str) -> Iterator[None]:
    """Note what the block refuses, for `show_refusal` in the script run that follows: callbacks cannot draw."""
    try:
        yield
    except LazybonesError as error:
        st.session_state[_REFUSED] = place, told(error.message)


def show_refusal(place: str) -> None:
    """Say what was refused, once."""
    where, message = st.session_state.get(_REFUSED, ("", ""))
    if where == place:
        del st.session_state[_REFUSED]
        st.error(markdown(message), icon=":material/error:")


def remember(place: str, view: ViewState) -> None:
    """Note what is looked at before something is asked for, to go back to."""
    st.session_state[f"{_BEFORE} {place}"] = view


def remembered(place: str) -> ViewState | None:
    """Give what was looked at before something was asked for in this session; None if nothing was."""
    view = st.session_state.get(f"{_BEFORE} {place}")
    return view if isinstance(view, ViewState) else None
