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
from dashboard.page.context import ViewContext
from dashboard.page.lists import SHEET, offer, opens
from dashboard.page.packed import LONGEST, pack_rows
from dashboard.page.view_state import ALL_IMAGES
from dashboard.run.data import colours_of
from dashboard.wording.numbers import images, interval, thousands


@dataclass(frozen=True)
class Sheet:
    """Say how many images a sheet has, and how wide one is at least, in pixels."""

    images: int = 48
    size: int = 112


FIRST = 300
"""Images that fit into the address of a choice in any case."""
BESIDE = Sheet(images=48, size=96)
"""A sheet beside what is chosen."""


def link_to_map(
    context: ViewContext, outcome: str, cell: tuple[int | None, int | None] | None = None
) -> None:
    """Link to the map, where the images that pass the filter are lit and the others grey.

    Parameters
    ----------
    context : ViewContext
        Has the filter.
    outcome : str
        Which of them, one of ``dashboard.page.filter.OUTCOMES``.
    cell : tuple of (int or None, int or None), optional
        True and predicted class, where they are not those that the URL says.
    """
    if "map" in context.pages:
        icon = ":material/scatter_plot:"
        classes = {} if cell is None else {"true_label": cell[0], "predicted_label": cell[1]}
        context.link("Show these on the map", "map", icon=icon, outcome=outcome, selected=None, **classes)


def link_to_labels(context: ViewContext, rows: NDArray[np.intp]) -> None:
    """Link to the page where the labels of these test images are judged; of very many, of the first."""
    if "labels" not in context.pages:
        return
    chosen = pack_rows(rows, context.data.n_test)
    some = rows if len(chosen) <= LONGEST else rows[:FIRST]
    label = "Judge these labels" if len(some) == len(rows) else f"Judge the labels of the first {FIRST}"
    chosen = pack_rows(some, context.data.n_test)
    only = {**ALL_IMAGES, "rows": chosen}
    context.link(label, "labels", icon=":material/label:", selected=None, **only)


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
    opened = opens(context, SHEET) if training else offer(context, SHEET, rows, form.images)
    _gallery(context, shown, key, form, tiles(context, shown), opened, training=training)
    if sheets > 1:
        _pager(context, sheet, sheets)


def _gallery(
    context: ViewContext,
    shown: Sequence[int],
    key: str,
    form: Sheet,
    tiles: Sequence[Tile],
    opened: Callable[[int], None],
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
    gallery(content, key, opened)


def _pager(context: ViewContext, sheet: int, sheets: int) -> None:
    key = f"lazybones.sheet.{sheet}"  # another sheet is another widget: its value cannot lag behind the URL
    st.pagination(
        sheets,
        default=sheet,
        key=key,
        on_change=lambda: context.change(sheet=int(st.session_state[key])),
        width="stretch",  # as wide as its content, it would leave numbers out for want of room
    )
