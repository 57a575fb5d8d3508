"""The images of a pair of classes, in the order in which their machine sees them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.components.choices import Choice, choices
from dashboard.components.gallery import Tile, word
from dashboard.images.captions import sentence
from dashboard.images.sheet import Sheet, image_sheet
from dashboard.page.context import ViewContext
from dashboard.run.data import image_ids, judged_of
from dashboard.statistics.flips import WRONG
from dashboard.wording.judged import taught_noun
from dashboard.wording.numbers import decimals_of, signed, thousands
from pipeline.api import AxisImages, PairAxis

SUPPORT, ALONG = "support", "along"
NEAREST = "nearest"
"""What is shown where the URL says nothing."""

_SHEET = Sheet(images=24, size=96)
_ORDERS = {WRONG: "Farthest on the wrong side first", ALONG: "From end to end"}


def show_pair_images(context: ViewContext, axis: PairAxis) -> None:
    """Draw a card for each way to look at the images, and those of the chosen one."""
    group = context.view.group if context.view.group in (WRONG, SUPPORT, ALONG) else NEAREST
    images = axis.train if group == SUPPORT else axis.test

    def picked(name: str | None) -> None:
        context.change(group=None if name == NEAREST else name)

    choices(_cards(axis), "pair images", group, picked, columns=4)
    order = ordered(axis, group)
    if len(order):
        tiles = partial(_tiles, axis, images)
        key, own = f"pair {group}", _ORDERS.get(group, "Nearest to the boundary first")
        image_sheet(context, images.rows[order], key, _SHEET, tiles, own=own, training=group == SUPPORT)
    else:
        st.info("There is no such image of these two classes.")


def ordered(axis: PairAxis, group: str) -> NDArray[np.intp]:
    """Give positions in the arrays of a split, in the order to show.

    Parameters
    ----------
    axis : PairAxis
        The images on their axis.
    group : str
        ``"support"``: the training images that hold the boundary up, those farthest on the wrong side first;
        ``"along"``: all test images, from the first class's end to the second's; ``"wrong"``: those on the wrong side,
        farthest first; else all, nearest to the boundary first.
    """
    images = axis.train if group == SUPPORT else axis.test
    towards = np.where(images.is_first, images.distance, -images.distance)
    if group in (SUPPORT, WRONG):
        order = np.argsort(towards, kind="stable")
        shown = images.is_support if group == SUPPORT else images.is_wrong
        return order[shown[order]]
    return np.argsort(-images.distance, kind="stable") if group == ALONG else images.from_the_boundary()


def _cards(axis: PairAxis) -> list[Choice]:
    n, wrong, support = len(axis.test.rows), axis.test.is_wrong.sum(), axis.train.is_support.sum()
    return [
        Choice(NEAREST, "All, least sure first", thousands(n), ""),
        Choice(WRONG, "Wrong side", thousands(wrong), "", "bad"),
        Choice(ALONG, "All, along the axis", thousands(n), ""),
        Choice(SUPPORT, "Support vectors", thousands(support), ""),
    ]


def _tiles(axis: PairAxis, images: AxisImages, context: ViewContext, rows: Sequence[int]) -> list[Tile]:
    """Make tiles that say on which side an image is, and how far from the boundary."""
    data, names, decimals = context.data, context.data.class_names, decimals_of(axis.edge)
    ids = image_ids(data, "train" if images is axis.train else "test", list(rows))
    tiles = []
    for row, place, image_id in zip(rows, np.searchsorted(images.rows, rows).tolist(), ids, strict=True):
        first, wrong = bool(images.is_first[place]), bool(images.is_wrong[place])
        true, side = (axis.first if one else axis.second for one in (first, first != wrong))
        text = f"distance {signed(images.distance[place], decimals)}"
        lines = ([word(names[true], true)], [word("side of"), word(names[side], side)], [word(text)])
        training = f"{image_id}: {taught_noun(judged_of(data))}, {names[true]}"
        title = training if images is axis.train else sentence(context, row, image_id)
        tiles.append(Tile(row, f"{title}; {text}", lines, wrong))
    return tiles
