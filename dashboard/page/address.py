"""The URL: read into a view, and written when the view has changed. Nothing else touches ``st.query_params``.

Browser and server may be a message apart: a press may come while the last change is on its way, and then brings the
address of before it. So a change is asked for on top of the newest view, is kept until a whole script run has begun
with it, and an address that the browser had before the last one was written is not taken for the viewer's wish.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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

MOST_BEFORE = 8
"""Addresses that the browser may be behind."""

_SHOWN = "lazybones.shown_view"
_WRITTEN = "lazybones.written_address"

Place = tuple[str, frozenset[tuple[str, str]]]
"""A page's path, and the parameters of its view."""


@dataclass(frozen=True)
class Written:
    """Remember an address, and those that the browser may still have in its place, the oldest first."""

    place: Place
    before: tuple[Place, ...] = ()

    def followed_by(self, place: Place, told: Place) -> Written:
        """Go on to another address, from one that may be among these; the browser may still have any of them."""
        known = (*self.before, self.place) if told in (*self.before, self.place) else ()
        before = [past for past in dict.fromkeys((*known, told)) if past != place]
        return Written(place, tuple(before[-MOST_BEFORE:]))


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

    Back, Forward and links to the same page show what the URL says. Streamlit's own navigation drops the query; then
    the run, C and filters shown before are kept. The map keeps what its user does to itself (`ViewContext.follow`): if
    the URL still says what the last run showed, that comes on top; if it says anything else, somebody went somewhere,
    and the URL is right.

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
    asked = ViewState.from_query(st.query_params, page=path)
    shown = st.session_state.get(_SHOWN)
    if travelled():
        return asked, True
    pending = st.session_state.get(PENDING)
    if isinstance(pending, ViewState):
        return replace(pending, page=path), False
    if not isinstance(shown, ViewState):
        return asked, True
    if _told(path) in _written().before:
        return latest(shown), False
    if shown.page != path and not any(name in st.query_params for name in PARAMETERS.names):
        return replace(latest(shown), page=path), False
    if shown.page == MAP and _repeats(asked, shown):
        here = path == MAP
        return (latest(shown), True) if here else (replace(latest(asked), selected=asked.selected), False)
    return asked, True


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
    """Tell whether this run shows an entry of the browser's history: Back, Forward, or a link to the same page."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def says_what_the_map_shows() -> bool:
    """Tell whether a view from `asked_view` has the map's filters; where the viewer went back, its own part does."""
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
    place, written = (view.page, frozenset(view.to_query().items())), _written()
    if not typed:
        written = written.followed_by(place, _told(view.page))
    elif travelled() or written.place != place:
        written = Written(place)
    st.session_state[_WRITTEN] = written
    st.session_state[_SHOWN] = view
    st.session_state.pop(MAP_CHANGES, None)
    st.session_state.pop(PENDING, None)
    if not typed:
        others = {name: value for name, value in st.query_params.items() if name not in PARAMETERS.names}
        st.query_params.from_dict(others | view.to_query())


def _told(path: str) -> Place:
    """Read which address the browser had when it sent this script run."""
    said = ((name, value) for name, value in st.query_params.items() if name in PARAMETERS.names)
    return path, frozenset(said)


def _written() -> Written:
    """Give the last address that is known to be on its way to the browser, or there."""
    found = st.session_state.get(_WRITTEN)
    return found if isinstance(found, Written) else Written(("", frozenset()))
