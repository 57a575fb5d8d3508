"""Choose the SVM's penalty C, its kernel, its images and features, and see what that does."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import streamlit as st

from cache import Artefact
from cache.counting import counted
from dashboard.analysis.penalty_path import curve_content, suggested, validation_in_store
from dashboard.analysis.results import learning_request, validation_request
from dashboard.comparison.changes import show_changes
from dashboard.comparison.sides import Side, baseline
from dashboard.comparison.trials_table import baseline_picker, show_history
from dashboard.components.clickable_chart import STILL
from dashboard.components.penalty_curve import Suggestion, penalty_curve
from dashboard.components.text_blocks import heading
from dashboard.figures.drawn import Drawn
from dashboard.figures.learning import learning_figure
from dashboard.figures.theme import theme
from dashboard.images.drawer import show_selected
from dashboard.jobs.request import result
from dashboard.page.context import ViewContext
from dashboard.page.lists import SHEET, opens
from dashboard.retraining import fit_request
from dashboard.retraining.controls import show_dials
from dashboard.retraining.recommendation import Recommendation, recommendation
from dashboard.run.data import judged_of, most_taught
from dashboard.run.shared import shared
from dashboard.statistics.cross_validation import CrossValidation
from dashboard.statistics.learning_curve import LearningCurve, learning_curve
from dashboard.wording.escaping import html, markdown
from dashboard.wording.judged import accuracy_name, advice, judged_images, judged_sentence, taught_noun
from dashboard.wording.learning_curve import learning_sentences
from dashboard.wording.numbers import interval, percent, thousands
from dashboard.wording.penalty import format_penalty
from dashboard.wording.recommendation import RULE
from dashboard.wording.setting import dials, setting_name
from dashboard.wording.terms import term
from dashboard.workarounds.page_scripts import mend_charts
from pipeline.api import Setting

TITLE = "Retrain"
ICON = ":material/tune:"
ORDER = 50
NEEDS = ("dataset", "features", "classifier")

CURVE = "accuracy against C"


def render(context: ViewContext) -> None:
    """Draw the page."""
    heading(TITLE, lead())
    before, refusal = baseline(context)
    validation = validation_in_store(context)
    suggestion = suggested(context, before, validation)
    _curve(context, before, validation, suggestion)
    fit_request.watch(context)
    st.html(f'<p class="lb-small">{html(judged_sentence(judged_of(context.data)))} {terms()}</p>')
    _settings(context, before, refusal)
    _flips(context, before, suggestion)
    _advice(context, validation)
    _learning(context)
    show_history(context, before)
    mend_charts(dark=context.dark)
    show_selected(context)


def lead() -> str:
    """Say what the page is for, as HTML."""
    return f"Drag {term('C')}, the SVM's penalty: accuracy, confusion and images follow at once."


def terms() -> str:
    """Explain the words of the page that it has no room to explain where they stand, as HTML."""
    words = (term("support vector"), term("cross-validation"), term("kernel"), term("gamma"))
    return f"What the words mean: {', '.join(words)}."


def _curve(
    context: ViewContext, before: Side, validation: CrossValidation | None, suggestion: Suggestion | None
) -> None:
    def picked(C: float) -> None:
        setting = context.setting.at(C)
        if setting != context.wanted:
            fit_request.choose(context, setting)

    penalty_curve(
        curve_content(context, before, validation, suggestion),
        CURVE,
        picked=picked,
        opened=opens(context, SHEET),
        listed=lambda group: context.change(group=group),
    )


def _settings(context: ViewContext, before: Side, refusal: str) -> None:
    """Draw what can be changed besides dragging: another C, what is compared with, and the other dials."""
    if refusal:
        st.warning(markdown(f"{refusal} Comparing with {before.name(Side.of(context))} instead."))
    field, picker = st.columns(2, gap="medium", vertical_alignment="bottom")
    with field:
        fit_request.show_penalty_field(context)
    with picker:
        baseline_picker(context, before)
    show_dials(context)


def _flips(context: ViewContext, before: Side, suggestion: Suggestion | None) -> None:
    """List every image that changes sides; the curve shows those that change most."""
    after = Side.of(context)
    if after.is_same(before) and suggestion is not None:
        said = context.data.predictions(context.setting.at(suggestion.C))
        context = replace(context, said=said or context.said)
        after = Side.of(context)
    if after.is_same(before):
        return
    with st.container(key="flipped"):
        st.header("Every image that changed", anchor=False)
        show_changes(context, before, after)
    if "compare" in context.pages:
        context.link("Compare them class by class", "compare", icon=":material/compare:", group=None)


def _advice(context: ViewContext, validation: CrossValidation | None) -> None:
    st.header("Which C is best?", anchor=False)
    st.markdown(advice(judged_of(context.data)))
    if validation is None:
        offer = f"There is no cross-validation of the {dials(context.setting)} yet."
        result(validation_request(context, context.setting, offer))
        return
    found = recommendation(context.data, context.predictions)
    st.markdown(recommended(context, validation, found))
    setting = context.setting.at(validation.best_C) if found is None else found.best
    _use(context, setting, "primary" if found is not None and found.is_urged else "secondary")


def recommended(context: ViewContext, validation: CrossValidation, found: Recommendation | None) -> str:
    """Say in Markdown which C comes first in cross-validation, and whether it is recommended."""
    at = int(np.argmax(validation.mean))
    mean, error = float(validation.mean[at]), float(validation.standard_error[at])
    return (
        f"Over {counted(validation.folds, 'fold')}, C = {format_penalty(validation.best_C)} has the best mean "
        f"accuracy, {percent(mean)} ± {percent(error)} (standard error). {_other(context, found)}"
    )


def _other(context: ViewContext, found: Recommendation | None) -> str:
    """Say in Markdown whether another setting than the one in use is recommended, and by which rule."""
    if found is None:
        return RULE
    judged = judged_of(context.data)
    return f"{found.sentence(judged_images(judged.n_test, judged))} {RULE}"


def _learning(context: ViewContext) -> None:
    st.header("Would more training images help?", anchor=False)
    setting = replace(context.setting, per_class=None)
    name = setting_name(setting)
    judged = judged_of(context.data)
    offer = f"A learning curve fits {name} on random parts of the {taught_noun(judged)}s."
    found = result(learning_request(context, setting, offer))
    if found is None:
        return
    largest = most_taught(context.data)
    curve = learning_curve(found.array("sizes"), found.array("accuracy"), largest)
    st.markdown(learning_sentences(curve, judged))
    figure = _drawn(found, curve, context.dark)
    alt = f"{accuracy_name(judged)} by training images a class: {interval(curve.sizes[0], curve.sizes[-1], thousands)}"
    st.plotly_chart(figure, key="learning curve", config=STILL, alt=alt)
    apart = (
        "" if judged.is_apart else " Each part is measured on images of a fold that it was not drawn from."
    )
    st.caption(
        f"At {name}. The band is one standard error over {counted(curve.parts, 'random part')}.{apart}"
    )


@shared(lambda found, curve, dark: (found.digest, dark), 50)
def _drawn(found: Artefact, curve: LearningCurve, dark: bool) -> Drawn:
    return Drawn(learning_figure(curve, theme(dark)))


def _use(context: ViewContext, setting: Setting, kind: Literal["primary", "secondary"]) -> None:
    used = context.setting == setting and context.unfitted is None
    st.button(
        f"Use the best in cross-validation ({markdown(setting_name(setting, context.setting))})",
        type=kind,
        disabled=used,
        help="In use" if used else None,
        on_click=lambda: fit_request.choose(context, setting),
    )
