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
from dashboard.analysis.pair_images import show_pair_images
from dashboard.analysis.pair_text import described, error_sentence, hardest_pairs, lanes, neighbour_sentence
from dashboard.analysis.results import axis_request, separability_request
from dashboard.components.clickable_chart import clickable_chart, clickable_matrix
from dashboard.components.text_blocks import heading
from dashboard.components.widget import row_index
from dashboard.figures.axis import axis_figure
from dashboard.figures.matrix import CLICKABLE_UP_TO, Choice
from dashboard.figures.palette import class_colours
from dashboard.figures.separability import pair_figure
from dashboard.figures.theme import theme
from dashboard.images.drawer import show_selected
from dashboard.images.sheet import class_filters
from dashboard.jobs.request import result
from dashboard.page.bound import bound_to
from dashboard.page.context import ViewContext
from dashboard.run.data import has_neighbourhoods, judged_of
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
ERRORS, NEIGHBOURS = "errors of pairs", "neighbours of classes"
MOST_PAIRS = 5
"""Hard pairs to list."""


def render(context: ViewContext) -> None:
    """Draw the page."""
    heading(
        TITLE,
        "A map in two dimensions may tear apart or mix what the features do not. Here every pair of "
        "classes is judged in the whole feature space: by a machine that tells the two apart, and by who lies near "
        "whom.",
    )
    offer = "Every pair of classes is cross-validated on its own training images."
    found = result(separability_request(context, context.setting, offer))
    if found is not None:
        _matrices(context, found)
    _pair(context, found)
    mend_charts(dark=context.dark)
    show_selected(context)


def _all_images(context: ViewContext) -> Setting:
    """Give the setting in use for all training images: here that dial does not count."""
    return replace(context.setting, per_class=None)


def _matrices(context: ViewContext, found: Artefact) -> None:
    names, error = context.data.class_names, found.array("error", mmap=False)
    judged = judged_of(context.data)
    learnt = taught_noun(judged)
    shares = found.array("neighbours", mmap=False)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Errors of each pair", anchor=False)
        _matrix(
            context,
            ERRORS,
            error,
            error_sentence(error, found.array("margin", mmap=False), names),
            means=True,
        )
        st.caption(
            f"Per cent of two classes' {learnt}s on the wrong side when held out: "
            f"{counted(found.manifest.facts['folds'], 'fold')}, {setting_name(_all_images(context))}."
        )
    with right:
        st.subheader("Nearest images", anchor=False)
        if has_neighbourhoods(context.data):
            _matrix(context, NEIGHBOURS, shares, neighbour_sentence(shares, names), means=False)
        st.caption(
            f"Of the {noun(judged)}s nearest to those of a row's class: per cent of each class. "
            "The diagonal is the purity."
            if has_neighbourhoods(context.data)
            else "There are so few images that each is among the nearest of every other."
        )
    _hardest(context, error)


def _matrix(
    context: ViewContext,
    key: str,
    shares: NDArray[np.float64],
    sentence: Callable[[Choice], str],
    *,
    means: bool,
) -> None:
    chosen = (context.view.true_label, context.view.predicted_label)
    alt = f"Matrix of {counted(context.data.n_classes, 'class', 'classes')}: {key}"
    figure = pair_figure(
        shares, context.data.class_names, theme(context.dark), sentence=sentence, means=means, chosen=chosen
    )
    clickable_matrix(context, figure, key, alt, group=None)


def _hardest(context: ViewContext, error: NDArray[np.float64]) -> None:
    names = [markdown(name) for name in context.data.class_names]
    pairs = hardest_pairs(error, MOST_PAIRS)
    if not pairs:
        return
    labels = {
        (first, second): f"{names[first]} and {names[second]}: **{percent(share)}**"
        for first, second, share in pairs
    }

    def chosen(pair: tuple[int, int] | None) -> None:
        first, second = pair or (None, None)
        context.change(true_label=first, predicted_label=second, group=None)

    view = context.view
    now = (view.true_label, view.predicted_label)
    st.pills(
        "Hardest to tell apart",
        list(labels),
        format_func=labels.__getitem__,
        **bound_to("hardest pairs", now if now in labels else None, chosen, empty=True),
    )


def _pair(context: ViewContext, found: Artefact | None) -> None:
    st.subheader("One pair, image by image", anchor=False)
    class_filters(context, "Other class", first="One class")
    first, second = context.view.true_label, context.view.predicted_label
    if first is None or second is None or first == second:
        clickable = found is not None and context.data.n_classes <= CLICKABLE_UP_TO
        ways = "Click a cell above, or choose" if clickable else "Choose"
        st.info(f"{ways} two classes, to see their images in order of their distance to the hyperplane.")
        return
    axis = result(axis_request(context, context.setting, first, second))
    if axis is None:
        return
    names = context.data.class_names
    held_out = float(found.array("error")[first, second]) if found is not None else np.nan
    safe = [markdown(name) for name in names]
    st.markdown(described(axis, safe, held_out, setting_name(_all_images(context)), judged_of(context.data)))
    _chart(context, axis)
    show_pair_images(context, axis)


def _chart(context: ViewContext, axis: PairAxis) -> None:
    names, palette = context.data.class_names, class_colours(context.data.n_classes, dark=context.dark)
    found = lanes(axis, names, (palette[axis.first], palette[axis.second]))
    figure = axis_figure(found, axis.edge, theme(context.dark), selected=context.view.selected)
    shown = set(axis.test.rows.tolist())

    def clicked(points: Sequence[Any]) -> None:
        row = clicked_row(points, shown)
        if row is not None:
            context.change(selected=row)

    judged = judged_of(context.data)
    learnt = taught_noun(judged)
    alt = f"{judged_images(len(shown), judged)} by their signed distance to the hyperplane"
    clickable_chart(figure, AXIS, alt, clicked)
    st.caption(
        f"Right of the line the machine says {markdown(names[axis.first])}, left of it {markdown(names[axis.second])}; "
        f"crosses are on the wrong side. Dashed: the edges of the margin. Below: the {learnt}s that hold it up"
        f"{'' if judged.is_apart else ', of the machine that has seen them all'}. Click an image above for its details."
    )


def clicked_row(points: Sequence[Any], shown: set[int]) -> int | None:
    """Read the image that was clicked; the browser may send anything, so only what is drawn counts."""
    return row_index(points[0].get("customdata"), shown) if points else None
