"""Draw the images of two classes on the axis on which a machine tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.theme import Theme, axis, layout, never_faded
from dashboard.wording.escaping import plotly
from dashboard.wording.numbers import decimals_of, signed

_HEIGHT = 220
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
    ringed = -1 if selected is None else selected
    verdicts = np.where(lane.is_wrong, ", wrong side", "")
    return go.Scatter(
        x=lane.distance,
        y=heights,
        mode="markers",
        marker={
            "color": lane.colour,
            "symbol": np.where(lane.is_wrong, "x", "circle"),
            "size": 5 if lane.rows is None else np.where(lane.rows == ringed, 14, 7),
            "opacity": 0.75,
            "line": {"color": colours.paper, "width": 0.5},
        },
        customdata=lane.rows,
        text=[
            f"{plotly(lane.name)}{verdict}<br>distance {signed(distance, decimals)}"
            for verdict, distance in zip(verdicts, lane.distance, strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
        **never_faded(0.75),
    )


def _jitter(n: int) -> NDArray[np.float64]:
    """Spread points evenly over -1..1, neighbours far from each other, the same each time."""
    return np.asarray(2 * ((np.arange(n) * _GOLDEN) % 1) - 1, dtype=np.float64)


def _layout(names: Sequence[str], colours: Theme) -> go.Layout:
    labels = [plotly(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…") for name in names]
    lanes: dict[str, Any] = {"tickvals": list(_LANES), "ticktext": labels, "range": [-0.4, 3.6]}
    return layout(
        colours,
        height=_HEIGHT,
        xaxis=axis(colours, f"← {labels[1]} · distance to the boundary · {labels[0]} →"),
        yaxis=axis(colours, showgrid=False, automargin=True, **lanes),
        margin={"l": 8, "r": 12, "t": 8, "b": 44},
        hovermode="closest",
        clickmode="event+select",
    )
