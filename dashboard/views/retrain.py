"""Choose the SVM's penalty C, its kernel, its images and features, and see what that does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cache import Artefact
from cache.counting import counted
from dashboard.analysis.results import learning_request, validation_request
from dashboard.comparison.changes import show_changes
from dashboard.comparison.sides import Side, baseline
from dashboard.comparison.trials_table import baseline_picker, show_history
from dashboard.components.clickable_chart import STILL, clickable_chart
from dashboard.components.text_blocks import heading
from dashboard.figures.learning import learning_figure
from dashboard.figures.path import accuracy_figure
from dashboard.figures.theme import theme
from dashboard.images.drawer import show_selected
from dashboard.jobs.request import result
from dashboard.page.context import ViewContext
from dashboard.retraining import fit_request
from dashboard.retraining.controls import show_dials
from dashboard.run.cached import family_path
from dashboard.run.data import judged_of, most_taught
from dashboard.statistics.cross_validation import CrossValidation, cross_validation
from dashboard.statistics.learning_curve import learning_curve
from dashboard.wording.comparison import accuracy_and_interval
from dashboard.wording.escaping import markdown
from dashboard.wording.html import stat_cards
from dashboard.wording.judged import accuracy_name, advice, called, judged_sentence, learnt_from, taught_noun
from dashboard.wording.learning_curve import learning_sentences
from dashboard.wording.numbers import interval, interval95, percent, points, thousands
from dashboard.wording.penalty import format_penalty
from dashboard.wording.setting import dials, setting_name
from dashboard.workarounds.page_scripts import mend_charts
from pipeline.api import find, validation_of

TITLE = "Retrain"
ICON = ":material/tune:"
ORDER = 50
NEEDS = ("dataset", "features", "classifier")

CHART = "accuracy against C"


def render(context: ViewContext) -> None:
    """Draw the page."""
    heading(
        TITLE,
        "C says how hard the SVM tries to get every training image right. Change it, or what is "
        "below it, and accuracy, confusion, map and errors follow on every page.",
    )
    before, refusal = baseline(context)
    show_dials(context)
    fit_request.watch(context)
    st.html(numbers(context, before))
    st.caption(judged_sentence(judged_of(context.data)))
    _flips(context, before, refusal)
    validation = _validation(context)
    _curve(context, validation)
    _advice(context, validation)
    _learning(context)
    show_history(context, before)
    mend_charts(dark=context.dark)
    show_selected(context)


def numbers(context: ViewContext, before: Side) -> str:
    """Write the accuracy, its change from another classifier, and the support vectors, as HTML."""
    said, data, after = context.predictions, context.data, Side.of(context)
    judged = judged_of(data)
    measured = accuracy_and_interval(said.n_correct, data.n_test)
    support = said.artefact.array("n_support")[said.row]
    gain = after.since(before).gain
    same = after.is_same(before)
    cards = (
        (f"{accuracy_name(judged)} at {setting_name(said.setting)}", *measured),
        (
            f"Against {before.name(after)}",
            "the same" if same else f"{points(gain.value)} points",
            "this is the baseline" if same else interval95(gain.low, gain.high, points),
        ),
        ("Training accuracy", percent(said.train_accuracy), learnt_from(said.n_trained, judged)),
        ("Support vectors", thousands(support.sum()), f"summed over {machines(said.artefact, support)}"),
    )
    return stat_cards(cards)


def machines(classifier: Artefact, support: NDArray[np.int32]) -> str:
    """Name the machines that a classifier is made of; those of a class without training images hold up nothing."""
    fitted = np.count_nonzero(support)
    if "one-vs-rest" in str(classifier.manifest.facts.get("solver")):
        return f"{counted(fitted, 'machine')}, each class against all others"
    return counted(fitted, "pair of classes", "pairs of classes")


def _flips(context: ViewContext, before: Side, refusal: str) -> None:
    heading, picker = st.columns([5, 3], gap="medium", vertical_alignment="bottom")
    with heading:
        st.subheader("What flipped", anchor=False)
    with picker:
        baseline_picker(context, before)
    if refusal:
        st.warning(markdown(f"{refusal} Comparing with {before.name(Side.of(context))} instead."))
    after = Side.of(context)
    if after.is_same(before):
        st.info(
            f"{setting_name(context.setting)} is the baseline itself. Move the slider, or choose "
            "another baseline, and the images that change sides appear here.",
            icon=":material/compare_arrows:",
        )
        return
    show_changes(context, before, after)
    if "compare" in context.pages:
        context.link("Compare them class by class", "compare", icon=":material/compare:", group=None)


def _validation(context: ViewContext) -> CrossValidation | None:
    stage = validation_of(context.data.artefact("classifier"), context.setting)
    found = find(context.store, stage, context.run.stages)
    if found is None:
        return None
    return cross_validation(found.array("C", mmap=False), found.array("accuracy", mmap=False))


def _curve(context: ViewContext, validation: CrossValidation | None) -> None:
    st.subheader("Accuracy against C", anchor=False)
    path = family_path(context.data, context.setting)
    if len(path.C) == 1 and context.setting.family != context.data.settings.own.family:
        st.caption(
            f"Only C = {format_penalty(context.C)} was fitted with the {dials(context.setting)} yet. "
            "Move the slider above: each C that you stop at is fitted, and joins the curve here."
        )
        return
    allowed = [*path.C, *(validation.C if validation else ())]

    def clicked(points: Sequence[Any]) -> None:
        C = clicked_penalty(points, allowed)
        if C is not None:
            fit_request.choose(context, context.setting.at(C))

    figure = accuracy_figure(
        path,
        theme(context.dark),
        chosen_C=context.C,
        own_C=context.run.C,
        validation=validation,
        called=called(judged_of(context.data)),
    )
    many = counted(len(path.C), "value")
    alt = f"Accuracy of what is judged and of what is learnt from at {many} of C; C = {context.C:g} is in use"
    clickable_chart(figure, CHART, alt, clicked)
    fitted = " Open diamonds were fitted live." if path.live.any() else ""
    st.caption(f"Of the {dials(context.setting)}. Click a point to use its C.{fitted}")


def clicked_penalty(points: Sequence[Any], allowed: Sequence[float]) -> float | None:
    """Read the C that was clicked; the browser may send anything, so only a C that is drawn counts."""
    data = points[0].get("customdata") if points else None
    return next(
        (float(C) for C in allowed if isinstance(data, int | float) and np.isclose(C, data, atol=0)), None
    )


def _advice(context: ViewContext, validation: CrossValidation | None) -> None:
    st.subheader("Which C is best?", anchor=False)
    st.markdown(advice(judged_of(context.data)))
    if validation is None:
        offer = f"There is no cross-validation of the {dials(context.setting)} yet."
        result(validation_request(context, context.setting, offer))
        return
    best, simple = validation.best_C, validation.one_standard_error_C
    at = int(np.argmax(validation.mean))
    mean, error = float(validation.mean[at]), float(validation.standard_error[at])
    text = (
        f"Over {counted(validation.folds, 'fold')}, C = {format_penalty(best)} has the best mean accuracy, "
        f"{percent(mean)} ± {percent(error)} (standard error)."
    )
    if simple != best:
        text += f" The smallest C within one standard error of it is {format_penalty(simple)}: simpler, hardly worse."
    st.markdown(text)
    with st.container(horizontal=True):
        _use(context, "Use the cross-validated choice", best, "primary")
        if simple != best:
            _use(context, "Use the simplest within one standard error", simple, "secondary")


def _learning(context: ViewContext) -> None:
    st.subheader("Would more training images help?", anchor=False)
    setting = replace(context.setting, per_class=None)
    name = setting_name(setting)
    judged = judged_of(context.data)
    offer = f"A learning curve fits {name} on random parts of the {taught_noun(judged)}s."
    found = result(learning_request(context, setting, offer))
    if found is None:
        return
    largest = most_taught(context.data)
    curve = learning_curve(found.array("sizes", mmap=False), found.array("accuracy", mmap=False), largest)
    st.markdown(learning_sentences(curve, judged))
    figure = learning_figure(curve, theme(context.dark))
    alt = f"{accuracy_name(judged)} by training images a class: {interval(curve.sizes[0], curve.sizes[-1], thousands)}"
    st.plotly_chart(figure, key="learning curve", config=STILL, alt=alt)
    apart = (
        "" if judged.is_apart else " Each part is measured on images of a fold that it was not drawn from."
    )
    st.caption(
        f"At {name}. The band is one standard error over {counted(curve.parts, 'random part')}.{apart}"
    )


def _use(context: ViewContext, label: str, C: float, kind: Any) -> None:
    used = context.C == C and context.unfitted is None
    st.button(
        f"{label} (C = {format_penalty(C)})",
        type=kind,
        disabled=used,
        help="In use" if used else None,
        on_click=lambda: fit_request.choose(context, context.setting.at(C)),
    )
