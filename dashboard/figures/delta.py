"""Draw how a confusion matrix changed from one classifier to another, where every cell can be clicked."""

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
from dashboard.wording.numbers import difference, thousands

Counts = NDArray[np.int64]


def delta_figure(
    came: Counts, went: Counts, class_names: Sequence[str], colours: Theme, *, chosen: Choice = (None, None)
) -> go.Figure:
    """Draw the change of each cell: more right and fewer wrong in one colour, the reverse in the other.

    Parameters
    ----------
    came, went : ndarray of int64, shape (k, k)
        Images that came into and went out of each cell; rows are true classes, columns answers.
    class_names : sequence of str, length k
        Names of the classes.
    colours : Theme
        Light or dark.
    chosen : tuple of (int or None, int or None)
        The true class and the answer to outline.

    Returns
    -------
    plotly.graph_objects.Figure
        Its last trace holds what can be clicked; ``customdata`` is (true, answer), -1 for all.

    Raises
    ------
    ValueError
        If the counts and ``class_names`` do not fit each other.
    """
    k = len(class_names)
    if came.shape != (k, k) or went.shape != (k, k):
        raise ValueError(
            f"came and went must have shape ({k}, {k}), one row a class. Got {came.shape}, {went.shape}."
        )
    figure = go.Figure(layout=matrix_layout(class_names, colours))
    figure.add_traces([*_cells(came, went, colours)])
    figure.add_trace(rim(came.sum(axis=1).tolist(), (came + went).sum(axis=0).tolist(), came.sum(), colours))
    write_names(figure, class_names, colours, "all")
    outline(figure, chosen, k, colours)
    if k <= CLICKABLE_UP_TO:
        figure.add_trace(targets(class_names, lambda choice: _sentence(came, went, class_names, choice)))
    return figure


def _cells(came: Counts, went: Counts, colours: Theme) -> Iterator[go.Heatmap]:
    """Give the cells in three traces: those with little change, and much to the worse or to the better."""
    change = came - went
    better = np.where(np.eye(len(change), dtype=bool), change, -change).astype(np.float64)
    most = float(np.abs(better).max(initial=0)) or 1.0
    worse_end, better_end = (turning_point(colours.empty, end) for end in (colours.wrong, colours.test))
    much_worse, much_better = better / most < -worse_end, better / most > better_end
    scale = colours.wrong, colours.empty, colours.test
    texts = _texts(came, went)
    for shown, backdrop in (
        (~much_worse & ~much_better, colours.empty),
        (much_worse, colours.wrong),
        (much_better, colours.test),
    ):
        yield cells(np.where(shown, better, np.nan), texts, scale, (-most, most), ink(backdrop))


def _texts(came: Counts, went: Counts) -> NDArray[np.str_]:
    texts = np.full(came.shape, "", dtype="<U12")
    if len(came) > NUMBERS_UP_TO:
        return texts
    moved = came + went > 0
    texts[moved] = [difference(change) for change in (came - went)[moved]]
    return texts


def _sentence(came: Counts, went: Counts, class_names: Sequence[str], choice: Choice) -> str:
    names = ["" if label is None else escape(class_names[label]) for label in choice]
    true, said = choice
    if true is None and said is None:
        return f"all {thousands(came.sum())} images whose answer changed"
    if said is None:
        return f"{thousands(came[true].sum())} true {names[0]}<br>whose answer changed"
    arrived, left = (counts[:, said].sum() if true is None else counts[true, said] for counts in (came, went))
    of = f"true {names[0]}, " if true is not None else ""
    moves = f"{thousands(arrived)} came, {thousands(left)} went"
    return f"{of}taken for {names[1]}: {difference(arrived - left)}<br>{moves}"
