"""Solve one pair of classes with libsvm, from inner products."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.solvers.duals import PairSolution

STEPS_PER_ROW, STEPS_PER_LONG_ROW, LEAST_STEPS = 8, 50, 10_000
"""libsvm's steps before it gives up: where classes overlap and C is large it would take minutes a pair. More where
rows are longer than there are rows: what takes over then takes longer, too."""


def solve_pair(gram: NDArray[np.float64], n_first: int, C: float, steps: int) -> PairSolution | None:
    """Fit the support vector machine of two classes, as ``SVC`` does.

    Parameters
    ----------
    gram : ndarray of float64, shape (n, n)
        Inner products of the rows, those of the first class first.
    n_first : int
        Number of rows of the first class.
    C : float
        Penalty.
    steps : int
        Most steps of libsvm.

    Returns
    -------
    PairSolution or None
        A positive decision value means the first class. None if it takes more steps.

    References
    ----------
    Chang and Lin (2011), "LIBSVM: a library for support vector machines", ACM TIST 2:27.
    """
    from sklearn import config_context
    from sklearn.svm import SVC

    n = len(gram)
    second = np.arange(n) >= n_first
    machine = SVC(kernel="precomputed", C=C, cache_size=cache_megabytes(n), max_iter=steps)
    with config_context(assume_finite=True):  # looking at every product again takes a third of a simple fit
        machine.fit(gram, second)
    if machine.fit_status_:
        return None
    duals = np.zeros(n)
    duals[machine.support_] = -machine.dual_coef_[0]  # scikit-learn: positive is the second class
    return PairSolution(duals, -float(machine.intercept_[0]), len(machine.support_))


def most_steps(n: int, d: int | None) -> int:
    """Give libsvm's steps on ``n`` rows of ``d`` columns, or of a kernel, before another method is faster."""
    a_row = STEPS_PER_ROW if d is not None and d < n else STEPS_PER_LONG_ROW
    return max(LEAST_STEPS, a_row * n)


def cache_megabytes(n: int) -> float:
    """Give libsvm room for the whole matrix in float32, but no more than its default of 200 MB."""
    return min(200.0, n * n * 4 / 2**20 + 1)


@contextmanager
def without_warnings() -> Iterator[None]:
    """Do not warn that libsvm gave up: another method takes over."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
