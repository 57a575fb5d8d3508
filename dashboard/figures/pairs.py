"""Draw how well pairs of classes come apart: a matrix whose cells can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
    k = len(class_names)
    if shares.shape != (k, k):
        raise ValueError(f"shares must have shape ({k}, {k}), one row a class. Got {shares.shape}.")
    figure = go.Figure(layout=matrix_layout(class_names, colours))
    figure.add_traces(_cells(shares, colours))
    if means:
        rows = [_per_cent(_mean(row)) for row in shares]
        figure.add_trace(rim(rows, rows, _per_cent(_mean(shares)), colours))
    write_names(figure, class_names, colours, "mean" if means else "", "")
    outline(figure, chosen, k, colours)
    if k <= CLICKABLE_UP_TO:
        figure.add_trace(targets(class_names, sentence))
    return figure


def _cells(shares: NDArray[np.float64], colours: Theme) -> list[go.Heatmap]:
    diagonal = np.eye(len(shares), dtype=bool)
    others = np.where(diagonal, np.nan, shares)
    most = float(np.nanmax(others, initial=0)) or 1.0
    scale = colours.empty, colours.wrong
    strong = np.nan_to_num(others) / most > turning_point(*scale)
    texts = _texts(shares)
    return [
        cells(np.where(~diagonal & ~strong, others, np.nan), texts, scale, (0, most), ink(colours.empty)),
        cells(np.where(strong, others, np.nan), texts, scale, (0, most), ink(colours.wrong)),
        cells(np.where(diagonal, shares, np.nan), texts, [colours.right] * 2, (0, 1), ink(colours.right)),
    ]


def _texts(shares: NDArray[np.float64]) -> NDArray[np.str_]:
    texts = np.full(shares.shape, "", dtype="<U8")
    if len(shares) <= NUMBERS_UP_TO:
        texts[:] = [[_per_cent(share) for share in row] for row in shares]
    return texts


def _per_cent(share: float) -> str:
    """Write a share in per cent, with a decimal where it is small; nothing where there is none."""
    if np.isnan(share) or share == 0:
        return "" if np.isnan(share) else "0"
    return fixed(100 * share, 1 if share < 0.0995 else 0)


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
