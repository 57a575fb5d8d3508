"""Ask for a fit at another C, watch it, and cancel it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from cache.errors import LazybonesError
from dashboard import trouble
from dashboard.context import ViewContext
from dashboard.fits import forget_oldest
from dashboard.jobs import Job, JobQueue, JobReport, JobState
from dashboard.penalty import read_penalty
from dashboard.plain import plain
from pipeline.api import Progress, Retrainer

POLL = 0.5
"""Seconds between two looks at a fit that runs."""

TYPED = "any other C"
_BEFORE = "lazybones.C_before_the_fit"
_REFUSED = "lazybones.C_refused"
_WATCHER = "lazybones.watcher"


@st.cache_resource(show_spinner=False)
def queue() -> JobQueue:
    """Give the queue that all sessions of this process share."""
    return JobQueue()


@st.cache_resource(show_spinner=False)
def _retrainer() -> Retrainer:
    """Give what fits, with what it keeps from one fit to the next."""
    return Retrainer()


def ask(context: ViewContext) -> None:
    """Draw the field for any C."""
    with st.form("fit", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Any other C", key=TYPED, placeholder="for example 0.03", max_chars=40)
        st.form_submit_button("Fit", icon=":material/model_training:", on_click=_typed(context))
    _show_refusal()


def watch(context: ViewContext) -> None:
    """Show the fit that the URL asks for, and what else runs or waits, for as long as there is anything."""
    mine = queue().find(_key(context, context.unfitted_C)) if context.unfitted_C is not None else None
    if (
        mine is not None
        and mine.state is JobState.DONE
        and context.data.predictions(context.unfitted_C) is not None
    ):
        st.rerun()  # it ended after the frame had looked for it
    if context.unfitted_C is not None and (mine is None or mine.state.over):
        _offer(context, context.unfitted_C, mine)
    alive = queue().alive()
    if alive:
        st.fragment(_progress, run_every=POLL)(context, mine if mine in alive else None)


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
    store, run, retrainer = context.store, context.run, _retrainer()
    path = context.data.artefact("classifier")

    def work(progress: Progress) -> None:
        retrainer.retrain(store, run, C, progress)
        forget_oldest(store, path)

    if context.unfitted_C is None:
        st.session_state[_BEFORE] = (run.name, context.view.C)
    queue().submit(_key(context, C), f"C = {C:g} of {run.title or run.name}", work, _watcher())


def _offer(context: ViewContext, C: float, past: Job | None) -> None:
    """Offer to fit the C of the URL: opening an address does not start a computation by itself."""
    error = past.error if past is not None else None
    if error is None:
        text = f"No classifier was fitted with C = {C:g} yet. Until then the pages show C = {context.C:g}."
        st.info(text, icon=":material/info:")
    elif isinstance(error, LazybonesError):
        trouble.show(f"The fit at C = {C:g} failed", error.message, error.remedy)
    else:
        trouble.show(f"The fit at C = {C:g} failed", "The server's log has the details.", None)
    label = f"Fit C = {C:g} now" if error is None else "Try again"
    with st.container(horizontal=True, key="offer"):
        st.button(label, type="primary", icon=":material/model_training:", on_click=_wanted(context, C))
        st.button(f"Stay with C = {context.C:g}", on_click=lambda: context.change(C=_before(context)))
    _show_refusal()


def _progress(context: ViewContext, mine: Job | None) -> None:
    """Draw the fit and the queue; runs every `POLL` seconds by itself."""
    with trouble.shown():
        alive = queue().alive()
        if (mine is not None and mine.state.over) or not alive:
            st.rerun()
        with st.container(border=True, key="fits"):
            if mine is not None:
                _mine(context, mine)
            for job in alive:
                if job is not mine:
                    _other(job)


def _mine(context: ViewContext, job: Job) -> None:
    report = queue().report(job, _watcher())
    bar, button = st.columns([4, 1], vertical_alignment="center")
    with bar:
        st.progress(report.share, text=f"**Fitting {plain(job.title)}**: {describe(report)}")
        st.caption(f"Until it is done, the pages show C = {context.C:g}.")
    with button:
        if st.button("Cancel", icon=":material/close:", width="stretch"):
            if not queue().cancel(job, _watcher()) and not job.state.over:
                st.toast(
                    "Somebody else waits for this fit too, so it goes on without you.",
                    icon=":material/group:",
                )
            context.update(C=_before(context))


def _other(job: Job) -> None:
    report = queue().report(job)
    st.caption(f":material/group: Another visitor's fit, {plain(job.title)}: {describe(report)}")


def describe(report: JobReport) -> str:
    """Say in words where a job stands: its place, or how far it is, how fast, and how long it will take."""
    if report.state is JobState.WAITING:
        return (
            f"waiting, {report.ahead} {'fit' if report.ahead == 1 else 'fits'} ahead. One fit runs at a time."
        )
    if not report.total:
        return "starting"
    words = [f"{report.done:,} of {report.total:,} {report.what}"]
    if report.rate is not None and report.seconds_left is not None:
        words += [f"{report.rate:,.3g} a second", f"about {_seconds(report.seconds_left)} left"]
    return ", ".join(words)


def _seconds(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def _key(context: ViewContext, C: float) -> tuple[Any, ...]:
    """Give what makes two requests one: runs that share a classifier share its live fits."""
    return (*map(str, context.store.roots), context.run.stages.get("classifier"), float(f"{C:.12g}"))


def _before(context: ViewContext) -> float | None:
    """Give the C that was in use before the fit was asked for; None, the run's own, if that is not known."""
    run, C = st.session_state.get(_BEFORE, (None, None))
    return C if run == context.run.name else None


def _watcher() -> str:
    return str(st.session_state.setdefault(_WATCHER, secrets.token_hex(8)))
