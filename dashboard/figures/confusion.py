"""Draw a confusion matrix whose cells, row names and column names can all be clicked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.matrix import (
    CLICKABLE_UP_TO,
    NUMBERS_UP_TO,
    Choice,
    cells,
    matrix_layout,
    outline,
    rim,
    targets,
    turning_point,
    write_names,
)
from dashboard.figures.theme import Theme, ink
from dashboard.wording.numbers import thousands


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
    figure = go.Figure(layout=matrix_layout(class_names, colours))
    figure.add_traces([*_cells(values, normalised, colours)])
    figure.add_trace(rim(matrix.sum(axis=1).tolist(), matrix.sum(axis=0).tolist(), matrix.sum(), colours))
    write_names(figure, class_names, colours, "all")
    outline(figure, chosen, k, colours)
    if k <= CLICKABLE_UP_TO:
        figure.add_trace(targets(class_names, lambda choice: _sentence(matrix, class_names, choice)))
    return figure


def _cells(values: NDArray[np.float64], normalised: bool, colours: Theme) -> Iterator[go.Heatmap]:
    """Give the errors in two traces, as cells' numbers can only be of one colour each, and the diagonal."""
    diagonal = np.eye(len(values), dtype=bool)
    texts = _texts(values, normalised)
    errors = np.where(diagonal, np.nan, values)
    most = float(np.nanmax(errors, initial=0)) or 1.0
    scale = colours.empty, colours.wrong
    strong = np.nan_to_num(errors) / most > turning_point(*scale)
    for shown, backdrop in ((~diagonal & ~strong, colours.empty), (strong, colours.wrong)):
        yield cells(np.where(shown, errors, np.nan), texts, scale, (0, most), ink(backdrop))
    right = np.where(diagonal, values, np.nan)
    yield cells(right, texts, [colours.right] * 2, (0, 1), ink(colours.right))


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


def _sentence(matrix: NDArray[np.int64], class_names: Sequence[str], choice: Choice) -> str:
    names = [None if label is None else escape(class_names[label]) for label in choice]
    true, predicted = choice
    if true is None:
        total = matrix.sum() if predicted is None else matrix[:, predicted].sum()
        return (
            f"all {thousands(total)} images"
            if predicted is None
            else f"{thousands(total)} predicted {names[1]}"
        )
    of = f"{thousands(matrix[true].sum())} true {names[0]}"
    return (
        of if predicted is None else f"{thousands(matrix[true, predicted])} of {of}<br>predicted {names[1]}"
    )
