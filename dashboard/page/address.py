"""The URL: read into a view, and written when the view has changed. Nothing else touches ``st.query_params``.

Browser and server may be a message apart: a press may come while the last change is on its way, and then brings the
address of before it. So a change is asked for on top of the newest view, is kept until a whole script run has begun
with it, and what the browser says of the page that is shown counts only where the viewer has travelled there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.page.view_state import PARAMETERS, ViewState, marked

MAP = "map"
TAKEN = {PARAMETERS.parts[attribute].names[0]: attribute for attribute in marked("on_map")}
"""Query parameters that the map moves into its part of the URL, with the attributes of `ViewState`."""

PENDING = "lazybones.pending_view"
"""Session key of the view a widget asked for; the next whole script run shows it."""

MAP_CHANGES = "lazybones.map_changes"
"""Session key of what the map's user has changed since the last whole script run: attributes of `ViewState`."""

_SHOWN = "lazybones.shown_view"


def latest(view: ViewState) -> ViewState:
    """Give the last run's view with what the map's user has changed since, which ran no script."""
    changes: dict[str, Any] = st.session_state.get(MAP_CHANGES, {})
    return replace(view, **changes)


def request(view: ViewState) -> None:
    """Ask for a view: the next script run shows it and writes it into the URL."""
    st.session_state[PENDING] = view


def newest(view: ViewState) -> ViewState:
    """Give what this script run shows if nothing is changed; ``view`` where nothing was shown yet.

    Callbacks run before the script: the view that they were made with may be older than what was asked for since.
    """
    shown = st.session_state.get(_SHOWN)
    return asked_view(shown.page)[0] if isinstance(shown, ViewState) else latest(view)


def asked_view(path: str) -> tuple[ViewState, bool]:
    """Give the view that a widget asked for, else the one in the URL.

    Back, Forward and links to the same page (``dashboard/ui/page/own_links.js``) show what the URL says; but for them,
    a page stays as it is until a widget asks for something. Streamlit's own navigation drops the query; then the run, C
    and filters shown before are kept. The map keeps what its user does to itself (`ViewContext.follow`): a link beside
    it that says what the last run showed leads to that, and what it says beyond is what somebody wanted.

    Parameters
    ----------
    path : str
        The page's path in the URL.

    Returns
    -------
    view : ViewState
        What to show.
    typed : bool
        True if the URL says so already, or the map's own part of it does.
    """
    asked = ViewState.from_query(dict(st.query_params), page=path)
    shown = st.session_state.get(_SHOWN)
    if travelled():
        return asked, True
    pending = st.session_state.get(PENDING)
    if isinstance(pending, ViewState):
        return replace(pending, page=path), False
    if not isinstance(shown, ViewState):
        return asked, True
    if shown.page == path:
        return latest(shown), path == MAP or replace(asked, run=asked.run or shown.run) == shown
    if not any(name in st.query_params for name in PARAMETERS.names):
        return replace(latest(shown), page=path), False
    if shown.page == MAP and _repeats(asked, shown):
        return replace(latest(asked), selected=asked.selected), False
    return asked, True


def _repeats(asked: ViewState, shown: ViewState) -> bool:
    """Tell whether a link says what the map's page was last drawn with, whatever it says of the image and the sheet."""
    kept = {name: getattr(shown, name) for name in ("selected", "sheet", "page")}
    return replace(asked, run=asked.run or shown.run, **kept) == shown


def travelled() -> bool:
    """Tell whether this run shows an entry of the browser's history: Back, Forward, or a link to the same page."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def says_what_the_map_shows() -> bool:
    """Tell whether a view from `asked_view` has the map's looks; where the viewer went back, its own part does."""
    return not travelled() or any(name in st.query_params for name in TAKEN)


def with_run(view: ViewState, run: str) -> ViewState:
    """Name the run of a view whose URL names none, or one that is not there."""
    return replace(view, run=run) if view.run is None else view.changed(run=run)


def settle(view: ViewState, *, typed: bool) -> None:
    """Keep the view that is shown from now on, and write it into the URL where that does not say so.

    The browser does nothing if its URL says that already. Writing adds an entry to the browser's history if the viewer
    has done anything (``dashboard/ui/page/one_entry.js``), and drops the part behind ``#``.

    Parameters
    ----------
    view : ViewState
        What is shown.
    typed : bool
        Whether the URL says so.
    """
    st.session_state[_SHOWN] = view
    st.session_state.pop(MAP_CHANGES, None)
    st.session_state.pop(PENDING, None)
    if not typed:
        others = {name: value for name, value in st.query_params.items() if name not in PARAMETERS.names}
        st.query_params.from_dict(others | view.to_query())
