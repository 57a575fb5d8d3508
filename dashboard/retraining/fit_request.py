"""Ask for a fit at another setting, and go back to what was in use before."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.comparison.sides import versus_of
from dashboard.jobs import display, noted, request
from dashboard.jobs.request import Instead, Request
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from dashboard.run.fits import forget_oldest
from dashboard.run.of_process import one_of_process
from dashboard.run.predictions import Predictions
from dashboard.wording.penalty import read_penalty
from dashboard.wording.setting import setting_name
from pipeline.api import Progress, Retrainer, Setting

TYPED = "any other C"
PLACE = "fit"
"""Where fits are refused."""


@one_of_process
def retrainer() -> Retrainer:
    """Give what fits, with what it keeps from one fit to the next."""
    return Retrainer()


def show_penalty_field(context: ViewContext) -> None:
    """Draw the field for any C."""

    def submitted() -> None:
        with noted.refusing(PLACE):
            settings, C = context.data.settings, read_penalty(st.session_state[TYPED])
            choose(context, settings.resolve(replace(settings.relative(context.wanted), C=C)))

    refused = display.refusal()
    off = refused is not None
    with st.form("fit", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Any other C", key=TYPED, placeholder="for example 0.03", max_chars=40, disabled=off)
        st.form_submit_button("Fit", icon=":material/model_training:", on_click=submitted, disabled=off)
    if refused is not None:
        display.show_refusal(refused, "Other fits")


def choose(context: ViewContext, setting: Setting, data: RunData | None = None) -> None:
    """Use a setting on every page, from inside a widget's callback; if nobody has fitted it yet, start that.

    Parameters
    ----------
    context : ViewContext
        The run and the view.
    setting : Setting
        What to use, in full.
    data : RunData, optional
        Another run to use it of; what is in use now becomes what that is compared with.
    """
    run = data or context.data
    with noted.refusing(PLACE):
        if run.predictions(setting) is None:
            if context.unfitted is None:
                noted.remember(PLACE, context.view)
            _request(context, run, setting).submit()
        versus = context.now.versus if data is None else versus_of(context.data, context.setting)
        context.change(run=run.run.name, asked=run.settings.relative(setting), versus=versus)


def watch(context: ViewContext) -> None:
    """Show the fit that the URL asks for: how far it is, why it failed, or that it can be had."""
    noted.show_refusal(PLACE)
    wanted = context.unfitted
    if wanted is not None and request.result(_request(context, context.data, wanted)) is not None:
        st.rerun()  # it ended after the frame had looked for it


def _request(context: ViewContext, data: RunData, setting: Setting) -> Request[Predictions]:
    """Ask for the classifier of a run at some setting; runs that share a classifier share its live fits."""
    store, run, machine = context.store, data.run, retrainer()
    path = data.artefact("classifier")
    name, shown = setting_name(setting, context.setting), setting_name(context.setting, setting)

    def fit(progress: Progress) -> None:
        machine.retrain(store, run, setting, progress)
        forget_oldest(store, path)

    return Request(
        store,
        run,
        PLACE,
        (path.key, setting),
        compute=fit,
        find=partial(data.predictions, setting),
        action=f"Fitting {setting_name(setting)}",
        failure=f"The fit at {name} failed",
        button=f"Fit {name} now",
        offer=f"No classifier was fitted with {name} yet. Until then the pages show {shown}.",
        note=f"Until it is done, the pages show {shown}.",
        icon=":material/model_training:",
        instead=Instead(shown, lambda: _before(context)),
    )


def _before(context: ViewContext) -> ViewState:
    """Give the view with what was in use before the fit was asked for; the run's own, if that is not known."""
    past, now = noted.remembered(PLACE), context.now
    if past is not None and past.run != now.run and now.versus.run == past.run:
        return past
    usual = past if past is not None and past.run == now.run else ViewState()
    return now.changed(asked=usual.asked)
