"""Look through test images: by class, sheet by sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.components.gallery import Gallery, Group, Look, Tile, gallery
from dashboard.images.captions import image_tiles
from dashboard.page.bound import bound
from dashboard.page.context import ViewContext
from dashboard.run.data import pixels
from dashboard.wording.numbers import interval, thousands

_ALL = -1  # for None, which a select box takes for "nothing chosen yet"


@dataclass(frozen=True)
class Sheet:
    """Say how many images a sheet has, and how wide one is at least, in pixels."""

    images: int = 48
    size: int = 112


def class_filters(
    context: ViewContext, predicted: str = "Predicted class", *, first: str = "True class"
) -> None:
    """Choose a true and a predicted class, or clear both; ``first`` and ``predicted`` are what they are called."""
    view = context.view
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        _class_filter(context, first, "true_label")
        _class_filter(context, predicted, "predicted_label")
        st.button(
            "Clear filters",
            icon=":material/filter_alt_off:",
            disabled=view.true_label is None and view.predicted_label is None,
            width="content",
            on_click=lambda: context.change(true_label=None, predicted_label=None),
        )


def link_to_map(context: ViewContext, outcome: str) -> None:
    """Link to the map, where the images of the chosen classes are lit and the others grey.

    Parameters
    ----------
    context : ViewContext
        Has the chosen classes.
    outcome : str
        Which of them, one of ``dashboard.page.view_state.OUTCOMES``.
    """
    if "map" in context.pages:
        icon = ":material/scatter_plot:"
        context.link("Show these on the map", "map", icon=icon, outcome=outcome, selected=None)


def image_sheet(
    context: ViewContext,
    rows: NDArray[np.intp],
    key: str,
    form: Sheet = Sheet(),
    tiles: Callable[[ViewContext, Sequence[int]], list[Tile]] = image_tiles,
    *,
    training: bool = False,
) -> None:
    """Show the sheet of some images that the URL asks for, and the other sheets' numbers.

    Parameters
    ----------
    context : ViewContext
        The run and the classifier in use.
    rows : ndarray of intp, shape (n,)
        Rows of the split in the order to show; at least one.
    key : str
        Tells several galleries apart.
    form : Sheet
        Its size.
    tiles : callable, optional
        Makes the tiles of some rows; what each is and its margin without it.
    training : bool
        Whether they are training images, of which no more is known: nothing happens on a click.
    """
    sheets = -(-len(rows) // form.images)
    sheet = min(context.view.sheet, sheets)
    start = (sheet - 1) * form.images
    shown = [int(row) for row in rows[start : start + form.images]]
    more = "" if training else " Click one to see it in full, and its neighbours."
    where = interval(start + 1, start + len(shown), thousands)
    st.caption(f"Images {where} of {thousands(len(rows))}.{more}")
    data = context.data
    content = Gallery(
        groups=[Group(tiles(context, shown))],
        images=pixels(data, "train" if training else "test", shown),
        n_classes=data.n_classes,
        action="" if training else "Show details and neighbours",
        selected=None if training else context.view.selected,
        look=Look(size=form.size),
    )
    gallery(content, key, lambda row: context.change(selected=row))
    if sheets > 1:
        _pager(context, sheet, sheets)


def _class_filter(context: ViewContext, label: str, attribute: str) -> None:
    names = context.data.class_names

    def named(option: int) -> str:
        return "All classes" if option == _ALL else names[option]

    now = getattr(context.view, attribute)
    widget = bound(
        context,
        attribute,
        _ALL if now is None else now,
        read=lambda option: None if option == _ALL else option,
    )
    st.selectbox(label, [_ALL, *range(len(names))], format_func=named, **widget)


def _pager(context: ViewContext, sheet: int, sheets: int) -> None:
    key = f"lazybones.sheet.{sheet}"  # another sheet is another widget: its value cannot lag behind the URL
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.pagination(
            sheets, default=sheet, key=key, on_change=lambda: context.change(sheet=int(st.session_state[key]))
        )
