"""Step back to what was tried, and choose what to compare with."""

from __future__ import annotations

import streamlit as st

from cache import Artefact
from dashboard.comparison.sides import Side, rivals, versus_of, with_penalty
from dashboard.comparison.trials import Trial, annotate, trial_of, trials
from dashboard.components.history_table import HistoryRow, history_table
from dashboard.page.bound import bound_to
from dashboard.page.context import ViewContext
from dashboard.page.view_state import Versus
from dashboard.run.cached import live_fits_of, open_run, settings_of
from dashboard.run.data import RunData
from dashboard.run.predictions import Predictions
from dashboard.run.shared import shared
from dashboard.statistics.scores import wilson_interval
from dashboard.wording.numbers import interval, p_value, percent, points
from dashboard.wording.penalty import format_penalty
from dashboard.wording.setting import dials, setting_name
from pipeline.api import Setting, setting_of

PICKER = "baseline"

Choice = tuple[str, Setting]
"""The name of a run, and a setting in full."""


def baseline_picker(context: ViewContext, before: Side) -> None:
    """Choose what to compare with: another setting that was fitted, or another run of the same test images."""
    own = context.run.name
    listed: list[Choice] = [(own, setting) for setting in settings_of(context.data)]
    listed += [(side.data.run.name, side.predictions.setting) for side in rivals(context)]
    now = (before.data.run.name, before.predictions.setting)
    listed += [] if now in listed else [now]
    usual = (own, context.data.settings.own)

    def named(choice: Choice) -> str:
        run, setting = choice
        text = setting_name(setting)
        return f"{text} (the run's own)" if choice == usual else text if run == own else f"{run}, {text}"

    widget = bound_to(PICKER, now, lambda choice: pin(context, choice))
    st.selectbox("Compare with", listed, format_func=named, **widget)


def pin(context: ViewContext, choice: Choice) -> None:
    """Compare with a setting from now on."""
    run, setting = choice
    is_own = choice == (context.run.name, context.data.settings.own)
    pinned = Versus() if is_own else versus_of(_data(context, run), setting, seen_from=context.run.name)
    context.change(versus=pinned, group=None)


def use(context: ViewContext, choice: Choice, before: Side) -> None:
    """Use a setting on every page; what is compared with stays."""
    run, setting = choice
    if run == context.run.name:
        context.change(asked=context.data.settings.relative(setting))
        return
    pinned = versus_of(before.data, before.predictions.setting, seen_from=run)
    context.change(run=run, asked=with_penalty(_data(context, run), setting), versus=pinned)


def _data(context: ViewContext, run: str) -> RunData:
    return context.data if run == context.run.name else open_run(context.store, run)


def show_history(context: ViewContext, before: Side) -> None:
    """Draw what was tried in this session, and what was fitted in earlier ones."""
    st.header("Tried so far", anchor=False)
    listed = settings(context, before)
    if len(listed) == 1:
        st.caption(
            "Every setting you look at is kept here, to note what you think of it and to step back to, until this "
            "page is closed or reloaded."
        )
    else:
        st.caption(
            "Latest first. *Use* steps back to a setting; *Pin* makes it the baseline that the others are compared "
            "with. Of many settings tried, one will look good by chance: p is for a single comparison. Notes and "
            "order last until this page is closed or reloaded; what was fitted stays."
        )
    base = trial_of(before)
    history_table(
        [row_of(trial, base, context) for trial in listed],
        "history",
        use=lambda row: use(context, listed[row].name, before),
        pin=lambda row: pin(context, listed[row].name),
        note=lambda row, text: annotate(listed[row].name, text),
    )


def settings(context: ViewContext, before: Side) -> list[Trial]:
    """List what was tried, latest first, and then the run's live fits of earlier sessions, and the baseline."""
    tried = trials() or [trial_of(Side.of(context))]
    earlier = [_earlier(context.data, fit) for fit in live_fits_of(context.data)]
    earlier.sort(key=lambda trial: (dials(trial.setting), trial.setting.C))
    listed: dict[Choice, Trial] = {}
    for trial in (*tried, *earlier, trial_of(before)):
        listed.setdefault(trial.name, trial)
    return list(listed.values())


def row_of(trial: Trial, base: Trial, context: ViewContext) -> HistoryRow:
    """Write a setting for the table."""
    low, high = wilson_interval(trial.n_correct, trial.n)
    changed = _change(trial, base) if trial.is_like(base) else None
    pinned = trial.name == base.name
    return HistoryRow(
        run="" if trial.run == context.run.name else trial.run,
        C=format_penalty(trial.setting.C),
        dials=dials(trial.setting),
        accuracy=percent(trial.accuracy),
        interval=interval(low, high),
        change="the baseline" if pinned else f"{points(changed[0])} points" if changed else "other images",
        chance="" if pinned or changed is None else p_value(changed[1]),
        tried=trial.tried,
        note=trial.note,
        used=trial.name == (context.run.name, context.setting),
        pinned=pinned,
    )


@shared(lambda after, before: (after.right, before.right, after.n), 500)
def _change(after: Trial, before: Trial) -> tuple[float, float]:
    """Give by how much the accuracy is higher, and how likely that is by chance."""
    flips = after.since(before)
    return flips.gain.value, flips.p


@shared(lambda data, fit: (data.key, fit.digest), 2000)
def _earlier(data: RunData, fit: Artefact) -> Trial:
    said = Predictions(setting_of(fit), fit, 0, data.test_labels, data.train_labels)
    return trial_of(Side(data, said))
