"""What every page has around it: the pages, the run, and the classifier in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st
from streamlit.navigation.page import Page

from cache import Store, StoreError
from cache.errors import ArtefactMissing
from dashboard.jobs import display
from dashboard.page.address import newest, request
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.retraining import fit_request
from dashboard.run.data import LONGEST, judged_of
from dashboard.run.features import is_stand_in
from dashboard.run.unfinished import unfinished
from dashboard.wording.comparison import accuracy_and_interval
from dashboard.wording.escaping import html, shown
from dashboard.wording.html import definitions
from dashboard.wording.judged import accuracy_name
from dashboard.wording.numbers import images, thousands
from dashboard.wording.penalty import format_penalty
from dashboard.wording.setting import dials

PICKER = "lazybones.run_picker"
NOTES = {"working": "being made", "failed": "not finished", "interrupted": "interrupted"}
"""What the list of runs says of one that is not finished."""
STAND_IN = (
    "The features come from a stand-in that carries the model's name but not all of its weights. "
    "Its accuracy must not be quoted as the published model's."
)


def brand() -> None:
    """Draw the name of the product."""
    st.sidebar.html(
        '<div class="lb-brand"><b>Lazybones</b><span>What a network knows about your images</span></div>'
    )


def page_bar(view: ViewState, pages: Mapping[str, Page]) -> None:
    """Link every page; links keep the run, C and filters, also in a new tab."""
    query = replace(view, selected=None, sheet=1).to_query()
    with st.container(horizontal=True, key="pages", gap="xxsmall"):
        for page in pages.values():
            st.page_link(page, query_params=query)


def run_picker(store: Store, names: list[str], view: ViewState) -> None:
    """Choose the run; another run has its own classes, so C and filters start anew."""

    def picked() -> None:
        request(newest(view).changed(run=st.session_state[PICKER]))

    notes = {name: _note(store, name) for name in names}
    st.session_state[PICKER] = view.run
    with st.sidebar:
        st.selectbox("Run", names, key=PICKER, on_change=picked, format_func=lambda name: notes[name][0])
        st.html(f'<p class="lb-small">{html(notes[str(view.run)][1])}</p>')


def _note(store: Store, name: str) -> tuple[str, str]:
    """Give a run's entry in the list, and its line for people."""
    try:
        run = store.run(name)
    except ArtefactMissing:
        run = None  # it is being made, and not written yet
    except StoreError:
        return f"{name} (damaged)", "This run cannot be read."
    if run is not None and run.finished:
        return name, run.title
    state = unfinished(store, name)
    if state is None:
        return name, ""
    note = NOTES[state.kind]
    line = ": ".join(
        filter(None, (note.capitalize(), shown(state.title)[:LONGEST]))
    )  # the list has little room
    return f"{name} ({note})", line


def facts(context: ViewContext) -> None:
    """Show the classifier in use and what to know about it."""
    with st.sidebar:
        st.html(definitions(_in_use(context), "lb-facts"))
        if context.said is not None and "retrain" in context.pages:
            context.link("Change it", "retrain", icon=":material/tune:")
        if context.data.has("features") and is_stand_in(context.data):
            st.badge("Stand-in model", icon=":material/warning:", color="orange", help=STAND_IN)
        if context.store.scratch:
            st.caption(
                ":material/lock: This cache is read-only. New fits go to a temporary folder and are lost with it."
            )
    display.panel()
    if context.unfitted is not None and context.view.page != "retrain":  # which has its own place for it
        fit_request.watch(context)


def _in_use(context: ViewContext) -> list[tuple[str, ...]]:
    """Say which classifier is in use; of a run without one, what there is."""
    n = context.data.n_test
    if context.said is None:
        k = context.data.n_classes
        return [
            ("Test images" if judged_of(context.data).is_apart else "Images", thousands(n)),
            *([("Classes", thousands(k))] if k else []),
        ]
    accuracy, interval = accuracy_and_interval(context.said.n_correct, n)
    return [
        ("SVM penalty C", format_penalty(context.C), dials(context.setting)),
        (accuracy_name(judged_of(context.data)), accuracy, f"{interval}, {images(n)}"),
    ]
