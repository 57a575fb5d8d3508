"""Look through test images: by class, sheet by sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.components.gallery import Gallery, Group, Look, Tile, gallery
from dashboard.components.sprites import sprites_of
from dashboard.images.captions import image_tiles
from dashboard.images.sorting import WORST, in_order, sort_control
from dashboard.page.bound import bound
from dashboard.page.context import ViewContext
from dashboard.run.data import colours_of
from dashboard.wording.numbers import images, interval, thousands

_ALL = -1  # for None, which a select box takes for "nothing chosen yet"


@dataclass(frozen=True)
class Sheet:
    """Say how many images a sheet has, and how wide one is at least, in pixels."""

    images: int = 48
    size: int = 112


BESIDE = Sheet(images=48, size=96)
"""A sheet beside what is chosen."""


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


def link_to_map(
    context: ViewContext, outcome: str, cell: tuple[int | None, int | None] | None = None
) -> None:
    """Link to the map, where the images of the chosen classes are lit and the others grey.

    Parameters
    ----------
    context : ViewContext
        Has the chosen classes.
    outcome : str
        Which of them, one of ``dashboard.page.view_state.OUTCOMES``.
    cell : tuple of (int or None, int or None), optional
        True and predicted class, where they are not those that the URL says.
    """
    if "map" in context.pages:
        icon = ":material/scatter_plot:"
        true, predicted = cell or (context.view.true_label, context.view.predicted_label)
        changes = {"true_label": true, "predicted_label": predicted, "outcome": outcome, "selected": None}
        context.link("Show these on the map", "map", icon=icon, **changes)


def image_sheet(
    context: ViewContext,
    rows: NDArray[np.intp],
    key: str,
    form: Sheet = Sheet(),
    tiles: Callable[[ViewContext, Sequence[int]], list[Tile]] = image_tiles,
    *,
    own: str = WORST,
    training: bool = False,
) -> None:
    """Show the sheet of some images that the URL asks for, in its order, and the other sheets' numbers.

    Parameters
    ----------
    context : ViewContext
        The run and the classifier in use.
    rows : ndarray of intp, shape (n,)
        Rows of the split in the page's own order; at least one.
    key : str
        Tells several galleries apart.
    form : Sheet
        Its size.
    tiles : callable, optional
        Makes the tiles of some rows; what each is and its margin without it.
    own : str
        What the page's own order is called.
    training : bool
        Whether they are training images, of which no more is known: nothing happens on a click, and they stay in order.
    """
    rows = rows if training else in_order(context, rows, own)
    sheets = -(-len(rows) // form.images)
    sheet = min(context.view.sheet, sheets)
    start = (sheet - 1) * form.images
    shown = [int(row) for row in rows[start : start + form.images]]
    where = f"{interval(start + 1, start + len(shown), thousands)} of {images(len(rows))}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(where, width="content")
        if not training and len(rows) > 1:
            sort_control(context, rows, key, own)
    _gallery(context, shown, key, form, tiles(context, shown), training=training)
    if sheets > 1:
        _pager(context, sheet, sheets)


def _gallery(
    context: ViewContext,
    shown: Sequence[int],
    key: str,
    form: Sheet,
    tiles: Sequence[Tile],
    *,
    training: bool,
) -> None:
    data = context.data
    content = Gallery(
        groups=[Group(tiles)],
        sheet=sprites_of(data, "train" if training else "test", shown),
        colours=colours_of(data),
        action="" if training else "Show details and neighbours",
        selected=None if training else context.view.selected,
        look=Look(size=form.size),
    )
    gallery(content, key, lambda row: context.change(selected=row))


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
