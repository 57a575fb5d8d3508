"""Draw accuracy against the number of training images."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.theme import Theme, layout
from dashboard.statistics.learning_curve import LearningCurve
from dashboard.wording.numbers import PERCENT_TICKS, percent, thousands

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
    figure = go.Figure(layout=_layout(curve, colours))
    figure.add_trace(
        go.Scatter(
            x=np.concatenate([sizes, sizes[::-1]]),
            y=np.concatenate([mean + error, (mean - error)[::-1]]),
            fill="toself",
            fillcolor=colours.test,
            opacity=0.2,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=sizes,
            y=mean,
            mode="lines+markers",
            line={"color": colours.test, "width": 2.5},
            marker={"size": 7},
            text=[
                f"{thousands(size)} images a class<br>{percent(share)} ± {percent(spread)}"
                for size, share, spread in zip(sizes, mean, error, strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    return figure


def _layout(curve: LearningCurve, colours: Theme) -> go.Layout:
    font = {"color": colours.muted, "size": 12}
    axis = {"fixedrange": True, "gridcolor": colours.line, "zeroline": False, "tickfont": font}
    title = {"text": "training images a class, log scale", "font": font, "standoff": 8}
    ticks = [thousands(size) for size in curve.sizes]
    return layout(
        colours,
        height=_HEIGHT,
        xaxis=axis | {"type": "log", "title": title, "tickvals": curve.sizes, "ticktext": ticks},
        yaxis=axis | {"tickformat": PERCENT_TICKS, "title": None},
        margin={"l": 44, "r": 12, "t": 8, "b": 44},
        hovermode="closest",
    )
