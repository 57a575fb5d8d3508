"""Draw accuracy against the number of training images."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.figures.theme import Theme, axis, band, layout
from dashboard.statistics.learning_curve import LearningCurve
from dashboard.wording.numbers import PERCENT_TICKS, images, percent, thousands

_HEIGHT = 300


def learning_figure(curve: LearningCurve, colours: Theme) -> go.Figure:
    """Draw the mean test accuracy, with a band of one standard error.

    Parameters
    ----------
    curve : LearningCurve
        At least one size.
    colours : Theme
        Light or dark.
    """
    sizes, mean, error = curve.sizes, curve.mean, curve.standard_error
    line = go.Scatter(
        x=sizes,
        y=mean,
        mode="lines+markers",
        line={"color": colours.test, "width": 2.5},
        marker={"size": 7},
        text=[
            f"{images(size)} a class<br>{percent(share)} ± {percent(spread)}"
            for size, share, spread in zip(sizes, mean, error, strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )
    ticks = {"tickvals": sizes, "ticktext": [thousands(size) for size in sizes]}
    frame = layout(
        colours,
        height=_HEIGHT,
        xaxis=axis(colours, "training images a class, log scale", type="log", **ticks),
        yaxis=axis(colours, tickformat=PERCENT_TICKS),
        margin={"l": 44, "r": 12, "t": 8, "b": 44},
        hovermode="closest",
    )
    return go.Figure([band(sizes, mean, error, colours.test), line], frame)
