"""Draw how a confusion matrix changed from one classifier to another, where every cell can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.figures.cells import numbers, rim, shaded
from dashboard.figures.matrix import Choice, check_square, matrix_figure
from dashboard.figures.theme import Theme
from dashboard.wording.escaping import plotly
from dashboard.wording.numbers import difference, images, thousands

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
    check_square(class_names, came=came, went=went)
    change = came - went
    texts = numbers(np.where(came + went > 0, change, np.nan), lambda n: "" if np.isnan(n) else difference(n))
    better = np.where(np.eye(len(change), dtype=bool), change, -change).astype(np.float64)
    cells = shaded(better, texts, (colours.wrong, colours.empty, colours.test))
    totals = rim(came.sum(axis=1), (came + went).sum(axis=0), came.sum(), thousands, colours)

    def sentence(choice: Choice) -> str:
        return _sentence(came, went, class_names, choice)

    return matrix_figure((*cells, *totals), class_names, colours, sentence, chosen=chosen)


def _sentence(came: Counts, went: Counts, class_names: Sequence[str], choice: Choice) -> str:
    names = ["" if label is None else plotly(class_names[label]) for label in choice]
    true, said = choice
    if true is None and said is None:
        return f"all {images(came.sum())} whose answer changed"
    if said is None:
        return f"{thousands(came[true].sum())} true {names[0]}<br>whose answer changed"
    arrived, left = (counts[:, said].sum() if true is None else counts[true, said] for counts in (came, went))
    of = f"true {names[0]}, " if true is not None else ""
    moves = f"{thousands(arrived)} came, {thousands(left)} went"
    return f"{of}taken for {names[1]}: {difference(arrived - left)}<br>{moves}"
