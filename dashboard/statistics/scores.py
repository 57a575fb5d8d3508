"""Count how good a classifier is: accuracy with an interval, and precision, recall, F1 per class."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""The standard normal's 97.5 % quantile: a two-sided 95 % interval."""

Labels = NDArray[np.integer[Any]]


def confusion_matrix(true: Labels, predicted: Labels, k: int) -> NDArray[np.int64]:
    """Count the images of each true and predicted class.

    Parameters
    ----------
    true, predicted : ndarray of int, shape (n,)
        Labels in 0..k-1.
    k : int
        Number of classes.

    Returns
    -------
    ndarray of int64, shape (k, k)
        Rows are true classes, columns predicted ones.
    """
    cells = true.astype(np.int64) * k + predicted
    return np.bincount(cells, minlength=k * k).reshape(k, k)


def most_confused(matrix: NDArray[np.int64], most: int) -> list[tuple[int, int, int]]:
    """List the largest counts off the diagonal.

    Parameters
    ----------
    matrix : ndarray of int64, shape (k, k)
        Counts; rows are true classes.
    most : int
        Entries to list; cells without images are never listed.

    Returns
    -------
    list of (int, int, int)
        True class, predicted class and count, largest count first; equal ones in the order of the classes.
    """
    errors = matrix.copy()
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[:most]
    cells = zip(*np.unravel_index(order, errors.shape), strict=True)
    return [(int(i), int(j), int(errors[i, j])) for i, j in cells if errors[i, j]]


def class_scores(matrix: NDArray[np.int64]) -> pd.DataFrame:
    """Score every class of a confusion matrix.

    Parameters
    ----------
    matrix : ndarray of int64, shape (k, k)
        As `confusion_matrix` gives it.

    Returns
    -------
    DataFrame
        A row a class. ``support`` and ``predicted``: images of the class, and images predicted as it. ``precision``:
        share of the images predicted as the class that are of it. ``recall``: share of the images of the class that
        are predicted as it. ``f1``: harmonic mean of the two. NaN where there is nothing to measure them on.
    """
    hits = np.diag(matrix)
    counts = pd.DataFrame({"support": matrix.sum(axis=1), "predicted": matrix.sum(axis=0)})
    return counts.assign(
        precision=hits / counts.predicted,
        recall=hits / counts.support,
        f1=2 * hits / (counts.support + counts.predicted),
    )


def wilson_interval(n_correct: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Give the interval in which the accuracy lies, from ``n_correct`` right answers of ``n``.

    Parameters
    ----------
    n_correct, n : int
        Right answers, and all answers (at least one).
    z : float
        Quantile of the standard normal; 1.96 for 95 %.

    Returns
    -------
    low, high : float
        Shares in 0..1.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.
    """
    share, scale = n_correct / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = centre - half if n_correct > 0 else 0.0  # exact at the ends, where rounding would show
    return low, centre + half if n_correct < n else 1.0
