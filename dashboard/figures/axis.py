"""Draw the images of two classes on the axis on which a machine tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.theme import Theme, layout
from dashboard.wording.numbers import decimals_of, signed

_HEIGHT = 340
_LANES = (3.0, 2.0, 0.6, 0.0)  # test images of the first and the second class, then their support vectors
_SPREAD = (0.38, 0.38, 0.2, 0.2)  # half the height of each lane
_GOLDEN = 0.6180339887498949
_LONGEST = 18


@dataclass(frozen=True)
class Lane:
    """Hold what lies in one lane.

    Attributes
    ----------
    name : str
        What it is.
    colour : str
        Of its points, ``#rrggbb``.
    distance : ndarray of float64, shape (n,)
        Signed distance to the hyperplane.
    is_wrong : ndarray of bool, shape (n,)
        Whether a point is on the other class's side: a cross.
    rows : ndarray of intp, shape (n,), or None
        Rows of the test split, so that points can be clicked.
    """

    name: str
    colour: str
    distance: NDArray[np.float64]
    is_wrong: NDArray[np.bool_]
    rows: NDArray[np.intp] | None = None


def axis_figure(
    lanes: Sequence[Lane], edge: float, colours: Theme, *, selected: int | None = None
) -> go.Figure:
    """Draw four lanes over one axis, with the hyperplane at 0 and the edges of the margin.

    Parameters
    ----------
    lanes : sequence of Lane
        Test images of the first and of the second class, then the support vectors of both.
    edge : float
        Distance of the margin's edges from the hyperplane.
    colours : Theme
        Light or dark.
    selected : int, optional
        The row of the test split to ring.

    Returns
    -------
    plotly.graph_objects.Figure
        ``customdata`` of a test image is its row; support vectors have none.
    """
    figure = go.Figure(layout=_layout([lane.name for lane in lanes], colours))
    figure.add_vline(x=0, line={"color": colours.chosen, "width": 1.5})
    for side in (-edge, edge):
        figure.add_vline(x=side, line={"color": colours.muted, "width": 1, "dash": "dash"})
    for lane, middle, spread in zip(lanes, _LANES, _SPREAD, strict=True):
        figure.add_trace(
            _points(lane, middle + spread * _jitter(len(lane.distance)), colours, selected, decimals_of(edge))
        )
    return figure


def _points(
    lane: Lane, heights: NDArray[np.float64], colours: Theme, selected: int | None, decimals: int
) -> go.Scatter:
    plain = lane.rows is None
    rows = np.zeros(0, np.intp) if lane.rows is None else lane.rows
    ringed = (
        np.isin(rows, [] if selected is None else [selected]) if not plain else np.zeros(len(heights), bool)
    )
    verdicts = np.where(lane.is_wrong, ", wrong side", "")
    return go.Scatter(
        x=lane.distance,
        y=heights,
        mode="markers",
        marker={
            "color": lane.colour,
            "symbol": np.where(lane.is_wrong, "x", "circle"),
            "size": np.where(ringed, 14, 5 if plain else 7),
            "opacity": 0.75,
            "line": {"color": colours.paper, "width": 0.5},
        },
        selected={"marker": {"opacity": 0.75}},
        unselected={"marker": {"opacity": 0.75}},
        customdata=None if plain else rows,
        text=[
            f"{escape(lane.name)}{verdict}<br>distance {signed(distance, decimals)}"
            for verdict, distance in zip(verdicts, lane.distance, strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _jitter(n: int) -> NDArray[np.float64]:
    """Spread points evenly over -1..1, neighbours far from each other, the same each time."""
    return np.asarray(2 * ((np.arange(n) * _GOLDEN) % 1) - 1, dtype=np.float64)


def _layout(names: Sequence[str], colours: Theme) -> go.Layout:
    font = {"color": colours.muted, "size": 12}
    axis: dict[str, Any] = {"fixedrange": True, "zeroline": False, "tickfont": font}
    title = {"text": "signed distance to the hyperplane, in feature space", "font": font, "standoff": 8}
    labels = [escape(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…") for name in names]
    names_axis = {"showgrid": False, "automargin": True, "tickvals": list(_LANES), "ticktext": labels}
    names_axis["range"] = [-0.4, 3.6]
    return layout(
        colours,
        height=_HEIGHT,
        xaxis=axis | {"title": title, "gridcolor": colours.line},
        yaxis=axis
        | {
            "showgrid": False,
            "tickvals": list(_LANES),
            "ticktext": labels,
            "automargin": True,
            "range": [-0.4, 3.6],
        },
        margin={"l": 8, "r": 12, "t": 8, "b": 44},
        hovermode="closest",
        clickmode="event+select",
    )
