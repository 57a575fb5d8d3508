"""A matrix of classes: cells, names at its sides, a rim, and a target over everything that can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.cells import GAP, NUMBERS_UP_TO, width
from dashboard.figures.theme import Theme, layout, never_faded
from dashboard.wording.escaping import plotly

NAMES_UP_TO = 24
"""Classes beyond which only every n-th name is written: on a phone they would overlap."""
CLICKABLE_UP_TO = 100
"""Classes beyond which one invisible point a cell would slow the browser down."""

TALLEST = 540
"""Pixels: with what stands above it a matrix fits a window of 800."""

_LONGEST_NAME = 12
_LETTER, _PHONE = 6.4, 358  # pixels
_SPARE = 10  # pixels at the right: a total may be wider than its cell on a phone
CELLS, TOTALS = "cells", "totals"
_CORNER = 10  # letters as wide as what the corner says, which is smaller

Choice = tuple[int | None, int | None]
"""A true and a predicted class; None stands for all of them."""


def matrix_figure(
    traces: Iterable[go.Heatmap | go.Scatter],
    class_names: Sequence[str],
    colours: Theme,
    sentence: Callable[[Choice], str],
    *,
    chosen: Choice,
    rim_name: str = "all",
    corner: str = "predicted →<br>true ↓",
) -> go.Figure:
    """Draw a matrix; a cell is one unit wide and high.

    Parameters
    ----------
    traces : iterable of Heatmap or Scatter
        Its cells, and the numbers at its rim.
    class_names : sequence of str, length k
        Names of the classes.
    colours : Theme
        Light or dark.
    sentence : callable
        Says in HTML what a choice means: shown when the pointer rests on it.
    chosen : tuple of (int or None, int or None)
        What to outline.
    rim_name, corner : str
        What the rim is called, and what rows and columns are.

    Returns
    -------
    plotly.graph_objects.Figure
        Its last trace holds what can be clicked; ``customdata`` is (row, column), -1 for all. Its layout's ``meta``
        lists which numbers cannot be read on a phone: those in the cells, the totals of columns, or both.
    """
    drawn = [*traces]
    figure = go.Figure(drawn, _layout(class_names, colours))
    figure.update_layout(meta=[*_too_wide_for_a_phone(drawn, class_names)])
    _outline(figure, chosen, len(class_names), colours)
    figure.update_layout(annotations=_names(class_names, colours, rim_name, corner))
    if len(class_names) <= CLICKABLE_UP_TO:
        figure.add_trace(_targets(class_names, sentence))
    return figure


def check_square(class_names: Sequence[str], **counts: NDArray[Any]) -> None:
    """Check that there is a row and a column a class.

    Raises
    ------
    ValueError
        If not.
    """
    k = len(class_names)
    shapes = [array.shape for array in counts.values()]
    if any(shape != (k, k) for shape in shapes):
        got = ", ".join(map(str, shapes))
        raise ValueError(f"{' and '.join(counts)} must have shape ({k}, {k}), one row a class. Got {got}.")


def _layout(class_names: Sequence[str], colours: Theme) -> go.Layout:
    room, end = _room(class_names), len(class_names) + GAP + 1
    axis = {"visible": False, "fixedrange": True}
    return layout(
        colours,
        height=int(min(TALLEST, max(340, 44 * (end + room)))),
        xaxis=axis | {"range": [-room, end]},
        yaxis=axis | {"range": [end, -room]},
        hovermode="closest",
        hoverdistance=-1,
        clickmode="event+select",
        margin={"l": 0, "r": _SPARE, "t": 0, "b": 0},
    )


def _room(class_names: Sequence[str]) -> float:
    """Give the width of the names, in cells, where names and matrix share a phone's width.

    Short names leave room for the corner's words all the same.
    """
    longest = max(_CORNER, *(len(_cut(name)) for name in class_names))
    pixels = _LETTER * longest + _LETTER
    return max(1.6, pixels / (_PHONE - pixels) * (len(class_names) + GAP + 1))


def _too_wide_for_a_phone(
    traces: Sequence[go.Heatmap | go.Scatter], class_names: Sequence[str]
) -> Iterator[str]:
    """Tell which numbers would overlap those beside them where cells are as narrow as on a phone."""
    k = len(class_names)
    if k > NUMBERS_UP_TO:  # then there are none
        return
    cell = (_PHONE - _SPARE) / (_room(class_names) + k + GAP + 1)
    cells = [(text, trace) for trace in traces if trace.type == "heatmap" for text in np.ravel(trace.text)]
    columns = [(text, trace) for trace in traces[-1:] if trace.type == "scatter" for text in trace.text[:k]]
    for what, written in ((CELLS, cells), (TOTALS, columns)):
        if max((width(text, trace.textfont.size) for text, trace in written), default=0) > cell:
            yield what


def _shorten(name: str) -> str:
    """Cut a long name; it may hold anything, and Plotly reads markup."""
    return plotly(_cut(name))


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _names(class_names: Sequence[str], colours: Theme, rim_name: str, corner: str) -> list[dict[str, Any]]:
    """Write the classes' names at the left and on top, the rim's, and what both sides are into the corner."""
    k = len(class_names)
    step = -(-k // NAMES_UP_TO)
    upright = max(len(name) for name in class_names) > 3
    rim = k + GAP + 0.5
    written = [(index + 0.5, _shorten(name)) for index, name in enumerate(class_names) if index % step == 0]
    still = {"showarrow": False, "captureevents": False}
    left = still | {"x": -0.1, "xanchor": "right", "yanchor": "middle"}
    top = still | {"y": -0.1, "xanchor": "center", "yanchor": "bottom", "textangle": -90 if upright else 0}
    font = {"color": colours.muted, "size": 10}
    texts: list[dict[str, Any]] = [
        left | {"text": corner, "align": "right", "font": font, "y": -0.1, "yanchor": "bottom"}
    ]
    for place, name in [*written, (rim, rim_name)]:
        label = {"text": name, "font": {"color": colours.muted if place == rim else colours.text, "size": 11}}
        texts += [left | label | {"y": place}, top | label | {"x": place}]
    return texts


def _outline(figure: go.Figure, chosen: Choice, k: int, colours: Theme) -> None:
    """Draw a box around the chosen cell, row or column with its rim."""
    true, predicted = chosen
    if true is None and predicted is None:
        return
    end = k + GAP + 1
    x0, x1 = (0, end) if predicted is None else (predicted, predicted + 1)
    y0, y1 = (0, end) if true is None else (true, true + 1)
    figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line={"color": colours.chosen, "width": 2})


def _targets(class_names: Sequence[str], sentence: Callable[[Choice], str]) -> go.Scatter:
    """Lay an invisible marker over the centre of every cell, name and number of the rim: the nearest takes the click.

    Plotly reports no clicks on heat maps to Streamlit, nor any on axis labels.
    """
    places, choices = zip(*_places(class_names), strict=True)
    x, y = zip(*places, strict=True)
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"size": 1, "opacity": 0},
        customdata=[[-1 if index is None else index for index in choice] for choice in choices],
        text=[sentence(choice) for choice in choices],
        hovertemplate="%{text}<extra></extra>",
        **never_faded(0),
    )


def clicked_choice(points: Sequence[Any], k: int) -> Choice | None:
    """Read what was clicked from a selection, which the browser may have made up.

    Parameters
    ----------
    points : sequence of mapping
        The selected points; the first one's ``customdata`` is (true, predicted), -1 for all.
    k : int
        Number of classes.

    Returns
    -------
    tuple of (int or None, int or None), or None
        None if nothing, or no cell of this matrix, was clicked.
    """
    data = points[0].get("customdata") if points else None
    if not isinstance(data, list | tuple) or len(data) != 2:
        return None
    if not all(type(label) is int and -1 <= label < k for label in data):  # True is no label
        return None
    true, predicted = (None if label == -1 else label for label in data)
    return true, predicted


def _places(class_names: Sequence[str]) -> Iterator[tuple[tuple[float, float], Choice]]:
    """List the centre of everything clickable with its choice; names are as many targets as they are cells wide."""
    k = len(class_names)
    every = [(index + 0.5, index) for index in range(k)]
    rim = (k + GAP + 0.5, None)
    names = [(-0.5 - step, None) for step in range(int(np.ceil(_room(class_names))))]
    for y, true in [*names, *every, rim]:
        for x, predicted in [*names, *every, rim]:
            yield (x, y), (true, predicted)
