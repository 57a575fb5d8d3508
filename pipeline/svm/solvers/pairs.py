"""Solve one pair of classes with libsvm, from inner products."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.by_class import ByClass

STEPS_PER_ROW = 50
"""libsvm's steps before it gives up: where classes overlap and C is large it would take minutes a pair."""


@dataclass(frozen=True)
class PairSolution:
    """Hold the solution of one pair at one C.

    Attributes
    ----------
    duals : ndarray of float64, shape (n_a + n_b,)
        Signed dual coefficient of each row: positive for class a, negative for class b.
    intercept : float
        Decision value of the origin.
    n_support : int
        Number of support vectors.
    by_libsvm : bool
        False if the interior-point method found it.
    """

    duals: NDArray[np.float64]
    intercept: float
    n_support: int
    by_libsvm: bool = True

    def spread(self, rows: NDArray[np.intp], n: int) -> PairSolution:
        """Give the same solution among ``n`` rows, of which ``rows`` took part."""
        duals = np.zeros(n)
        duals[rows] = self.duals
        return replace(self, duals=duals)


def part_of(classes: ByClass, pair: tuple[int, int], c: int, solution: PairSolution) -> NDArray[np.float64]:
    """Give a pair's dual coefficients of the rows of its class ``c``."""
    n = classes.counts[pair[0]]
    return solution.duals[:n] if c == pair[0] else solution.duals[n:]


def solve_pair(gram: NDArray[np.float64], n_first: int, C: float) -> PairSolution | None:
    """Fit the support vector machine of two classes, as ``SVC`` does.

    Parameters
    ----------
    gram : ndarray of float64, shape (n, n)
        Inner products of the rows, those of the first class first.
    n_first : int
        Number of rows of the first class.
    C : float
        Penalty.

    Returns
    -------
    PairSolution or None
        A positive decision value means the first class. None if it takes more than ``STEPS_PER_ROW`` steps
        a row.

    References
    ----------
    Chang and Lin (2011), "LIBSVM: a library for support vector machines", ACM TIST 2:27.
    """
    from sklearn.svm import SVC

    n = len(gram)
    second = np.arange(n) >= n_first
    machine = SVC(kernel="precomputed", C=C, cache_size=_cache_megabytes(n), max_iter=STEPS_PER_ROW * n)
    machine.fit(gram, second)
    if machine.fit_status_:
        return None
    duals = np.zeros(n)
    duals[machine.support_] = -machine.dual_coef_[0]  # scikit-learn: positive is the second class
    return PairSolution(duals, -float(machine.intercept_[0]), len(machine.support_))


def _cache_megabytes(n: int) -> float:
    """Give libsvm room for the whole matrix in float32, but no more than its default of 200 MB."""
    return min(200.0, n * n * 4 / 2**20 + 1)
