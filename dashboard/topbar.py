"""The bar on top of every page: the run, the classifier in use, the pages, and what is being computed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from cache import Store, StoreError
from cache.errors import ArtefactMissing
from dashboard import settings
from dashboard.comparison.sides import opponent, rivals
from dashboard.jobs import display
from dashboard.maps import picker
from dashboard.maps.in_use import map_in_use
from dashboard.page.address import MAP, newest, request
from dashboard.page.bound import bound_to
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.retraining import fit_request
from dashboard.run.cached import open_run
from dashboard.run.data import RunData, lacks
from dashboard.run.features import is_stand_in
from dashboard.run.unfinished import unfinished
from dashboard.server import sign_in
from dashboard.wording.escaping import markdown
from dashboard.workarounds.dialog_keys import open_menus_by_keys
from dashboard.workarounds.page_scripts import mark_current_page, tell_theme

COMPARE = "compare"
PICKER = "lazybones.run_picker"
NOTES = {"working": "being made", "failed": "not finished", "interrupted": "interrupted"}
"""What the list of runs says of one that is not finished."""
STAND_IN = (
    "The features come from a stand-in that carries the model's name but not all of its weights. "
    "Its accuracy must not be quoted as the published model's."
)


class Bar(NamedTuple):
    """Places that stand from the first moment on, so that nothing moves when one of them is filled."""

    run: DeltaGenerator
    settings: DeltaGenerator
    mark: DeltaGenerator
    pages: DeltaGenerator
    jobs: DeltaGenerator
    notices: DeltaGenerator
    """What the frame has to say: it lies over the bottom of the window and moves nothing."""


def draw() -> Bar:
    """Draw the bar with the name of the product, and give its places."""
    with st.container(key="topbar", horizontal=True, wrap=False, gap=None):
        st.html('<b class="lb-brand">Lazybones</b>')
        keys = ("bar-run", "bar-settings", "bar-mark", "pages", "bar-jobs")
        places = [st.container(key=key, horizontal=True, wrap=False, gap=None) for key in keys]
    run, classifier, mark, links, jobs = places
    return Bar(run, classifier, mark, links, jobs, st.container(key="notices", gap="small"))


def show_view(bar: Bar, store: Store, names: list[str], view: ViewState, pages: Mapping[str, Page]) -> None:
    """Show which run is looked at, and the pages there are of it."""
    with bar.pages:
        _page_links(view, pages)
        tell_theme()
        open_menus_by_keys()
    with bar.run:
        _run_picker(store, names, view)
    with bar.jobs:
        sign_in.offer_sign_out()


def _page_links(view: ViewState, pages: Mapping[str, Page]) -> None:
    """Link every page; links keep the run, C and filters, also in a new tab."""
    query = view.changed(selected=None, sheet=1).to_query()
    for page in pages.values():
        st.page_link(page, query_params=query)
    mark_current_page(view.page)


def _run_picker(store: Store, names: list[str], view: ViewState) -> None:
    """Choose the run; another run has its own classes, so C and filters start anew."""
    notes = {name: _note(store, name) for name in names}
    widget = bound_to(PICKER, view.run, lambda name: request(newest(view).changed(run=name)))
    st.selectbox("Run", names, format_func=notes.__getitem__, **widget)


def _note(store: Store, name: str) -> str:
    """Give a run's entry in the list."""
    try:
        run = store.run(name)
    except ArtefactMissing:
        run = None  # it is being made, and not written yet
    except StoreError:
        return f"{name} (damaged)"
    if run is not None and run.finished:
        return name
    state = unfinished(store, name)
    return name if state is None else f"{name} ({NOTES[state.kind]})"


def show_classifier(bar: Bar, context: ViewContext) -> None:
    """Show the classifier in use, whether it is a stand-in, what is computed, and what becomes of what is asked for."""
    with bar.settings:
        settings.show(context)
    with bar.mark:
        _mark(context)
    with bar.jobs:
        display.panel()
    with bar.notices:
        if context.unfitted is not None and context.view.page != "retrain":  # which has its own place for it
            fit_request.watch(context)
        if context.view.page == MAP and not lacks(context.data, "projection"):
            picker.watch(context, map_in_use(context, picker.before(context)))


def _mark(context: ViewContext) -> None:
    """Say which of the runs whose numbers are shown is a stand-in."""
    named = [data.run.name for data in _shown(context) if data.has("features") and is_stand_in(data)]
    if named:
        with st.popover("Stand-in", icon=":material/warning:", key="stand-in", type="tertiary"):
            st.markdown(f"**{markdown(', '.join(dict.fromkeys(named)))}**. {STAND_IN}")


def _shown(context: ViewContext) -> list[RunData]:
    """List the runs whose numbers are shown: the one in use, and what it is compared with."""
    runs = [context.data]
    if (
        context.view.page == COMPARE and context.said is not None
    ):  # which has another run where the address says none
        runs.append(opponent(context, rivals(context))[0].data)
    elif context.view.versus.run is not None:
        with suppress(StoreError):  # its own page says what is wrong with it
            runs.append(open_run(context.store, context.view.versus.run))
    return runs
