"""Draw a confusion matrix whose cells, row names and column names can all be clicked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.cells import errors_and_diagonal, numbers, rim
from dashboard.figures.matrix import Choice, check_square, matrix_figure
from dashboard.figures.theme import Theme
from dashboard.wording.escaping import plotly
from dashboard.wording.numbers import fixed, images, thousands


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
    check_square(class_names, matrix=matrix)
    values = 100 * normalise_rows(matrix) if normalised else matrix.astype(np.float64)
    texts = numbers(values, _share if normalised else _count)
    totals = rim(matrix.sum(axis=1), matrix.sum(axis=0), matrix.sum(), thousands, colours)
    traces = (*errors_and_diagonal(values, texts, colours), *totals)

    def sentence(choice: Choice) -> str:
        return _sentence(matrix, class_names, choice)

    return matrix_figure(traces, class_names, colours, sentence, chosen=chosen)


def _count(value: float) -> str:
    return thousands(value) if value else ""


def _share(value: float) -> str:
    """Write per cent without decimals; nothing for nothing, or where there is none."""
    return "" if not value > 0 else "<1" if value < 1 else fixed(value, 0)


def _sentence(matrix: NDArray[np.int64], class_names: Sequence[str], choice: Choice) -> str:
    names = [None if label is None else plotly(class_names[label]) for label in choice]
    true, predicted = choice
    if true is None:
        total = matrix.sum() if predicted is None else matrix[:, predicted].sum()
        return f"all {images(total)}" if predicted is None else f"{thousands(total)} predicted {names[1]}"
    of = f"{thousands(matrix[true].sum())} true {names[0]}"
    return (
        of if predicted is None else f"{thousands(matrix[true, predicted])} of {of}<br>predicted {names[1]}"
    )
