"""Two classifiers, class by class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.comparison.sides import Side
from dashboard.components.class_table import Column
from dashboard.statistics.intervals import mcnemar, paired_difference
from dashboard.statistics.scores import class_scores, confusion_matrix
from dashboard.statistics.shared_neighbours import by_class
from dashboard.wording.numbers import interval95, p_value, points, thousands


def class_columns(
    ours: Side, theirs: Side, shared: NDArray[np.float64] | None
) -> tuple[list[Column], NDArray[np.int64]]:
    """Compare the classes: recall of both, the difference with its interval, and neighbours in common.

    Returns
    -------
    columns : list of Column
        Of k classes.
    support : ndarray of int64, shape (k,)
        Test images of each class.
    """
    k, true = ours.data.n_classes, ours.data.test_labels
    scores = [class_scores(confusion_matrix(true, side.predictions.predicted, k)) for side in (ours, theirs)]
    fixed, broke = (
        np.bincount(true[better.correct & ~other.correct], minlength=k)
        for better, other in ((ours.predictions, theirs.predictions), (theirs.predictions, ours.predictions))
    )
    notes = [_class_note(*counts) for counts in zip(fixed, broke, scores[0].support, strict=True)]
    less = scores[0].recall - scores[1].recall
    columns = [
        Column("A", "Of the images of the class: the share that A predicts as it", scores[0].recall),
        Column("B", "Of the images of the class: the share that B predicts as it", scores[1].recall),
        Column(
            "A \N{MINUS SIGN} B",
            "Difference of the two, in points of per cent",
            less,
            True,
            notes,
            "difference",
        ),
    ]
    if shared is not None:
        help_text = "Of an image's nearest images by A's features: the share that is nearest by B's, too"
        columns.append(Column("Same neighbours", help_text, by_class(shared, true, k)))
    return columns, scores[0].support


def _class_note(fixed: int, broke: int, n: int) -> str:
    if not n:
        return ""
    gain = paired_difference(int(fixed), int(broke), int(n))
    return (
        f"A right, B wrong: {thousands(fixed)}; A wrong, B right: {thousands(broke)}; "
        f"{interval95(gain.low, gain.high, points)}; {p_value(mcnemar(int(fixed), int(broke)))}"
    )
