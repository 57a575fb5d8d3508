"""Which classes are taken for which, and exactly those images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.components.class_matrix import MatrixContent, class_matrix
from dashboard.components.class_order import ORDER_MEANS, order_name, order_of
from dashboard.components.clickable_chart import choose_cell, clickable_matrix
from dashboard.components.text_blocks import heading
from dashboard.figures.confusion import confusion_figure
from dashboard.figures.matrix import NUMBERS_UP_TO, Choice
from dashboard.figures.theme import theme
from dashboard.images.drawer import show_selected
from dashboard.images.sheet import class_filters, image_sheet, link_to_map
from dashboard.page.bound import bound
from dashboard.page.context import ViewContext
from dashboard.run.data import folds_in, judged_of
from dashboard.run.predictions import cell_rows, untrained
from dashboard.statistics.scores import confusion_matrix
from dashboard.wording.comparison import untrained_sentence
from dashboard.wording.escaping import markdown
from dashboard.wording.judged import judged_images, noun
from dashboard.wording.numbers import images, percent, thousands
from dashboard.wording.setting import setting_name
from dashboard.workarounds.page_scripts import mend_charts

TITLE = "Confusion"
ICON = ":material/grid_on:"
ORDER = 30
NEEDS = ("dataset", "features", "classifier")

MOST_PAIRS = 8
"""Confused pairs to list, at least."""
PAIRS_A_CLASS = 0.5
"""And so many for each class, in a list that scrolls."""
TALLEST = 640
"""Pixels of that list."""
MOST_LISTED = 60
STYLES = Path(__file__).parents[1] / "styles" / "confusion.css"
CHART = "confusion matrix"
CELLS = {"counts": "Images", "rows": "Per cent of true class"}
ORDER_NAMES = {"similarity": "Similarity", "dataset": "Data set", "alphabet": "Alphabet"}


def render(context: ViewContext) -> None:
    """Draw the page."""
    said, data = context.predictions, context.data
    matrix = confusion_matrix(data.test_labels, said.predicted, data.n_classes)
    st.html(STYLES)
    _heading(context)
    chart, pairs = st.columns([2, 1], gap="medium")
    with chart:
        _matrix(context, matrix)
    with pairs:
        _pairs(context, matrix)
    _images(context, matrix)
    mend_charts(dark=context.dark)
    show_selected(context)


def most_confused(matrix: NDArray[np.int64], most: int) -> list[tuple[int, int, int]]:
    """List the largest counts off the diagonal.

    Parameters
    ----------
    matrix : ndarray of int64, shape (k, k)
        Counts; rows are true classes.
    most : int
        Entries to list; cells without images are never listed.

    Returns
    -------
    list of (int, int, int)
        True class, predicted class and count, largest count first; equal ones in the order of the classes.
    """
    errors = matrix.copy()
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[:most]
    cells = zip(*np.unravel_index(order, errors.shape), strict=True)
    return [(int(i), int(j), int(errors[i, j])) for i, j in cells if errors[i, j]]


def _heading(context: ViewContext) -> None:
    more = "brighter" if context.dark else "darker"
    heading(
        TITLE,
        "Each row is a true class, each column what the classifier said at "
        f"{setting_name(context.setting)}. Off the grey diagonal are the errors: the {more}, the more.",
    )


def _matrix(context: ViewContext, matrix: NDArray[np.int64]) -> None:
    few = len(matrix) <= NUMBERS_UP_TO
    chosen = order_name(context)
    with st.container(horizontal=True):
        _control(context, "Cells show", CELLS, "normalise", context.view.normalise)
        _control(context, "Order of classes", ORDER_NAMES, "order", chosen)
    order = order_of(context, matrix)
    (_chart if few else _canvas)(context, matrix, order)
    clicks = "Click a cell, a class name or a total to see exactly those images; click it again to clear."
    st.caption(f"{ORDER_MEANS[chosen]} {clicks}")


def _label(context: ViewContext, matrix: NDArray[np.int64]) -> str:
    n, right = judged_images(matrix.sum(), judged_of(context.data)), thousands(np.trace(matrix))
    return f"Confusion matrix of {n}, {right} of them on the diagonal"


def _chart(context: ViewContext, matrix: NDArray[np.int64], order: NDArray[np.intp]) -> None:
    places: dict[int | None, int] = {int(label): place for place, label in enumerate(order)}
    view = context.view
    figure = confusion_figure(
        matrix[np.ix_(order, order)],
        [context.data.class_names[label] for label in order],
        theme(context.dark),
        normalised=view.normalise == "rows",
        chosen=(places.get(view.true_label), places.get(view.predicted_label)),
    )
    clickable_matrix(context, figure, CHART, _label(context, matrix), order=order)


def _canvas(context: ViewContext, matrix: NDArray[np.int64], order: NDArray[np.intp]) -> None:
    view = context.view
    content = MatrixContent(
        matrix,
        context.data.class_names,
        order,
        normalised=view.normalise == "rows",
        chosen=(view.true_label, view.predicted_label),
        label=_label(context, matrix),
    )
    class_matrix(content, theme(context.dark), CHART, lambda choice: choose_cell(context, choice))


def _control(context: ViewContext, label: str, names: dict[str, str], attribute: str, chosen: str) -> None:
    st.segmented_control(
        label, list(names), format_func=names.__getitem__, **bound(context, attribute, chosen)
    )


def _pairs(context: ViewContext, matrix: NDArray[np.int64]) -> None:
    st.subheader("Most confused", anchor=False)
    most = min(max(MOST_PAIRS, round(PAIRS_A_CLASS * len(matrix))), MOST_LISTED)
    pairs = most_confused(matrix, most)
    if not pairs:
        st.caption(f"Nothing: every {noun(judged_of(context.data))} is predicted right.")
        return
    names, totals = [markdown(name) for name in context.data.class_names], matrix.sum(axis=1)
    st.caption("True class → predicted class, and how many of the true class that is.")
    with st.container(
        gap="xxsmall",
        key="confused-pairs",
        height="content" if len(pairs) <= MOST_PAIRS else TALLEST,
        border=False,
    ):
        for rank, (true, predicted, count) in enumerate(pairs, start=1):
            many = f"**{thousands(count)}** ({percent(count / totals[true])})"
            label = f"{rank}\\. {names[true]} → {names[predicted]}: {many}"
            context.link(label, "confusion", true_label=true, predicted_label=predicted, sheet=1)


def _images(context: ViewContext, matrix: NDArray[np.int64]) -> None:
    st.subheader("Images", anchor=False)
    class_filters(context)
    view, said = context.view, context.predictions
    if view.true_label is None and view.predicted_label is None:
        st.info("Choose a cell, a row or a column above to see its images.", icon=":material/touch_app:")
        return
    rows = cell_rows(said, view.true_label, view.predicted_label)
    names = [markdown(name) for name in context.data.class_names]
    missing = [
        label
        for label in untrained(said, folds_in(context.data))
        if label in (view.true_label, view.predicted_label)
    ]
    sentences = (
        describe(matrix, names, (view.true_label, view.predicted_label)),
        untrained_sentence(missing, context.data.class_names),
    )
    st.markdown(" ".join(filter(None, sentences)))
    if len(rows):
        link_to_map(context, outcome="all")
        image_sheet(context, rows[np.argsort(said.margin[rows], kind="stable")], "confusion images")


def describe(matrix: NDArray[np.int64], names: Sequence[str], choice: Choice) -> str:
    """Say in Markdown how many images a choice has, and how many of them are predicted right.

    Parameters
    ----------
    matrix : ndarray of int64, shape (k, k)
        Counts; rows are true classes.
    names : sequence of str
        Names of the classes, safe as Markdown.
    choice : tuple of (int or None, int or None)
        True and predicted class; nothing is said of everything.
    """
    true, predicted = choice
    if predicted is None:
        return _describe_class(matrix, names, true, "of true class", "recall") if true is not None else ""
    if true is None:
        return _describe_class(matrix.T, names, predicted, "predicted as", "precision")
    return _describe_cell(matrix, names, true, predicted)


def _describe_class(
    matrix: NDArray[np.int64], names: Sequence[str], label: int, what: str, score: str
) -> str:
    total, right = int(matrix[label].sum()), int(matrix[label, label])
    text = f"**{images(total)}** {what} **{names[label]}**"
    if total:
        wrong = f"{thousands(total - right)} wrong ({score} {percent(right / total)})"
        text += f": {thousands(right)} predicted right, {wrong}"
    return text + "."


def _describe_cell(matrix: NDArray[np.int64], names: Sequence[str], true: int, predicted: int) -> str:
    count, row, column = (
        int(matrix[true, predicted]),
        int(matrix[true].sum()),
        int(matrix[:, predicted].sum()),
    )
    verdict = "predicted right" if true == predicted else f"predicted as **{names[predicted]}**"
    text = f"**{images(count)}** of true class **{names[true]}**, {verdict}"
    if count:
        text += (
            f": {percent(count / row)} of all {names[true]}, {percent(count / column)} of all that is predicted as "
            f"{names[predicted]}"
        )
    return text + "."
