"""Draw how well pairs of classes come apart: a matrix whose cells can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.cells import errors_and_diagonal, numbers, rim
from dashboard.figures.matrix import Choice, check_square, matrix_figure
from dashboard.figures.theme import Theme
from dashboard.wording.numbers import fixed


def pair_figure(
    shares: NDArray[np.float64],
    class_names: Sequence[str],
    colours: Theme,
    *,
    sentence: Callable[[Choice], str],
    means: bool = False,
    chosen: Choice = (None, None),
) -> go.Figure:
    """Draw a share for each pair of classes, in per cent: the larger, the stronger; the diagonal is grey.

    Parameters
    ----------
    shares : ndarray of float64, shape (k, k)
        0 to 1; NaN cells stay empty.
    class_names : sequence of str, length k
        Names of the classes.
    colours : Theme
        Light or dark.
    sentence : callable
        Says in HTML what a choice means, for the pointer that rests on it.
    means : bool
        Whether the rim has the mean of each row, which must then be that of its column.
    chosen : tuple of (int or None, int or None)
        The pair to outline.

    Returns
    -------
    plotly.graph_objects.Figure
        Its last trace holds what can be clicked; ``customdata`` is (row, column), -1 for all.

    Raises
    ------
    ValueError
        If ``shares`` and ``class_names`` do not fit each other.
    """
    check_square(class_names, shares=shares)
    traces = errors_and_diagonal(shares, numbers(shares, per_cent), colours)
    if means:
        rows = [_mean(row) for row in shares]
        traces += rim(rows, rows, _mean(shares), per_cent, colours)
    words = {"rim_name": "mean" if means else "", "corner": ""}
    return matrix_figure(traces, class_names, colours, sentence, chosen=chosen, **words)


def per_cent(share: float) -> str:
    """Write a share in per cent, with a decimal where it is small; nothing where there is none."""
    if np.isnan(share) or share == 0:
        return "" if np.isnan(share) else "0"
    return fixed(100 * share, 1 if share < 0.0995 else 0)


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
