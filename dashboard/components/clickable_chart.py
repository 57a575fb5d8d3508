"""Plotly charts whose points can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from dashboard.figures.drawn import Drawn
from dashboard.figures.matrix import Choice, clicked_choice
from dashboard.page.context import ViewContext

STILL = {"displayModeBar": False}
"""Plotly's settings of every chart: there is nothing to zoom."""


def clickable_chart(
    figure: go.Figure | Drawn, key: str, alt: str, clicked: Callable[[Sequence[Any]], None]
) -> None:
    """Draw a chart.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        What to draw.
    key : str
        Tells several charts of a page apart.
    alt : str
        What it shows, for screen readers.
    clicked : callable
        Called with what the browser says was clicked, before the script runs again: it may say anything.
    """
    st.plotly_chart(
        figure,
        key=key,
        on_select=lambda: clicked(st.session_state[key].selection.points),
        selection_mode="points",
        config=STILL,
        alt=alt,
    )


def clickable_matrix(
    context: ViewContext,
    figure: Drawn,
    key: str,
    alt: str,
    *,
    order: NDArray[np.intp] | None = None,
    **changes: Any,
) -> None:
    """Draw a matrix of classes; a click on a cell or a name chooses these classes, or lets go of them.

    Parameters
    ----------
    context : ViewContext
        The classes that are chosen now, and how many there are.
    figure, key, alt
        As `clickable_chart`.
    order : ndarray of intp, shape (k,), optional
        The label of each row and column, where they are not in the order of the data set.
    **changes
        Attributes of the view that a click changes too.
    """

    def clicked(points: Sequence[Any]) -> None:
        choice = clicked_choice(points, context.data.n_classes)
        if choice is not None and order is not None:
            true, predicted = (None if place is None else int(order[place]) for place in choice)
            choice = true, predicted
        if choice is not None:
            choose_cell(context, choice, **changes)

    hidden = figure.meta  # what is too wide for a phone: there page.css hides it
    with st.container(key="-".join(["matrix", *hidden, *key.split()])):
        clickable_chart(figure, key, alt, clicked)


def choose_cell(context: ViewContext, choice: Choice, **changes: Any) -> None:
    """Choose the classes of a cell that was clicked, or let go of them."""
    now = context.now
    chosen = (now.true_label, now.predicted_label)
    true, predicted = (None, None) if choice == chosen else choice
    context.change(true_label=true, predicted_label=predicted, **changes)
