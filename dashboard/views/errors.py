"""The images the classifier gets wrong: what kinds there are, and each kind's images, worst first."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.analysis.slices import chosen_slice, described, show_slices
from dashboard.comparison.passing import passing
from dashboard.components.choices import Choice, choices
from dashboard.components.text_blocks import heading
from dashboard.images.drawer import show_selected
from dashboard.images.filters import filter_bar
from dashboard.images.master_detail import LIST, jump_to, master_detail
from dashboard.images.sheet import BESIDE, image_sheet, link_to_labels, link_to_map
from dashboard.page.bound import bound
from dashboard.page.context import ViewContext
from dashboard.page.filter import Filter
from dashboard.page.view_state import BY
from dashboard.run.data import judged_of
from dashboard.statistics.scores import confusion_matrix, most_confused
from dashboard.wording.escaping import markdown
from dashboard.wording.judged import judged_images, noun
from dashboard.wording.numbers import images, percent, thousands
from dashboard.wording.setting import setting_name
from dashboard.wording.terms import term

TITLE = "Errors"
ICON = ":material/error:"
ORDER = 40
NEEDS = ("dataset", "features", "classifier")

ALL = "all"
MOST_KINDS = 60
"""Kinds of errors to list."""
KINDS_MEAN = "True class → predicted class: images, and their share of all errors."


def render(context: ViewContext) -> None:
    """Draw the page."""
    rows, n_wrong = wrong_rows(context), context.data.n_test - context.predictions.n_correct
    heading(TITLE, lead(context, n_wrong))
    master, detail = master_detail(LIST)
    with master:
        _by(context)
        if context.view.by == "pairs":
            _kinds(context, n_wrong)
        elif not show_slices(context):
            return  # on a phone the images stand below, and would be pushed away
    with detail, jump_to(images(len(rows)), (context.view.filter, context.view.rows)):
        filter_bar(context)
        if len(rows):
            _images(context, rows, n_wrong)
        else:
            _empty(context)
    show_selected(context)


def wrong_rows(context: ViewContext) -> NDArray[np.intp]:
    """List the misclassified test images that pass the filters, worst margin first, intp (n,)."""
    said = context.predictions
    rows = np.flatnonzero(passing(context) & ~said.correct)
    return rows[np.argsort(said.margin[rows], kind="stable")]


def lead(context: ViewContext, n_wrong: int) -> str:
    """Say how many images are wrong, as HTML."""
    n, setting = context.data.n_test, setting_name(context.setting)
    told = f"{thousands(n_wrong)} of {judged_images(n, judged_of(context.data))} are predicted wrong at {setting}"
    return f"{told} ({percent(n_wrong / n)}). The lower the {term('margin')}, the worse."


def _by(context: ViewContext) -> None:
    """Choose by what errors are listed."""
    st.segmented_control(
        "Errors by",
        BY,
        format_func={"pairs": "Pairs of classes", "slices": "Slices"}.__getitem__,
        help="Slices are images that lie together in feature space and are wrong more often than others.",
        **bound(context, "by", filter=Filter(), rows=""),
    )


def _kinds(context: ViewContext, n_wrong: int) -> None:
    """List the pairs of true and predicted class that are errors, the largest first."""
    if not n_wrong:
        return
    view, cells = context.view, kinds(context)
    both = view.true_label, view.predicted_label
    chosen = both if view.filter.true or view.filter.predicted else None
    now = next((name for name, cell in cells.items() if cell == chosen), None)

    def picked(name: str | None) -> None:
        true, predicted = cells[name or ALL] or (None, None)
        context.change(true_label=true, predicted_label=predicted)

    st.caption(KINDS_MEAN)
    choices(kind_lines(context, n_wrong), "kinds of errors", now, picked, lines=True)


def kinds(context: ViewContext) -> dict[str, tuple[int, int] | None]:
    """Give the true and the predicted class of each kind of error by its name; None for all errors together."""
    matrix = confusion_matrix(context.data.test_labels, context.predictions.predicted, context.data.n_classes)
    pairs = [(true, predicted) for true, predicted, _ in most_confused(matrix, MOST_KINDS)]
    return {ALL: None, **{f"{true}.{predicted}": (true, predicted) for true, predicted in pairs}}


def kind_lines(context: ViewContext, n_wrong: int) -> list[Choice]:
    """Write a line for all errors, and one for each of their kinds, the largest first."""
    said, names = context.predictions, context.data.class_names
    matrix = confusion_matrix(context.data.test_labels, said.predicted, len(names))
    lines = [Choice(ALL, "All errors", thousands(n_wrong), percent(1.0))]
    for name, cell in kinds(context).items():
        if cell is not None:
            n, label = int(matrix[cell]), " → ".join(names[one] for one in cell)
            lines.append(Choice(name, label, thousands(n), percent(n / n_wrong)))
    return lines


def _images(context: ViewContext, rows: NDArray[np.intp], n_wrong: int) -> None:
    names, view = [markdown(name) for name in context.data.class_names], context.view
    what = (
        f"**{thousands(len(rows))}** of {thousands(n_wrong)} errors"
        if len(rows) < n_wrong
        else "**All errors**"
    )
    what += "" if view.true_label is None else f", true class **{names[view.true_label]}**"
    what += "" if view.predicted_label is None else f", predicted as **{names[view.predicted_label]}**"
    one = chosen_slice(context)
    st.markdown(f"{what}." if one is None else f"{described(one, context.data.class_names)} Shown: {what}.")
    link_to_map(context, outcome="wrong")
    link_to_labels(context, rows)
    image_sheet(context, rows, "errors", BESIDE)


def _empty(context: ViewContext) -> None:
    view = context.view
    with st.container(border=True):
        if view.filter == Filter() and not view.rows:
            st.markdown(
                f"**No errors.** Every {noun(judged_of(context.data))} is predicted right "
                f"at {setting_name(context.setting)}."
            )
            return
        right = view.true_label is not None and view.true_label == view.predicted_label
        if right or view.filter.outcome == "correct":
            text = "**No errors with these filters:** an image predicted as its true class is no error."
        else:
            text = "**No errors with these filters.** Choose another class, or clear the filters."
        st.markdown(text)
