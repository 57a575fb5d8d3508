"""The images the classifier gets wrong, worst first."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.components.text_blocks import heading
from dashboard.images.drawer import show_selected
from dashboard.images.sheet import Sheet, class_filters, image_sheet, link_to_map
from dashboard.page.context import ViewContext
from dashboard.run.data import judged_of
from dashboard.run.predictions import cell_rows
from dashboard.wording.judged import judged_images, judged_sentence, noun
from dashboard.wording.numbers import percent, thousands
from dashboard.wording.setting import setting_name

TITLE = "Errors"
ICON = ":material/error:"
ORDER = 40
NEEDS = ("dataset", "features", "classifier")


def render(context: ViewContext) -> None:
    """Draw the page."""
    _heading(context)
    class_filters(context)
    rows = wrong_rows(context)
    if len(rows):
        link_to_map(context, outcome="wrong")
        image_sheet(context, rows, "errors")
    else:
        _empty(context)
    show_selected(context, rows, per_sheet=Sheet().images)


def wrong_rows(context: ViewContext) -> NDArray[np.intp]:
    """List the misclassified test images that pass the filters, worst margin first, intp (n,)."""
    said, view = context.predictions, context.view
    rows = cell_rows(said, view.true_label, view.predicted_label)
    rows = rows[~said.correct[rows]]
    return rows[np.argsort(said.margin[rows], kind="stable")]


def _heading(context: ViewContext) -> None:
    n, judged = context.data.n_test, judged_of(context.data)
    wrong = n - context.predictions.n_correct
    heading(
        TITLE,
        f"Predicted wrong at {setting_name(context.setting)}: {thousands(wrong)} of {judged_images(n, judged)} "
        f"({percent(wrong / n)}). The worst come first: those whose true class loses by the largest margin. "
        f"{judged_sentence(judged)}",
    )


def _empty(context: ViewContext) -> None:
    view = context.view
    with st.container(border=True):
        if view.true_label is None and view.predicted_label is None:
            st.markdown(
                f"**No errors.** Every {noun(judged_of(context.data))} is predicted right "
                f"at {setting_name(context.setting)}."
            )
            return
        if view.true_label is not None and view.true_label == view.predicted_label:
            text = "**No errors with these filters:** an image predicted as its true class is no error."
        else:
            text = "**No errors with these filters.** Choose another class, or clear the filters."
        st.markdown(text)
