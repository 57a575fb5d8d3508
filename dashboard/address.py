"""The URL: read into a view, and written when the view has changed. Nothing else touches ``st.query_params``."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.context import PENDING
from dashboard.state import PARAMETERS, ViewState

_SHOWN = "lazybones.shown_view"


def asked_view(path: str) -> tuple[ViewState, bool]:
    """Give the view that a widget asked for, else the one in the URL.

    Streamlit's own navigation drops the query; then the run, C and filters shown before are kept.

    Parameters
    ----------
    path : str
        The page's path in the URL.

    Returns
    -------
    view : ViewState
        What to show.
    typed : bool
        True if the URL says so already.
    """
    pending = st.session_state.pop(PENDING, None)
    if isinstance(pending, ViewState):
        return replace(pending, page=path), False
    shown = st.session_state.get(_SHOWN)
    said = any(name in st.query_params for name in PARAMETERS)
    if isinstance(shown, ViewState) and shown.page != path and not said:
        return replace(shown, page=path), False
    return ViewState.from_query(st.query_params, page=path), True


def with_run(view: ViewState, run: str) -> ViewState:
    """Name the run of a view whose URL names none, or one that is not there."""
    return replace(view, run=run) if view.run is None else view.changed(run=run)


def write(view: ViewState) -> None:
    """Write a view into the URL, if the URL says anything else.

    Each writing adds an entry to the browser's history and drops the part behind ``#``.
    """
    if ViewState.from_query(st.query_params, view.page) != view:
        others = {name: value for name, value in st.query_params.items() if name not in PARAMETERS}
        st.query_params.from_dict(others | view.to_query())


def remember(view: ViewState) -> None:
    """Keep the view for a change of page that drops the query."""
    st.session_state[_SHOWN] = view
