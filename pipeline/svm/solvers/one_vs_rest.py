"""Fit one support vector machine per class against all others, where pairs are too many or too large."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.pool import Counter, run_all
from pipeline.compute.progress import Progress
from pipeline.svm.by_class import ByClass, Subset
from pipeline.svm.machines import Machines

MAX_ITERATIONS = 100
"""Bound on liblinear's iterations: of 10,000 x 2,048 features, one takes 0.2 s."""
ON_THE_EDGE = 1e-3
"""Tolerance within which a row counts as on its margin."""


def fit_rest(
    classes: ByClass, Cs: Sequence[float], subsets: Sequence[Subset], *, threads: int, progress: Progress
) -> Columns:
    """Fit every class against the rest at every C, with liblinear.

    Parameters
    ----------
    classes : ByClass
        The training rows; all of them are held in memory, in float64.
    Cs : sequence of float
        Penalties.
    subsets : sequence of Subset
        Parts of the training rows to fit.
    threads : int
        Fits side by side.
    progress : Progress
        Counts classes times values of C times subsets.

    Returns
    -------
    Columns
        The fits of the first subset at every C, then those of the second, ...; support vectors are the rows on or
        inside the margin.

    References
    ----------
    Fan et al. (2008), "LIBLINEAR: a library for large linear classification", JMLR 9:1871-1874.
    """
    from sklearn.exceptions import ConvergenceWarning

    k, m = len(classes.present), len(Cs)
    found = Columns.empty(len(subsets) * m, k, classes.features.shape[1])
    tasks = []
    for subset, columns in zip(subsets, found.split(len(subsets)), strict=True):
        rows, owners = _rows(classes, subset)
        tasks += [partial(_fit_column, rows, owners == c, c, Cs, columns) for c in range(k)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # said in the note
        run_all(tasks, threads=threads, total=len(tasks) * m, what="SVM fits", progress=progress)
    return found


@dataclass(frozen=True)
class Columns:
    """Hold arrays of ``m`` fits, of which each class fills a column.

    Attributes
    ----------
    weights : ndarray of float32, shape (m, k, d)
        Weight vectors.
    intercepts : ndarray of float64, shape (m, k)
        Decision values of the origin.
    n_support : ndarray of int32, shape (m, k)
        Number of support vectors.
    converged : ndarray of bool, shape (m, k)
        Whether liblinear ended by itself.
    """

    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    n_support: NDArray[np.int32]
    converged: NDArray[np.bool_]

    @classmethod
    def empty(cls, m: int, k: int, d: int) -> Columns:
        """Give room for ``m`` fits."""
        return cls(
            np.empty((m, k, d), np.float32),
            np.empty((m, k)),
            np.empty((m, k), np.int32),
            np.zeros((m, k), np.bool_),
        )

    def split(self, count: int) -> list[Columns]:
        """Give ``count`` equal parts of the fits, which share their memory with these."""
        arrays = (np.split(getattr(self, item.name), count) for item in fields(self))
        return [Columns(*part) for part in zip(*arrays, strict=True)]

    def machines(self) -> Machines:
        """Give what judges images."""
        return Machines(self.weights, self.intercepts, self.n_support)


def note_on_unfinished() -> str:
    """Say what ``{count}`` of ``{total}`` fits are that have not converged."""
    return (
        f"{{count}} of {{total}} fits ended after {MAX_ITERATIONS} iterations, before they had converged: a smaller "
        "C, or features of one scale, would help."
    )


def _rows(classes: ByClass, subset: Subset) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Give the rows of a subset, float64 (n, d), and the position of each one's class."""
    parts = [classes.block(c)[chosen].astype(np.float64) for c, chosen in enumerate(subset)]
    return np.concatenate(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def _fit_column(
    rows: NDArray[np.float64],
    members: NDArray[np.bool_],
    c: int,
    Cs: Sequence[float],
    columns: Columns,
    counter: Counter,
) -> None:
    """Fill the column of one class at every C."""
    from sklearn.svm import LinearSVC

    for i, C in enumerate(Cs):
        counter.check()
        machine = LinearSVC(C=C, dual="auto", random_state=0, max_iter=MAX_ITERATIONS).fit(rows, members)
        values = machine.decision_function(rows)
        columns.weights[i, c] = machine.coef_[0]
        columns.intercepts[i, c] = machine.intercept_[0]
        columns.n_support[i, c] = (np.where(members, values, -values) <= 1 + ON_THE_EDGE).sum()
        columns.converged[i, c] = machine.n_iter_ < MAX_ITERATIONS
        counter.step()
