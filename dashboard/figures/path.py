"""Draw accuracy against C, where every point can be clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.theme import Theme, axis, band, layout, never_faded
from dashboard.statistics.accuracy_path import AccuracyPath
from dashboard.statistics.cross_validation import CrossValidation
from dashboard.wording.numbers import PERCENT_TICKS, percent
from dashboard.wording.penalty import format_penalty

TEST, TRAINING, VALIDATED, BEST, IN_USE, OWN = LEGEND = (
    "test split",
    "training split",
    "cross-validated",
    "its best",
    "C in use",
    "the run's own C",
)
"""What is drawn, in the order of the legend."""

_HEIGHT = 400
_NEAR = 40  # pixels from a point within which a click means it
_CLEAR = "rgba(0,0,0,0)"


def accuracy_figure(
    path: AccuracyPath,
    colours: Theme,
    *,
    chosen_C: float,
    own_C: float,
    validation: CrossValidation | None = None,
    called: Mapping[str, str] = MappingProxyType({}),
) -> go.Figure:
    """Draw the accuracy of both splits, and of cross-validation where there is one, against C.

    Parameters
    ----------
    path : AccuracyPath
        At least one point; live fits are open diamonds.
    colours : Theme
        Light or dark.
    chosen_C, own_C : float
        The C in use, a line; the run's own, a triangle at the bottom.
    validation : CrossValidation, optional
        Drawn with a band of one standard error, and a star on its best C.
    called : mapping of str to str
        What is shown instead of names in ``LEGEND``.

    Returns
    -------
    plotly.graph_objects.Figure
        ``customdata`` of every point that can be clicked is its C.
    """
    low, high = _range(path, validation)
    figure = go.Figure(layout=_layout(colours, (low, high), path.C))
    figure.add_vline(x=chosen_C, line={"color": colours.chosen, "width": 1.5})
    dotted = {"color": colours.train, "dash": "dot", "width": 2}
    figure.add_trace(_line(path, path.train, TRAINING, called.get(TRAINING, TRAINING), dotted))
    if validation is not None:
        figure.add_traces(_validation(validation, colours))
    thick = {"color": colours.test, "width": 2.5}
    figure.add_trace(_line(path, path.test, TEST, called.get(TEST, TEST), thick))
    at = np.isclose(path.C, chosen_C, rtol=1e-9, atol=0)
    ring = {"color": _CLEAR, "size": 15, "line": {"color": colours.chosen, "width": 2}}
    figure.add_trace(_mark(path.C[at], path.test[at], IN_USE, ring))
    triangle = {"color": colours.text, "size": 11, "symbol": "triangle-up"}
    figure.add_trace(_mark([own_C], [low], OWN, triangle))
    return figure


def _line(
    path: AccuracyPath, accuracy: NDArray[np.float64], name: str, shown: str, line: dict[str, Any]
) -> go.Scatter:
    live = ["diamond-open" if fresh else "circle" for fresh in path.live]
    notes = [", fitted live" if fresh else "" for fresh in path.live]
    marker = {"symbol": live, "size": np.where(path.live, 11, 7)}
    return _points(path.C, accuracy, name, shown, line, marker, notes)


def _validation(validation: CrossValidation, colours: Theme) -> list[go.Scatter]:
    C, mean, error = validation.C, validation.mean, validation.standard_error
    line = {"color": colours.validation, "dash": "dash", "width": 2}
    notes = [f", ± {percent(width)} standard error" for width in error]
    star = {"color": colours.validation, "size": 15, "symbol": "star"}
    return [
        band(C, mean, error, colours.validation),
        _points(C, mean, VALIDATED, VALIDATED, line, {"size": 6}, notes),
        _mark([validation.best_C], [mean.max()], BEST, star),
    ]


def _points(
    C: NDArray[np.float64],
    accuracy: NDArray[np.float64],
    name: str,
    shown: str,
    line: dict[str, Any],
    marker: dict[str, Any],
    notes: Sequence[str],
) -> go.Scatter:
    texts = [
        f"C = {format_penalty(penalty)}{note}<br>{shown} {percent(share)}"
        for penalty, note, share in zip(C, notes, accuracy, strict=True)
    ]
    marker = {"color": line["color"], "opacity": 1} | marker
    hover = {"customdata": C, "text": texts, "hovertemplate": "%{text}<extra></extra>"}
    return _named(C, accuracy, name, shown, mode="lines+markers", line=line, marker=marker, **hover)


def _mark(x: Any, y: Any, name: str, marker: dict[str, Any]) -> go.Scatter:
    return _named(x, y, name, name, mode="markers", marker=marker, hoverinfo="skip", cliponaxis=False)


def _named(x: Any, y: Any, name: str, shown: str, **look: Any) -> go.Scatter:
    return go.Scatter(x=x, y=y, name=shown, legendrank=LEGEND.index(name), **look, **never_faded())


def _range(path: AccuracyPath, validation: CrossValidation | None) -> tuple[float, float]:
    """Give the ends of the accuracy axis: all that is drawn, and some room."""
    drawn = [path.test, path.train]
    if validation is not None:
        drawn += [validation.mean - validation.standard_error, validation.mean + validation.standard_error]
    low, high = float(min(map(np.min, drawn))), float(max(map(np.max, drawn)))
    room = 0.06 * max(high - low, 0.02)
    return low - room, high + room


def _layout(colours: Theme, accuracies: tuple[float, float], C: NDArray[np.float64]) -> go.Layout:
    decades = 10.0 ** np.arange(np.floor(np.log10(C[0])), np.ceil(np.log10(C[-1])) + 1)
    names = [format_penalty(decade) if 0.01 <= decade <= 100 else _power(decade) for decade in decades]
    font = {"color": colours.text, "size": 12}
    above = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": font}
    return layout(
        colours,
        height=_HEIGHT,
        showlegend=True,
        legend=above | {"itemclick": False, "itemdoubleclick": False, "entrywidth": 105},
        xaxis=axis(colours, "C, log scale", type="log", tickvals=decades, ticktext=names),
        yaxis=axis(colours, tickformat=PERCENT_TICKS, range=list(accuracies)),
        margin={"l": 44, "r": 12, "t": 8, "b": 44},
        hovermode="closest",
        hoverdistance=_NEAR,
        clickmode="event+select",
    )


def _power(decade: float) -> str:
    return f"10<sup>{round(np.log10(decade))}</sup>"
