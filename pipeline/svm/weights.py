"""Fold dual coefficients into one weight vector per pair of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.by_class import ByClass
from pipeline.svm.solvers.duals import Duals, pairs_of

ROWS_AT_ONCE = 512
"""Rows converted to float64 at once."""
MAX_BYTES = 64 * 2**20
"""Bound on the sums in float64; with many classes, a path is folded in several passes."""


def fold(classes: ByClass, duals: Duals) -> NDArray[np.float32]:
    """Give the weight vectors that dual coefficients of ``m`` fits stand for.

    Returns
    -------
    ndarray of float32, shape (m, p, d)
        Summed in float64: the two classes' sums nearly cancel.
    """
    (m, p), d = duals.intercepts.shape, classes.features.shape[1]
    weights = np.empty((m, p, d), np.float32)
    step = max(1, MAX_BYTES // (p * d * 8))
    for fits in (slice(start, start + step) for start in range(0, m, step)):
        weights[fits] = _sums(classes, [one[fits] for one in duals.by_class], p)
    return weights


def _sums(classes: ByClass, by_class: Sequence[NDArray[np.float64]], p: int) -> NDArray[np.float64]:
    sums = np.zeros((len(by_class[0]), p, classes.features.shape[1]))
    for c, coefficients in enumerate(by_class):
        involved, rows = pairs_of(len(by_class), c), classes.block(c)
        for part in (slice(j, j + ROWS_AT_ONCE) for j in range(0, len(rows), ROWS_AT_ONCE)):
            converted = rows[part].astype(np.float64)
            for i, fit in enumerate(coefficients):
                sums[i, involved] += fit[part].T @ converted
    return sums
