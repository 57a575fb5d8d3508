"""Ask for a fit at another setting, watch it, and cancel it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from cache.errors import LazybonesError
from dashboard.comparison.sides import against
from dashboard.jobs import display
from dashboard.jobs.job import Job, JobState
from dashboard.page import messages
from dashboard.page.context import ViewContext, latest, request
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from dashboard.run.fits import forget_oldest
from dashboard.wording.markdown import plain
from dashboard.wording.penalty import read_penalty
from dashboard.wording.settings import setting_name
from pipeline.api import Progress, Retrainer, Setting

TYPED = "any other C"
_BEFORE = "lazybones.view_before_the_fit"
_REFUSED = "lazybones.setting_refused"


@st.cache_resource(show_spinner=False)
def retrainer() -> Retrainer:
    """Give what fits, with what it keeps from one fit to the next."""
    return Retrainer()


def ask(context: ViewContext) -> None:
    """Draw the field for any C."""
    with st.form("fit", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Any other C", key=TYPED, placeholder="for example 0.03", max_chars=40)
        st.form_submit_button("Fit", icon=":material/model_training:", on_click=_typed(context))


def choose(context: ViewContext, setting: Setting, data: RunData | None = None) -> None:
    """Use a setting on every page, from inside a widget's callback; if nobody has fitted it yet, start that.

    Parameters
    ----------
    context : ViewContext
        The run and the view.
    setting : Setting
        What to use.
    data : RunData, optional
        Another run to use it of; what is in use now becomes what that is compared with.
    """
    run = data or context.data
    setting = run.setting(setting)
    try:
        if run.predictions(setting) is None:
            _start(context, run, setting)
        pinned = {} if data is None else against(context.data, context.setting)
        context.change(run=run.run.name, **pinned, **run.said(setting))
    except LazybonesError as error:
        st.session_state[_REFUSED] = error.message


def refuse(error: LazybonesError) -> None:
    """Say at the next script run what cannot be."""
    st.session_state[_REFUSED] = error.message


def watch(context: ViewContext) -> None:
    """Show the fit that the URL asks for: how far it is, why it failed, or that it can be had."""
    setting = context.unfitted
    _show_refusal()
    if setting is None:
        return
    mine = display.queue().find(_key(context.data, setting))
    if mine is not None and mine.state is JobState.DONE and context.data.predictions(setting) is not None:
        st.rerun()  # it ended after the frame had looked for it
    if mine is None or mine.state.over:
        _offer(context, setting, mine)
    else:
        st.fragment(_progress, run_every=display.POLL)(context, mine)


def _typed(context: ViewContext) -> Callable[[], None]:
    def submitted() -> None:
        try:
            choose(context, context.wanted.at(read_penalty(st.session_state[TYPED])))
        except LazybonesError as error:
            refuse(error)

    return submitted


def _show_refusal() -> None:
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.error(plain(refused), icon=":material/error:")


def _start(context: ViewContext, data: RunData, setting: Setting) -> None:
    """Queue a fit, or join the one that is there."""
    store, run, machine = context.store, data.run, retrainer()
    path = data.artefact("classifier")

    def fit(progress: Progress) -> None:
        machine.retrain(store, run, setting, progress)
        forget_oldest(store, path)

    if context.unfitted is None:
        st.session_state[_BEFORE] = context.view
    title = f"Fitting {setting_name(setting)} of {run.name}"
    display.queue().submit(_key(data, setting), title, fit, display.watcher())


def _offer(context: ViewContext, setting: Setting, past: Job | None) -> None:
    """Offer to fit what the URL asks for: opening an address does not start a computation by itself."""
    error = past.error if past is not None else None
    asked, shown = setting_name(setting, context.setting), setting_name(context.setting, setting)
    if error is None:
        text = f"No classifier was fitted with {asked} yet. Until then the pages show {shown}."
        st.info(text, icon=":material/info:")
    else:
        display.show_failure(f"The fit at {asked} failed", error)
    label = f"Fit {asked} now" if error is None else "Try again"
    with st.container(horizontal=True, key="offer"):
        st.button(
            label, type="primary", icon=":material/model_training:", on_click=lambda: choose(context, setting)
        )
        st.button(f"Stay with {shown}", on_click=lambda: request(_before(context)))


def _progress(context: ViewContext, job: Job) -> None:
    """Draw the fit; runs every `work.POLL` seconds by itself."""
    with messages.shown():
        if job.state.over:
            st.rerun()
        with st.container(border=True, key="fits"):
            if display.progress(
                job, f"Until it is done, the pages show {setting_name(context.setting, context.wanted)}."
            ):
                request(_before(context))
                st.rerun()


def _key(data: RunData, setting: Setting) -> tuple[Any, ...]:
    """Give what makes two requests one: runs that share a classifier share its live fits."""
    rounded = setting.at(float(f"{setting.C:.12g}"))
    return ("fit", *map(str, data.store.roots), data.run.stages.get("classifier"), rounded)


def _before(context: ViewContext) -> ViewState:
    """Give the view with what was in use before the fit was asked for; the run's own, if that is not known."""
    past, now = st.session_state.get(_BEFORE), latest(context.view)
    if not isinstance(past, ViewState):
        return now.changed(C=None, kernel=None, gamma=None, per_class=None)
    if past.run != now.run:
        return (
            past if now.versus == past.run else now.changed(C=None, kernel=None, gamma=None, per_class=None)
        )
    return now.changed(C=past.C, kernel=past.kernel, gamma=past.gamma, per_class=past.per_class)
