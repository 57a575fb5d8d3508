"""The order in which a gallery shows its images: what is offered, and what the URL asks for."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.page.bound import bound_to
from dashboard.page.context import ViewContext
from dashboard.run.data import image_ids
from dashboard.statistics.orders import MARGIN, NAME, SURE, TYPICAL, UNSURE, UNUSUAL, Known, places

LABELS = {
    MARGIN: "Worst margin first",
    SURE: "Most sure and wrong first",
    UNSURE: "Least sure first",
    TYPICAL: "Most typical first",
    UNUSUAL: "Most unusual first",
    NAME: "By name",
}
OWN = "own"
WORST = LABELS[MARGIN]


def in_order(context: ViewContext, rows: NDArray[np.intp], own: str = WORST) -> NDArray[np.intp]:
    """Give test images in the order that the URL asks for.

    Parameters
    ----------
    context : ViewContext
        The run, the classifier in use, and the order that is asked for.
    rows : ndarray of intp, shape (n,)
        Rows of the test split in the page's own order.
    own : str
        What that order is called.

    Returns
    -------
    ndarray of intp, shape (n,)
        The rows; as they are where nothing else is asked for, or where that cannot be had.
    """
    known, asked = _known(context, rows), context.view.sort
    if asked is None or asked not in _offered(known, own):
        return rows
    return rows[places(known, asked)]


def sort_control(context: ViewContext, rows: NDArray[np.intp], key: str, own: str = WORST) -> None:
    """Draw what chooses the order; the parameters are those of `in_order`, ``key`` tells galleries apart."""
    offered = _offered(_known(context, rows), own)
    names = {OWN: own} | {name: LABELS[name] for name in offered}
    now = context.view.sort if context.view.sort in offered else OWN
    st.selectbox(
        "Order of the images",
        list(names),
        format_func=names.__getitem__,
        label_visibility="collapsed",
        width=230,
        **bound_to(f"sort {key}", now, lambda name: context.change(sort=None if name == OWN else name)),
    )


def _offered(known: Known, own: str) -> list[str]:
    return [name for name in known.orders if LABELS[name] != own]


def _known(context: ViewContext, rows: NDArray[np.intp]) -> Known:
    said, data = context.said, context.data

    def distance() -> NDArray[np.float32]:
        found: NDArray[np.float32] = data.artefact("neighbours").rows("distances")[rows].mean(axis=1)
        return found

    near = data.has("neighbours") and bool(data.artefact("neighbours").manifest.dims["neighbours"])
    return Known(
        margin=None if said is None else said.margin[rows],
        ahead=None if said is None else said.runner_up_margin[rows],
        correct=None if said is None else said.correct[rows],
        distance=distance if near else None,
        names=lambda: image_ids(data, "test", rows),
    )
