"""The images the classifier gets wrong, worst first."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.components.gallery import Gallery, Group, Look, gallery
from dashboard.context import ViewContext
from dashboard.detail import show_selected
from dashboard.tiles import image_tiles

TITLE = "Errors"
ICON = ":material/error:"
ORDER = 40

PER_SHEET = 48
"""Images of one sheet of the gallery."""
ALL = -1
"""The filter's option that stands for every class; Streamlit reads None as nothing chosen."""


def render(context: ViewContext) -> None:
    """Draw the page."""
    _heading(context)
    _filters(context)
    rows = wrong_rows(context)
    if len(rows):
        _gallery(context, rows)
    else:
        _empty(context)
    show_selected(context)


def wrong_rows(context: ViewContext) -> NDArray[np.intp]:
    """List the misclassified test images that pass the filters, worst margin first, intp (n,)."""
    said, view = context.predictions, context.view
    rows = said.rows(view.true_label, view.predicted_label)
    rows = rows[~said.correct[rows]]
    return rows[np.argsort(said.margin[rows], kind="stable")]


def _heading(context: ViewContext) -> None:
    n = context.data.n_test
    wrong = n - context.predictions.n_correct
    st.title("Errors", anchor=False)
    st.html(
        f'<p class="lb-lead">{wrong:,} of {n:,} test images ({wrong / n:.1%}) are predicted wrong at '
        f"C = {context.C:g}. The worst come first: those whose true class loses by the largest margin.</p>"
    )


def _filters(context: ViewContext) -> None:
    true, predicted, clear = st.columns([2, 2, 1], vertical_alignment="bottom")
    with true:
        _class_filter(context, "True class", "true_label")
    with predicted:
        _class_filter(context, "Predicted class", "predicted_label")
    with clear:
        view = context.view
        filtered = view.true_label is not None or view.predicted_label is not None
        st.button(
            "Clear filters",
            icon=":material/filter_alt_off:",
            disabled=not filtered,
            width="stretch",
            on_click=lambda: context.change(true_label=None, predicted_label=None),
        )


def _class_filter(context: ViewContext, label: str, attribute: str) -> None:
    names, key = context.data.class_names, f"lazybones.{attribute}"

    def named(option: int) -> str:
        return "All classes" if option == ALL else names[option]

    def picked() -> None:
        option = st.session_state[key]
        context.change(**{attribute: None if option == ALL else option})

    current = getattr(context.view, attribute)
    st.session_state[key] = ALL if current is None else current
    st.selectbox(label, [ALL, *range(len(names))], key=key, format_func=named, on_change=picked)


def _gallery(context: ViewContext, rows: NDArray[np.intp]) -> None:
    sheets = -(-len(rows) // PER_SHEET)
    sheet = min(context.view.sheet, sheets)
    start = (sheet - 1) * PER_SHEET
    shown = [int(row) for row in rows[start : start + PER_SHEET]]
    st.caption(
        f"Images {start + 1:,} to {start + len(shown):,} of {len(rows):,}. Click one for its neighbours."
    )
    content = Gallery(
        groups=[Group(image_tiles(context, shown))],
        images=context.data.test_images(shown),
        n_classes=context.data.n_classes,
        action="Show details and neighbours",
        selected=context.view.selected,
        look=Look(size=112),
    )
    gallery(content, "errors", lambda row: context.change(selected=row))
    if sheets > 1:
        _pager(context, sheet, sheets)


def _pager(context: ViewContext, sheet: int, sheets: int) -> None:
    key = f"lazybones.sheet.{sheet}"  # another sheet is another widget: its value cannot lag behind the URL
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.pagination(
            sheets, default=sheet, key=key, on_change=lambda: context.change(sheet=int(st.session_state[key]))
        )


def _empty(context: ViewContext) -> None:
    view = context.view
    with st.container(border=True):
        if view.true_label is None and view.predicted_label is None:
            st.markdown(f"**No errors.** Every test image is predicted right at C = {context.C:g}.")
            return
        if view.true_label is not None and view.true_label == view.predicted_label:
            text = "**No errors with these filters:** an image predicted as its true class is no error."
        else:
            text = "**No errors with these filters.** Choose another class, or clear the filters."
        st.markdown(text)
