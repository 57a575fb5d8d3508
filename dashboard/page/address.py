"""The URL: read into a view, and written when the view has changed. Nothing else touches ``st.query_params``."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.page.context import MAP_CHANGES, PENDING, latest
from dashboard.page.view_state import PARAMETERS, ViewState, marked

MAP = "map"
TAKEN = {PARAMETERS.parts[attribute].names[0]: attribute for attribute in marked("on_map")}
"""Query parameters that the map moves into its part of the URL, with the attributes of `ViewState`."""

_SHOWN = "lazybones.shown_view"


def asked_view(path: str) -> tuple[ViewState, bool]:
    """Give the view that a widget asked for, else the one in the URL.

    Back and Forward show what the URL says. Streamlit's own navigation drops the query; then the run, C and filters
    shown before are kept. The map keeps what its user does to itself (`ViewContext.follow`): if the URL still says what
    the last run showed, that comes on top; if it says anything else, somebody went somewhere, and the URL is right.

    Parameters
    ----------
    path : str
        The page's path in the URL.

    Returns
    -------
    view : ViewState
        What to show.
    typed : bool
        True if the URL says so already, or the map's own part of it does. Of a link to its own page Streamlit tells
        us, but not the browser.
    """
    pending = st.session_state.pop(PENDING, None)
    if isinstance(pending, ViewState):
        return replace(pending, page=path), False
    asked = ViewState.from_query(st.query_params, page=path)
    shown = st.session_state.get(_SHOWN)
    if travelled() or not isinstance(shown, ViewState):
        return asked, True
    if shown.page != path and not any(name in st.query_params for name in PARAMETERS.names):
        return replace(latest(shown), page=path), False
    if shown.page == MAP and _repeats(asked, shown):
        here = path == MAP
        return (latest(shown), True) if here else (replace(latest(asked), selected=asked.selected), False)
    moved = replace(asked, run=asked.run or shown.run) != shown
    return asked, not (moved and shown.page == path)


def _repeats(asked: ViewState, shown: ViewState) -> bool:
    """Tell whether the URL says no more than what the map's page was last drawn with.

    On the map's own page, its browser side takes some parameters out of the query, into the part behind ``#``.
    Links to other pages leave out the image and the sheet.
    """
    if asked.page == MAP:
        gone = [attribute for name, attribute in TAKEN.items() if name not in st.query_params]
    else:
        gone = ["selected", "sheet"]
    kept = {name: getattr(shown, name) for name in [*gone, "page"]}
    return replace(asked, run=asked.run or shown.run, **kept) == shown


def travelled() -> bool:
    """Tell whether this run shows an entry of the browser's history: Back, or Forward."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def says_what_the_map_shows() -> bool:
    """Tell whether a view from `asked_view` has the map's filters; where the viewer went back, its own part does."""
    return not travelled() or any(name in st.query_params for name in TAKEN)


def with_run(view: ViewState, run: str) -> ViewState:
    """Name the run of a view whose URL names none, or one that is not there."""
    return replace(view, run=run) if view.run is None else view.changed(run=run)


def write(view: ViewState) -> None:
    """Write a view into the URL; the browser does nothing if its URL says that already.

    That adds an entry to the browser's history if the viewer has done anything (``dashboard/ui/page/one_entry.js``),
    and drops the part behind ``#``.
    """
    others = {name: value for name, value in st.query_params.items() if name not in PARAMETERS.names}
    st.query_params.from_dict(others | view.to_query())


def remember(view: ViewState) -> None:
    """Keep the view for a change of page that drops the query; what the map has changed is in it, or given up."""
    st.session_state[_SHOWN] = view
    st.session_state.pop(MAP_CHANGES, None)
