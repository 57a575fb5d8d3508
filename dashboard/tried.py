"""Step back to what was tried, and choose what to compare with."""

from __future__ import annotations

from typing import Any

import streamlit as st
from numpy.typing import NDArray

from dashboard.components.history_table import HistoryRow, history_table
from dashboard.context import ViewContext
from dashboard.data import Predictions
from dashboard.fits import classifier_keys, live_fit
from dashboard.flips import points, spoken_p
from dashboard.history import Trial, annotate, trial_of, trials
from dashboard.metrics import wilson_interval
from dashboard.penalty import format_penalty
from dashboard.rivals import rivals
from dashboard.versus import Side, in_use

PICKER = "baseline"

Setting = tuple[str, float]
"""The name of a run, and a penalty."""


def baseline_picker(context: ViewContext, before: Side, fitted: NDArray[Any]) -> None:
    """Choose what to compare with: another C that was fitted, or another run of the same test images."""
    own = context.run.name
    settings = [(own, float(C)) for C in fitted]
    settings += [(side.data.run.name, side.said.C) for side in rivals(context)]
    now = (before.data.run.name, before.said.C)
    settings += [] if now in settings else [now]

    def named(setting: Setting) -> str:
        run, C = setting
        text = f"C = {format_penalty(C)}"
        return (
            f"{text} (the run's own)"
            if setting == (own, context.run.C)
            else text
            if run == own
            else f"{run}, {text}"
        )

    def picked() -> None:
        pin(context, st.session_state[PICKER])

    st.session_state[PICKER] = now
    st.selectbox("Compare with", settings, key=PICKER, format_func=named, on_change=picked)


def pin(context: ViewContext, setting: Setting) -> None:
    """Compare with a setting from now on."""
    run, C = setting
    other = run != context.run.name
    own = not other and C == context.run.C
    context.change(versus=run if other else None, versus_C=None if own else C, group=None)


def use(context: ViewContext, setting: Setting, before: Side) -> None:
    """Use a setting on every page; what is compared with stays."""
    run, C = setting
    if run == context.run.name:
        context.change(C=None if context.run.C == C else C)
        return
    base = before.data.run.name
    context.change(run=run, C=C, versus=None if base == run else base, versus_C=before.said.C)


def show_history(context: ViewContext, before: Side) -> None:
    """Draw what was tried in this session, and what was fitted in earlier ones."""
    st.subheader("Tried so far", anchor=False)
    listed = settings(context)
    if len(listed) == 1:
        st.caption(
            "Every setting you look at is kept here, to note what you think of it and to step back to."
        )
    else:
        st.caption(
            "Latest first. *Use* steps back to a setting; *Pin* makes it the baseline that the others are compared "
            "with. Of many settings tried, one will look good by chance: p is for a single comparison."
        )
    base = trial_of(before)
    history_table(
        [row_of(trial, base, context) for trial in listed],
        "history",
        use=lambda row: use(context, listed[row].name, before),
        pin=lambda row: pin(context, listed[row].name),
        note=lambda row, text: annotate(listed[row].name, text),
    )


def settings(context: ViewContext) -> list[Trial]:
    """List what was tried, latest first, and then the run's live fits of earlier sessions."""
    tried = trials() or [trial_of(in_use(context))]
    known = {trial.name for trial in tried}
    path = context.data.artefact("classifier")
    fits = (_earlier(context, key, path.key) for key in classifier_keys(context.store) if key != path.key)
    earlier = [fit for fit in fits if fit is not None and fit.name not in known]
    return [*tried, *sorted(earlier, key=lambda fit: fit.C)]


def row_of(trial: Trial, base: Trial, context: ViewContext) -> HistoryRow:
    """Write a setting for the table."""
    low, high = wilson_interval(trial.n_correct, trial.n)
    flips = trial.since(base)
    pinned = trial.name == base.name
    return HistoryRow(
        run="" if trial.run == context.run.name else trial.run,
        C=format_penalty(trial.C),
        accuracy=f"{trial.accuracy:.2%}",
        interval=f"{low:.1%} to {high:.1%}",
        change="the baseline"
        if pinned
        else f"{points(flips.gain.value)} points"
        if flips
        else "other images",
        chance="" if pinned or flips is None else spoken_p(flips.p),
        tried=trial.tried,
        note=trial.note,
        used=trial.name == (context.run.name, context.C),
        pinned=pinned,
    )


@st.cache_resource(max_entries=2000, show_spinner=False)
def _earlier(_context: ViewContext, key: str, path_key: str) -> Trial | None:
    data = _context.data
    fit = live_fit(_context.store, key, data.artefact("classifier"))
    if fit is None:
        return None
    said = Predictions(float(fit.array("C")[0]), fit, 0, data.test_labels, data.train_labels)
    return trial_of(Side(data, said))
