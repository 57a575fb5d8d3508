"""Which classes are taken for which, and exactly those images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.comparison.passing import passing
from dashboard.components.choices import Choice as Line
from dashboard.components.choices import choices
from dashboard.components.class_matrix import MatrixContent, class_matrix
from dashboard.components.class_order import ORDER_MEANS, order_name, order_of
from dashboard.components.clickable_chart import choose_cell, clickable_matrix
from dashboard.components.text_blocks import heading
from dashboard.figures.cells import NUMBERS_UP_TO
from dashboard.figures.confusion import confusion_figure
from dashboard.figures.drawn import Drawn
from dashboard.figures.matrix import Choice
from dashboard.figures.theme import theme
from dashboard.images.drawer import show_selected
from dashboard.images.filters import filter_bar
from dashboard.images.master_detail import jump_to, master_detail
from dashboard.images.sheet import BESIDE, image_sheet, link_to_labels, link_to_map
from dashboard.page.bound import bound
from dashboard.page.context import ViewContext
from dashboard.page.filter import Filter
from dashboard.page.view_state import ViewState
from dashboard.run.data import folds_in, judged_of
from dashboard.run.predictions import untrained
from dashboard.run.shared import shared
from dashboard.statistics.scores import confusion_matrix, most_confused
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
"""And so many for each class."""
MOST_LISTED = 60
CHART = "confusion matrix"
PAIRS_MEAN = "True class → predicted class: images, and their share of the true class."
CELLS = {"counts": "Images", "rows": "Per cent of true class"}
ORDER_NAMES = {"similarity": "Similarity", "dataset": "Data set", "alphabet": "Alphabet"}


def render(context: ViewContext) -> None:
    """Draw the page."""
    said, data = context.predictions, context.data
    matrix = confusion_matrix(data.test_labels, said.predicted, data.n_classes)
    cell, is_asked = chosen_cell(context.view, matrix)
    heading(
        TITLE,
        f"Which classes are taken for which, at {setting_name(context.setting)}. Off the diagonal are errors.",
    )
    master, detail = master_detail()
    with master:
        _matrix(context, matrix, cell)
        _pairs(context, matrix, cell, is_asked=is_asked)
    rows = shown_rows(context, cell, is_asked=is_asked)
    rows = rows[np.argsort(said.margin[rows], kind="stable")]
    with detail, jump_to(images(len(rows)), cell):
        _images(context, matrix, cell, rows, is_asked=is_asked)
    mend_charts(dark=context.dark)
    show_selected(context)


def chosen_cell(view: ViewState, matrix: NDArray[np.int64]) -> tuple[Choice, bool]:
    """Give the classes whose images are shown, and whether the URL says so: else it is the largest group of errors."""
    asked = view.true_label, view.predicted_label
    worst = most_confused(matrix, 1)
    if view.filter.true or view.filter.predicted or not worst:
        return asked, True
    return worst[0][:2], False


def shown_rows(context: ViewContext, cell: Choice, *, is_asked: bool) -> NDArray[np.intp]:
    """List the test images of the classes that are shown which pass the filter, intp (n,)."""
    filters = context.view.filter
    if not is_asked:
        true, predicted = (() if label is None else (label,) for label in cell)
        filters = replace(filters, true=true, predicted=predicted)
    some = filters.true or filters.predicted
    return np.flatnonzero(passing(context, filters)) if some else np.empty(0, np.intp)


def _matrix(context: ViewContext, matrix: NDArray[np.int64], cell: Choice) -> None:
    few = len(matrix) <= NUMBERS_UP_TO
    chosen = order_name(context)
    with st.container(horizontal=True, key="matrix-controls"):
        _control(context, "Cells show", CELLS, "normalise", context.view.normalise)
        _control(context, "Order of classes", ORDER_NAMES, "order", chosen)
    order = order_of(context, matrix)
    (_chart if few else _canvas)(context, matrix, order, cell)
    st.caption(f"{ORDER_MEANS[chosen]} Click a cell, a class name or a total to see exactly those images.")


def matrix_label(context: ViewContext, matrix: NDArray[np.int64]) -> str:
    """Say what the matrix shows, for screen readers."""
    n, right = judged_images(matrix.sum(), judged_of(context.data)), thousands(np.trace(matrix))
    return f"Confusion matrix of {n}, {right} of them on the diagonal"


def _chart(context: ViewContext, matrix: NDArray[np.int64], order: NDArray[np.intp], cell: Choice) -> None:
    places: dict[int | None, int] = {int(label): place for place, label in enumerate(order)}
    names = tuple(context.data.class_names[label] for label in order)
    chosen = places.get(cell[0]), places.get(cell[1])
    figure = _drawn(
        matrix[np.ix_(order, order)], names, chosen, context.view.normalise == "rows", context.dark
    )
    clickable_matrix(context, figure, CHART, matrix_label(context, matrix), order=order)


@shared(lambda matrix, *others: (matrix.tobytes(), *others), 50)
def _drawn(
    matrix: NDArray[np.int64], names: tuple[str, ...], chosen: Choice, normalised: bool, dark: bool
) -> Drawn:
    return Drawn(confusion_figure(matrix, names, theme(dark), normalised=normalised, chosen=chosen))


def _canvas(context: ViewContext, matrix: NDArray[np.int64], order: NDArray[np.intp], cell: Choice) -> None:
    content = MatrixContent(
        matrix,
        context.data.class_names,
        order,
        normalised=context.view.normalise == "rows",
        chosen=cell,
        label=matrix_label(context, matrix),
    )
    class_matrix(content, theme(context.dark), CHART, lambda choice: choose_cell(context, choice))


def _control(context: ViewContext, label: str, names: dict[str, str], attribute: str, chosen: str) -> None:
    st.segmented_control(
        label, list(names), format_func=names.__getitem__, **bound(context, attribute, chosen)
    )


def _pairs(context: ViewContext, matrix: NDArray[np.int64], cell: Choice, *, is_asked: bool) -> None:
    lines = pair_lines(context, matrix)
    if not lines:
        return
    cells = {line.name: _pair_of(line.name) for line in lines}
    now = next((name for name, pair in cells.items() if pair == cell), None)

    def picked(name: str | None) -> None:
        true, predicted = cells[name] if name else (None, None) if is_asked else cell
        context.change(true_label=true, predicted_label=predicted)

    st.header("Most confused", anchor=False)
    st.caption(PAIRS_MEAN)
    choices(lines, "confused pairs", now, picked, lines=True)


def pair_lines(context: ViewContext, matrix: NDArray[np.int64]) -> list[Line]:
    """Write a line for each of the cells off the diagonal that have most images."""
    names, totals = context.data.class_names, matrix.sum(axis=1)
    most = min(max(MOST_PAIRS, round(PAIRS_A_CLASS * len(matrix))), MOST_LISTED)
    return [
        Line(
            f"{true}.{predicted}",
            f"{names[true]} → {names[predicted]}",
            thousands(n),
            percent(n / totals[true]),
        )
        for true, predicted, n in most_confused(matrix, most)
    ]


def _pair_of(name: str) -> tuple[int, int]:
    true, _, predicted = name.partition(".")
    return int(true), int(predicted)


def _images(
    context: ViewContext, matrix: NDArray[np.int64], cell: Choice, rows: NDArray[np.intp], *, is_asked: bool
) -> None:
    filter_bar(context)
    said, names = context.predictions, [markdown(name) for name in context.data.class_names]
    filters = context.view.filter
    if cell == (None, None) and not (filters.true or filters.predicted):
        alright = f"**No errors:** every {noun(judged_of(context.data))} is predicted right."
        st.markdown(f"{alright} Choose a class or a cell to see its images.")
        return
    classes = {*cell, *filters.true, *filters.predicted}
    missing = [label for label in untrained(said, folds_in(context.data)) if label in classes]
    sentences = (
        "" if is_asked else "The largest group of errors:",
        _described(matrix, names, cell, filters, len(rows)),
        untrained_sentence(missing, context.data.class_names),
    )
    st.markdown(" ".join(filter(None, sentences)))
    if len(rows):
        link_to_map(context, filters.outcome, None if is_asked else cell)
        link_to_labels(context, rows)
        image_sheet(context, rows, "confusion images", BESIDE)


def _described(matrix: NDArray[np.int64], names: Sequence[str], cell: Choice, filters: Filter, n: int) -> str:
    """Say how many images pass; of a class or a cell alone, more."""
    alone = max(len(filters.true), len(filters.predicted)) <= 1
    if alone and replace(filters, true=(), predicted=()) == Filter():
        return describe(matrix, names, cell)
    return f"**{images(n)}** of {images(matrix.sum())} pass the filters."


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
