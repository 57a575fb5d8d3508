"""Fold dual coefficients into one weight vector per pair of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.by_class import ByClass
from pipeline.svm.solvers.pairs import PairSolution, part_of

ROWS_AT_ONCE = 512
"""Rows converted to float64 at once."""
MAX_BYTES = 64 * 2**20
"""Bound on the sums in float64; with many classes, a path is folded in several passes."""


def fold(classes: ByClass, paths: Sequence[Sequence[PairSolution]]) -> NDArray[np.float32]:
    """Give the weight vectors that the dual coefficients stand for.

    Parameters
    ----------
    classes : ByClass
        The training rows.
    paths : sequence, one per pair, of sequences of PairSolution, one per C
        Pairs in the order of ``classes.pairs``.

    Returns
    -------
    ndarray of float32, shape (m, p, d)
        Summed in float64: the two classes' sums nearly cancel.
    """
    m, p, d = len(paths[0]), len(paths), classes.features.shape[1]
    weights = np.empty((m, p, d), np.float32)
    step = max(1, MAX_BYTES // (p * d * 8))
    for start in range(0, m, step):
        stop = min(start + step, m)
        weights[start:stop] = _sums(classes, [path[start:stop] for path in paths])
    return weights


def _sums(classes: ByClass, paths: Sequence[Sequence[PairSolution]]) -> NDArray[np.float64]:
    m, p, d = len(paths[0]), len(paths), classes.features.shape[1]
    sums = np.zeros((m, p, d))
    for c in range(len(classes.present)):
        involved = [number for number, pair in enumerate(classes.pairs) if c in pair]
        rows = classes.block(c)
        duals = [
            np.stack([part_of(classes, classes.pairs[j], c, paths[j][i]) for j in involved]) for i in range(m)
        ]
        for part in (slice(j, j + ROWS_AT_ONCE) for j in range(0, len(rows), ROWS_AT_ONCE)):
            converted = rows[part].astype(np.float64)
            for i in range(m):
                sums[i, involved] += duals[i][:, part] @ converted
    return sums
