"""The frame of a matrix of classes: names at its sides, a rim, and a target over everything that can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.theme import Theme, blend, contrast, ink, layout

NUMBERS_UP_TO = 20
"""Classes beyond which a number in each cell is too small to read on a phone."""
NAMES_UP_TO = 24
"""Classes beyond which only every n-th name is written: on a phone they would overlap."""
CLICKABLE_UP_TO = 100
"""Classes beyond which one invisible point a cell would slow the browser down."""

_GAP = 0.25  # between the matrix and its rim, in cells
_LONGEST_NAME = 12

Choice = tuple[int | None, int | None]
"""A true and a predicted class; None stands for all of them."""


def matrix_layout(class_names: Sequence[str], colours: Theme) -> go.Layout:
    """Give a layout with room for the names and the rim; a cell is one unit wide and high."""
    k = len(class_names)
    room = _room(class_names)
    end = k + _GAP + 1
    axis = {"visible": False, "fixedrange": True}
    return layout(
        colours,
        height=int(min(760, max(340, 44 * (end + room)))),
        xaxis=axis | {"range": [-room, end]},
        yaxis=axis | {"range": [end, -room]},
        hovermode="closest",
        hoverdistance=-1,
        clickmode="event+select",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )


def _room(class_names: Sequence[str]) -> float:
    """Give the width of the names, in cells: about seven pixels a letter beside cells of 27 on a phone.

    Short names leave room for the corner's words all the same.
    """
    longest = max(len(_cut(name)) for name in class_names)
    return max(1.6, min(3.0, 0.25 * longest)) * max(1.0, len(class_names) / 12)


def _shorten(name: str) -> str:
    """Cut a long name; it may hold anything, and Plotly reads markup."""
    return escape(_cut(name))


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def write_names(
    figure: go.Figure,
    class_names: Sequence[str],
    colours: Theme,
    rim_name: str,
    corner: str = "said →<br>true ↓",
) -> None:
    """Write the classes' names at the left and on top, the rim's, and what both sides are into the corner."""
    k = len(class_names)
    step = -(-k // NAMES_UP_TO)
    upright = max(len(name) for name in class_names) > 3
    rim = k + _GAP + 0.5
    written = [(index + 0.5, _shorten(name)) for index, name in enumerate(class_names) if index % step == 0]
    still = {"showarrow": False, "captureevents": False}
    font = {"color": colours.muted, "size": 10}
    left = {"x": -0.1, "xanchor": "right", "yanchor": "middle"}
    top = {"y": -0.1, "xanchor": "center", "yanchor": "bottom", "textangle": -90 if upright else 0}
    texts = [
        {"text": corner, "align": "right", "font": font, **still, **left, "y": -0.1, "yanchor": "bottom"}
    ]
    for place, name in [*written, (rim, rim_name)]:
        font = {"color": colours.muted if place == rim else colours.text, "size": 11}
        texts += [
            {"text": name, "font": font, **still, **side}
            for side in (left | {"y": place}, top | {"x": place})
        ]
    figure.update_layout(annotations=texts)  # at once: Plotly checks all of them anew with each that is added


def outline(figure: go.Figure, chosen: Choice, k: int, colours: Theme) -> None:
    """Draw a box around the chosen cell, row or column with its rim."""
    true, predicted = chosen
    if true is None and predicted is None:
        return
    end = k + _GAP + 1
    x0, x1 = (0, end) if predicted is None else (predicted, predicted + 1)
    y0, y1 = (0, end) if true is None else (true, true + 1)
    figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line={"color": colours.chosen, "width": 2})


def targets(class_names: Sequence[str], sentence: Callable[[Choice], str]) -> go.Scatter:
    """Lay an invisible marker over the centre of every cell, name and number of the rim: the nearest takes the click.

    Plotly reports no clicks on heat maps to Streamlit, nor any on axis labels.

    Parameters
    ----------
    class_names : sequence of str, length k
        Names of the classes.
    sentence : callable
        Says in HTML what a choice means: shown when the pointer rests on it.

    Returns
    -------
    plotly.graph_objects.Scatter
        Its ``customdata`` is (true, predicted), -1 for all.
    """
    places, choices = zip(*_places(class_names), strict=True)
    x, y = zip(*places, strict=True)
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"size": 1, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[[-1 if index is None else index for index in choice] for choice in choices],
        text=[sentence(choice) for choice in choices],
        hovertemplate="%{text}<extra></extra>",
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
    rim = (k + _GAP + 0.5, None)
    names = [(-0.5 - step, None) for step in range(int(np.ceil(_room(class_names))))]
    for y, true in [*names, *every, rim]:
        for x, predicted in [*names, *every, rim]:
            yield (x, y), (true, predicted)


def rim(rows: Sequence[Any], columns: Sequence[Any], corner: Any, colours: Theme) -> go.Scatter:
    """Write a number beside each row, below each column, and in the corner, if there is room to read them."""
    k = len(rows)
    rim = k + _GAP + 0.5
    centres = np.arange(k) + 0.5
    numbers = [*rows, *columns, corner] if k <= NUMBERS_UP_TO else []
    return go.Scatter(
        x=[*[rim] * k, *centres, rim],
        y=[*centres, *[rim] * k, rim],
        mode="text",
        text=[str(number) for number in numbers],
        textfont={"color": colours.muted, "size": 11},
        hoverinfo="skip",
    )


def cells(
    values: NDArray[np.float64],
    texts: NDArray[np.str_],
    scale: Sequence[str],
    ends: tuple[float, float],
    ink_colour: str,
) -> go.Heatmap:
    """Draw cells with numbers of one ink; those that are NaN are left to another trace.

    Parameters
    ----------
    values : ndarray of float64, shape (k, k)
        What is coloured.
    texts : ndarray of str, shape (k, k)
        What is written.
    scale : sequence of str
        Two or more colours, evenly spaced.
    ends : tuple of (float, float)
        Values of the first and the last colour.
    ink_colour : str
        Of the texts.
    """
    return go.Heatmap(
        z=values,
        x0=0.5,
        y0=0.5,
        dx=1,
        dy=1,
        colorscale=[
            [share, colour] for share, colour in zip(np.linspace(0, 1, len(scale)), scale, strict=True)
        ],
        zmin=ends[0],
        zmax=ends[1],
        showscale=False,
        xgap=1,
        ygap=1,
        text=np.where(np.isnan(values), "", texts),
        texttemplate="%{text}",
        textfont={"color": ink_colour},
        hoverinfo="skip",
        hoverongaps=False,
    )


def turning_point(weak: str, strong: str) -> float:
    """Give the share of a scale from which numbers read better in the ink of its strong end."""
    inks = ink(weak), ink(strong)
    shades = [(share, blend(weak, strong, share)) for share in np.linspace(0, 1, 101)]
    return next(
        (float(share) for share, shade in shades if contrast(inks[1], shade) > contrast(inks[0], shade)), 1.0
    )
