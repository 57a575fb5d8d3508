"""Ask for a fit at another C, watch it, and cancel it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from cache.errors import LazybonesError
from dashboard import trouble, work
from dashboard.context import ViewContext
from dashboard.fits import forget_oldest
from dashboard.jobs import Job, JobState
from dashboard.penalty import read_penalty
from dashboard.plain import plain
from pipeline.api import Progress, Retrainer

TYPED = "any other C"
_BEFORE = "lazybones.C_before_the_fit"
_REFUSED = "lazybones.C_refused"


@st.cache_resource(show_spinner=False)
def retrainer() -> Retrainer:
    """Give what fits, with what it keeps from one fit to the next."""
    return Retrainer()


def ask(context: ViewContext) -> None:
    """Draw the field for any C."""
    with st.form("fit", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Any other C", key=TYPED, placeholder="for example 0.03", max_chars=40)
        st.form_submit_button("Fit", icon=":material/model_training:", on_click=_typed(context))
    _show_refusal()


def watch(context: ViewContext) -> None:
    """Show the fit that the URL asks for: how far it is, why it failed, or that it can be had."""
    C = context.unfitted_C
    if C is None:
        return
    mine = work.queue().find(_key(context, C))
    if mine is not None and mine.state is JobState.DONE and context.data.predictions(C) is not None:
        st.rerun()  # it ended after the frame had looked for it
    if mine is None or mine.state.over:
        _offer(context, C, mine)
    else:
        st.fragment(_progress, run_every=work.POLL)(context, mine)


def _typed(context: ViewContext) -> Callable[[], None]:
    def submitted() -> None:
        try:
            C = read_penalty(st.session_state[TYPED])
            if context.data.predictions(C) is None:
                _start(context, C)
            context.change(C=C)
        except LazybonesError as error:
            st.session_state[_REFUSED] = error.message

    return submitted


def _wanted(context: ViewContext, C: float) -> Callable[[], None]:
    def clicked() -> None:
        try:
            _start(context, C)
        except LazybonesError as error:
            st.session_state[_REFUSED] = error.message

    return clicked


def _show_refusal() -> None:
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.error(plain(refused), icon=":material/error:")


def _start(context: ViewContext, C: float) -> None:
    """Queue a fit, or join the one that is there."""
    store, run, machine = context.store, context.run, retrainer()
    path = context.data.artefact("classifier")

    def fit(progress: Progress) -> None:
        machine.retrain(store, run, C, progress)
        forget_oldest(store, path)

    if context.unfitted_C is None:
        st.session_state[_BEFORE] = (run.name, context.view.C)
    title = f"Fitting C = {C:g} of {run.name}"
    work.queue().submit(_key(context, C), title, fit, work.watcher())


def _offer(context: ViewContext, C: float, past: Job | None) -> None:
    """Offer to fit the C of the URL: opening an address does not start a computation by itself."""
    error = past.error if past is not None else None
    if error is None:
        text = f"No classifier was fitted with C = {C:g} yet. Until then the pages show C = {context.C:g}."
        st.info(text, icon=":material/info:")
    else:
        work.show_failure(f"The fit at C = {C:g} failed", error)
    label = f"Fit C = {C:g} now" if error is None else "Try again"
    with st.container(horizontal=True, key="offer"):
        st.button(label, type="primary", icon=":material/model_training:", on_click=_wanted(context, C))
        st.button(f"Stay with C = {context.C:g}", on_click=lambda: context.change(C=_before(context)))
    _show_refusal()


def _progress(context: ViewContext, job: Job) -> None:
    """Draw the fit; runs every `work.POLL` seconds by itself."""
    with trouble.shown():
        if job.state.over:
            st.rerun()
        with st.container(border=True, key="fits"):
            if work.progress(job, f"Until it is done, the pages show C = {context.C:g}."):
                context.update(C=_before(context))


def _key(context: ViewContext, C: float) -> tuple[Any, ...]:
    """Give what makes two requests one: runs that share a classifier share its live fits."""
    return ("fit", *map(str, context.store.roots), context.run.stages.get("classifier"), float(f"{C:.12g}"))


def _before(context: ViewContext) -> float | None:
    """Give the C that was in use before the fit was asked for; None, the run's own, if that is not known."""
    run, C = st.session_state.get(_BEFORE, (None, None))
    return C if run == context.run.name else None
