"""Draw a confusion matrix whose cells, row names and column names can all be clicked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

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

_GAP = 0.25  # between the matrix and its totals, in cells
_LONGEST_NAME = 12

Choice = tuple[int | None, int | None]
"""A true and a predicted class; None stands for all of them."""


def normalise_rows(matrix: NDArray[np.int64]) -> NDArray[np.float64]:
    """Divide each row by its sum.

    Parameters
    ----------
    matrix : ndarray of int64, shape (k, k)
        Counts; rows are true classes.

    Returns
    -------
    ndarray of float64, shape (k, k)
        Shares of the true class; a row without images is NaN.
    """
    totals = matrix.sum(axis=1, keepdims=True).astype(np.float64)
    totals[totals == 0] = np.nan
    shares: NDArray[np.float64] = matrix / totals
    return shares


def confusion_figure(
    matrix: NDArray[np.int64],
    class_names: Sequence[str],
    colours: Theme,
    *,
    normalised: bool = False,
    chosen: Choice = (None, None),
) -> go.Figure:
    """Draw the matrix: errors on a sequential scale, the diagonal grey, totals at the rim.

    Plotly reports no clicks on heat maps to Streamlit, nor any on axis labels. So an invisible marker
    lies in the centre of every cell, and over every name; the nearest one takes the click.

    Parameters
    ----------
    matrix : ndarray of int64, shape (k, k)
        Counts; rows are true classes, columns predicted ones.
    class_names : sequence of str, length k
        Names of the classes.
    colours : Theme
        Light or dark.
    normalised : bool
        Whether cells are per cent of their row, instead of counts.
    chosen : tuple of (int or None, int or None)
        The true and predicted class to outline.

    Returns
    -------
    plotly.graph_objects.Figure
        Its last trace holds what can be clicked; ``customdata`` is (true, predicted), -1 for all.

    Raises
    ------
    ValueError
        If ``matrix`` and ``class_names`` do not fit each other.
    """
    k = len(class_names)
    if matrix.shape != (k, k):
        raise ValueError(f"matrix must have shape ({k}, {k}), one row a class. Got {matrix.shape}.")
    values = 100 * normalise_rows(matrix) if normalised else matrix.astype(np.float64)
    figure = go.Figure(layout=_layout(class_names, colours))
    figure.add_traces([*_cells(values, normalised, colours), _totals(matrix, colours)])
    _write_names(figure, class_names, colours)
    _outline(figure, chosen, k, colours)
    if k <= CLICKABLE_UP_TO:
        figure.add_trace(_targets(matrix, class_names))
    return figure


def _cells(values: NDArray[np.float64], normalised: bool, colours: Theme) -> Iterator[go.Heatmap]:
    """Give the errors in two traces, as cells' numbers can only be of one colour each, and the diagonal."""
    diagonal = np.eye(len(values), dtype=bool)
    texts = _texts(values, normalised)
    errors = np.where(diagonal, np.nan, values)
    most = float(np.nanmax(errors, initial=0)) or 1.0
    scale = [[0, colours.empty], [1, colours.wrong]]
    strong = np.nan_to_num(errors) / most > _turning_point(colours)
    for cells, backdrop in ((~diagonal & ~strong, colours.empty), (strong, colours.wrong)):
        yield _heatmap(np.where(cells, errors, np.nan), texts, scale, most, ink(backdrop))
    right = np.where(diagonal, values, np.nan)
    yield _heatmap(right, texts, [[0, colours.right], [1, colours.right]], 1.0, ink(colours.right))


def _turning_point(colours: Theme) -> float:
    """Give the share of the scale from which numbers read better in the ink of its strong end."""
    weak, strong = ink(colours.empty), ink(colours.wrong)
    shades = [(share, blend(colours.empty, colours.wrong, share)) for share in np.linspace(0, 1, 101)]
    return next(
        (float(share) for share, shade in shades if contrast(strong, shade) > contrast(weak, shade)), 1.0
    )


def _totals(matrix: NDArray[np.int64], colours: Theme) -> go.Scatter:
    k = len(matrix)
    rim = k + _GAP + 0.5
    centres = np.arange(k) + 0.5
    numbers = [*matrix.sum(axis=1), *matrix.sum(axis=0), matrix.sum()] if k <= NUMBERS_UP_TO else []
    return go.Scatter(
        x=[*[rim] * k, *centres, rim],
        y=[*centres, *[rim] * k, rim],
        mode="text",
        text=[str(number) for number in numbers],
        textfont={"color": colours.muted, "size": 11},
        hoverinfo="skip",
    )


def _heatmap(
    values: NDArray[np.float64],
    texts: NDArray[np.str_],
    scale: list[list[object]],
    most: float,
    ink_colour: str,
) -> go.Heatmap:
    return go.Heatmap(
        z=values,
        x0=0.5,
        y0=0.5,
        dx=1,
        dy=1,
        colorscale=scale,
        zmin=0,
        zmax=most,
        showscale=False,
        xgap=1,
        ygap=1,
        text=np.where(np.isnan(values), "", texts),
        texttemplate="%{text}",
        textfont={"color": ink_colour},
        hoverinfo="skip",
        hoverongaps=False,
    )


def _texts(values: NDArray[np.float64], normalised: bool) -> NDArray[np.str_]:
    texts = np.full(values.shape, "", dtype="<U8")
    if len(values) > NUMBERS_UP_TO:
        return texts
    filled = np.nan_to_num(values) > 0
    texts[filled] = [_number(value, normalised) for value in values[filled]]
    return texts


def _number(value: float, normalised: bool) -> str:
    if not normalised:
        return str(int(value))
    return "<1" if value < 1 else f"{int(value + 0.5)}"


def _layout(class_names: Sequence[str], colours: Theme) -> go.Layout:
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


def _write_names(figure: go.Figure, class_names: Sequence[str], colours: Theme) -> None:
    k = len(class_names)
    step = -(-k // NAMES_UP_TO)
    upright = max(len(name) for name in class_names) > 3
    rim = k + _GAP + 0.5
    written = [(index + 0.5, _shorten(name)) for index, name in enumerate(class_names) if index % step == 0]
    for place, name in [*written, (rim, "all")]:
        font = {"color": colours.muted if name == "all" else colours.text, "size": 11}
        shared = {"text": name, "showarrow": False, "font": font, "captureevents": False}
        figure.add_annotation(x=-0.1, y=place, xanchor="right", yanchor="middle", **shared)
        angle = -90 if upright else 0
        figure.add_annotation(x=place, y=-0.1, textangle=angle, xanchor="center", yanchor="bottom", **shared)
    corner = {"text": "said →<br>true ↓", "align": "right", "showarrow": False, "captureevents": False}
    font = {"color": colours.muted, "size": 10}
    figure.add_annotation(x=-0.1, y=-0.1, xanchor="right", yanchor="bottom", font=font, **corner)


def _outline(figure: go.Figure, chosen: Choice, k: int, colours: Theme) -> None:
    true, predicted = chosen
    if true is None and predicted is None:
        return
    end = k + _GAP + 1
    x0, x1 = (0, end) if predicted is None else (predicted, predicted + 1)
    y0, y1 = (0, end) if true is None else (true, true + 1)
    figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line={"color": colours.chosen, "width": 2})


def _targets(matrix: NDArray[np.int64], class_names: Sequence[str]) -> go.Scatter:
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
        text=[_sentence(matrix, class_names, choice) for choice in choices],
        hovertemplate="%{text}<extra></extra>",
    )


def _places(class_names: Sequence[str]) -> Iterator[tuple[tuple[float, float], Choice]]:
    """List the centre of everything clickable with its choice; names are as many targets as they are cells wide."""
    k = len(class_names)
    every = [(index + 0.5, index) for index in range(k)]
    rim = (k + _GAP + 0.5, None)
    names = [(-0.5 - step, None) for step in range(int(np.ceil(_room(class_names))))]
    for y, true in [*names, *every, rim]:
        for x, predicted in [*names, *every, rim]:
            yield (x, y), (true, predicted)


def _sentence(matrix: NDArray[np.int64], class_names: Sequence[str], choice: Choice) -> str:
    names = [None if label is None else escape(class_names[label]) for label in choice]
    true, predicted = choice
    if true is None:
        total = matrix.sum() if predicted is None else matrix[:, predicted].sum()
        return f"all {total:,} images" if predicted is None else f"{total:,} predicted {names[1]}"
    of = f"{matrix[true].sum():,} true {names[0]}"
    return of if predicted is None else f"{matrix[true, predicted]:,} of {of}<br>predicted {names[1]}"
