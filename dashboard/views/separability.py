"""Which classes the features hold apart: every pair in numbers, and one pair image by image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cache import Artefact
from cache.counting import counted
from dashboard.analysis.pair_images import ALONG, ordered, show_pair_images
from dashboard.analysis.pair_text import described, error_sentence, hardest_pairs, lanes, neighbour_sentence
from dashboard.analysis.results import axis_request, separability_request
from dashboard.components.choices import Choice as Line
from dashboard.components.choices import choices
from dashboard.components.clickable_chart import clickable_chart, clickable_matrix
from dashboard.components.text_blocks import heading
from dashboard.components.widget import row_index
from dashboard.figures.axis import axis_figure
from dashboard.figures.drawn import Drawn
from dashboard.figures.matrix import Choice
from dashboard.figures.separability import pair_figure
from dashboard.figures.theme import theme
from dashboard.images.drawer import show_selected
from dashboard.images.master_detail import EVEN, jump_to, master_detail
from dashboard.jobs.request import result
from dashboard.page.bound import bound_to
from dashboard.page.context import ViewContext
from dashboard.page.lists import offer, opens
from dashboard.run.data import colours_of, has_neighbourhoods, judged_of
from dashboard.statistics.scores import confusion_matrix
from dashboard.wording.escaping import markdown
from dashboard.wording.judged import judged_images, noun, taught_noun
from dashboard.wording.numbers import percent
from dashboard.wording.setting import setting_name
from dashboard.workarounds.page_scripts import mend_charts
from pipeline.api import PairAxis, Setting

TITLE = "Separability"
ICON = ":material/join_inner:"
ORDER = 45
NEEDS = ("dataset", "features", "classifier", "neighbours")

AXIS = "axis of the pair"
OFFER = "Each pair of classes can be cross-validated on its own training images."
ERRORS, NEIGHBOURS = "errors of pairs", "neighbours of classes"
ALONE = (
    "Here two classes are told apart by an SVM of their own, without the others; the Overview counts mistakes "
    "among all classes, so its hardest pair may be another one."
)
MOST_PAIRS = 8
"""Hard pairs to list."""

Pair = tuple[int, int]


def render(context: ViewContext) -> None:
    """Draw the page."""
    heading(TITLE, lead(context))
    master, detail = master_detail()
    with master:
        found = result(separability_request(context, context.setting, OFFER))
        pair, is_asked = chosen_pair(context, None if found is None else found.array("error"))
        if found is not None:
            _errors(context, found, pair)
    with detail, jump_to("this pair's images", pair):
        _pair(context, found, pair, is_asked=is_asked)
    if found is not None and has_neighbourhoods(context.data):
        _neighbours(context, found, pair)
    mend_charts(dark=context.dark)
    show_selected(context)


def lead(context: ViewContext) -> str:
    """Say what the page measures, as plain text."""
    at = setting_name(_all_images(context))
    return f"How well two classes can be told apart by all of their features, at {at}."


def chosen_pair(context: ViewContext, error: NDArray[np.float64] | None) -> tuple[Pair, bool]:
    """Give the pair of classes that is looked at, and whether the URL says so: else it is the hardest one.

    Parameters
    ----------
    context : ViewContext
        The view, which may name both classes, or one that the pair must have.
    error : ndarray of float64, shape (k, k), or None
        How hard each pair is; without it those count that are mixed up most often.
    """
    labels, k = (context.view.true_label, context.view.predicted_label), context.data.n_classes
    first, second = labels
    if first is not None and second is not None and first != second:
        return (first, second), True
    wanted = next((label for label in labels if label is not None), None)
    if error is None:
        mixed = confusion_matrix(context.data.test_labels, context.predictions.predicted, k)
        error = np.where(np.eye(k, dtype=bool), np.nan, mixed + mixed.T)
    if wanted is not None:
        error = np.where((np.arange(k) == wanted) | (np.arange(k) == wanted)[:, np.newaxis], error, np.nan)
    for one, other, _ in hardest_pairs(error, 1):
        return ((other, one) if wanted == other else (one, other)), False
    start = wanted or 0
    return (start, (start + 1) % k), False


def _all_images(context: ViewContext) -> Setting:
    """Give the setting in use for all training images: here that dial does not count."""
    return replace(context.setting, per_class=None)


def _errors(context: ViewContext, found: Artefact, pair: Pair) -> None:
    names, error = context.data.class_names, found.array("error")
    st.header("Errors of each pair", anchor=False)
    sentence = error_sentence(error, found.array("margin"), names)
    _matrix(context, ERRORS, error, sentence, pair, means=True)
    st.caption(ALONE)
    st.caption(errors_mean(context, found))
    _hardest(context, error, pair)


def errors_mean(context: ViewContext, found: Artefact) -> str:
    """Say what the matrix of errors counts."""
    return (
        f"Of two classes' {taught_noun(judged_of(context.data))}s: per cent on the wrong side of the boundary between "
        f"the two, when it was drawn without them ({counted(found.manifest.facts['folds'], 'fold')})."
    )


def neighbours_mean(context: ViewContext) -> str:
    """Say what the matrix of neighbours counts."""
    return (
        f"Of the {noun(judged_of(context.data))}s nearest to those of a row's class: per cent of each class. On the "
        "diagonal, those of the class itself: the higher, the fewer of other classes lie near it."
    )


def _neighbours(context: ViewContext, found: Artefact, pair: Pair) -> None:
    shares = found.array("neighbours")
    st.header("Which classes are neighbours", anchor=False)
    left, right = st.columns(EVEN, gap="medium")
    with left:
        sentence = neighbour_sentence(shares, context.data.class_names)
        _matrix(context, NEIGHBOURS, shares, sentence, pair, means=False)
    right.caption(neighbours_mean(context))


def _matrix(
    context: ViewContext,
    key: str,
    shares: NDArray[np.float64],
    sentence: Callable[[Choice], str],
    pair: Pair,
    *,
    means: bool,
) -> None:
    alt = f"Matrix of {counted(context.data.n_classes, 'class', 'classes')}: {key}"
    names, colours = context.data.class_names, theme(context.dark)
    figure = pair_figure(shares, names, colours, sentence=sentence, means=means, chosen=pair)
    clickable_matrix(context, Drawn(figure), key, alt, group=None)


def _hardest(context: ViewContext, error: NDArray[np.float64], pair: Pair) -> None:
    pairs = hardest_pairs(error, MOST_PAIRS)
    if not pairs:
        return
    cells = {f"{one}.{other}": (one, other) for one, other, _ in pairs}
    now = next((name for name, cell in cells.items() if set(cell) == set(pair)), None)

    def picked(name: str | None) -> None:
        one, other = cells[name] if name else pair
        context.change(true_label=one, predicted_label=other, group=None)

    st.header("Hardest to tell apart", anchor=False)
    choices(pair_lines(context, error), "hardest pairs", now, picked, lines=True)


def pair_lines(context: ViewContext, error: NDArray[np.float64]) -> list[Line]:
    """Write a line for each of the hardest pairs."""
    names = context.data.class_names
    return [
        Line(f"{one}.{other}", f"{names[one]} and {names[other]}", percent(share), "")
        for one, other, share in hardest_pairs(error, MOST_PAIRS)
    ]


def _pair_choice(context: ViewContext, pair: Pair) -> None:
    """Draw a field for each class of the pair: for keyboards, and where classes are too many to click."""
    with st.container(horizontal=True):
        for place, name in enumerate(("One class", "Other class")):

            def picked(label: int, place: int = place) -> None:
                one, other = (label, pair[1]) if place == 0 else (pair[0], label)
                context.change(true_label=one, predicted_label=other, group=None)

            st.selectbox(
                name,
                [label for label in range(context.data.n_classes) if label != pair[1 - place]],
                format_func=context.data.class_names.__getitem__,
                label_visibility="collapsed",
                **bound_to(name, pair[place], picked),
            )


def _pair(context: ViewContext, found: Artefact | None, pair: Pair, *, is_asked: bool) -> None:
    _pair_choice(context, pair)
    axis = result(axis_request(context, context.setting, *pair))
    if axis is None:
        return
    held_out = float(found.array("error")[pair]) if found is not None else np.nan
    safe = [markdown(name) for name in context.data.class_names]
    told = described(axis, safe, held_out, judged_of(context.data))
    st.markdown(told if is_asked else f"The hardest pair to tell apart: {told}")
    _chart(context, axis)
    show_pair_images(context, axis)
    offer(context, ALONG, axis.test.rows[ordered(axis, ALONG)])


def _chart(context: ViewContext, axis: PairAxis) -> None:
    names, palette = context.data.class_names, colours_of(context.data)
    found = lanes(axis, names, (palette[axis.first], palette[axis.second]))
    figure = axis_figure(found, axis.edge, theme(context.dark), selected=context.view.selected)
    shown, opened = set(axis.test.rows.tolist()), opens(context, ALONG)

    def clicked(points: Sequence[Any]) -> None:
        row = clicked_row(points, shown)
        if row is not None:
            opened(row)

    judged = judged_of(context.data)
    learnt = taught_noun(judged)
    alt = f"{judged_images(len(shown), judged)} by their signed distance to the hyperplane"
    clickable_chart(figure, AXIS, alt, clicked)
    seen = "" if judged.is_apart else ", where it was drawn with all of them"
    st.caption(
        f"Crosses: on the wrong side. Dashed: the margin. Below: the support vectors, {learnt}s that decide where the "
        f"boundary lies{seen}."
    )


def clicked_row(points: Sequence[Any], shown: set[int]) -> int | None:
    """Read the image that was clicked; the browser may send anything, so only what is drawn counts."""
    return row_index(points[0].get("customdata"), shown) if points else None
