"""Fit all pairs of classes by one call of libsvm: where pairs are small, a call costs more than a solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compute import memory
from pipeline.compute.pool import Counter, processors, run_all
from pipeline.compute.progress import Progress
from pipeline.svm.by_class import ByClass, Subset
from pipeline.svm.gram import check_squares
from pipeline.svm.kernels import RBF
from pipeline.svm.solvers.duals import Duals, pairs_of
from pipeline.svm.solvers.interior_point import solve_hard
from pipeline.svm.solvers.pairs import cache_megabytes, most_steps, without_warnings

MOST_ROWS_OF_A_MATRIX = 4000
"""Up to here all inner products are computed once, 128 MB; beyond, libsvm computes them from the rows, as in SVC."""


def fit_together(
    classes: ByClass, Cs: Sequence[float], subsets: Sequence[Subset], progress: Progress, kernel: RBF | None
) -> Duals:
    """Fit every pair of classes at every C; parameters and result as of `pipeline.svm.solvers.one_vs_one.fit_pairs`.

    Raises
    ------
    InvalidParameter
        If a feature is not finite, or too large to square in float32.
    """
    rows = np.concatenate([classes.block(c) for c in range(len(classes.present))])
    with np.errstate(over="ignore"):
        check_squares(np.einsum("ij,ij->i", rows, rows))
    given, m = _Given(rows, classes.counts, kernel), len(Cs)
    found = Duals.empty(classes, m * len(subsets))
    tasks = [
        partial(_fit, given, subset, C, found, s * m + i)
        for s, subset in enumerate(subsets)
        for i, C in enumerate(Cs)
    ]
    total = len(tasks) * found.intercepts.shape[1]
    memory.give_back()
    threads = memory.threads(min(processors(), memory.MAX_THREADS), bytes_of_call(classes))
    with without_warnings():
        run_all(tasks, threads=threads, total=total, what="SVM fits", progress=progress)
    memory.give_back()
    return found


def bytes_of_call(classes: ByClass) -> int:
    """Give the bytes that a call of libsvm takes: what it is given, and the coefficients of all pairs.

    Those are there thrice, and each pair has objects of its own.
    """
    (n, d), k = classes.features.shape, len(classes.present)
    return 8 * n * (n if n <= MOST_ROWS_OF_A_MATRIX else d) + 24 * (k - 1) * n + 100 * k * (k - 1) // 2


@dataclass(frozen=True)
class _Given:
    """Hold the training rows, float32 (n, d), class by class."""

    rows: NDArray[np.float32]
    counts: tuple[int, ...]
    kernel: RBF | None

    @property
    def is_matrix(self) -> bool:
        """Whether libsvm is given the kernel, and not the rows."""
        return len(self.rows) <= MOST_ROWS_OF_A_MATRIX

    @cached_property
    def owners(self) -> NDArray[np.intp]:
        """The position of each row's class."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """The first row of each class."""
        return np.concatenate([[0], np.cumsum(self.counts)])

    @cached_property
    def of_libsvm(self) -> NDArray[np.float64]:
        """What libsvm is given: the kernel of all rows with all, (n, n), or the rows themselves, (n, d)."""
        if not self.is_matrix:
            return self.rows.astype(np.float64)
        matrix: NDArray[np.float64] = (self.rows @ self.rows.T).astype(np.float64)
        if self.kernel is not None:
            self.kernel.apply(matrix)
        return matrix

    def machine(self, C: float) -> Any:
        """Give scikit-learn's machine for it."""
        from sklearn.svm import SVC

        n = sum(sorted(self.counts)[-2:])
        kernel = "linear" if self.kernel is None else "rbf"
        return SVC(
            C=C,
            kernel="precomputed" if self.is_matrix else kernel,
            gamma=self.kernel.gamma if self.kernel else "scale",
            cache_size=cache_megabytes(n),
            max_iter=most_steps(n, self.rows.shape[1] if self.kernel is None else None),
        )


def _fit(given: _Given, subset: Subset, C: float, found: Duals, fit: int, counter: Counter) -> None:
    """Fit all pairs of a subset at one C, and write them down as fit number ``fit``."""
    counter.check()
    taking_part = np.concatenate(subset)
    chosen = np.flatnonzero(taking_part)
    data, owners = given.of_libsvm, given.owners[chosen]
    if len(chosen) < len(data):
        data = data[np.ix_(chosen, chosen)] if given.is_matrix else data[chosen]
    machine = given.machine(C).fit(data, owners)
    _write(machine, owners[machine.support_], chosen[machine.support_], given, found, fit)
    hard = np.flatnonzero(machine.n_iter_ >= machine.max_iter)
    counter.step(len(machine.n_iter_) - len(hard))
    pairs = np.transpose(np.triu_indices(len(given.counts), 1))
    for a, b in pairs[hard].tolist():
        both = np.concatenate([np.arange(given.starts[c], given.starts[c + 1]) for c in (a, b)])
        rows = np.flatnonzero(taking_part[both])
        n_first = int(subset[a].sum())
        room = np.empty((len(rows), len(rows)))
        (solution,) = solve_hard(given.rows[both[rows]], n_first, [C], given.kernel, room)
        found.write(fit, a, b, rows, solution)
        counter.step()


def _write(
    machine: Any, owners: NDArray[np.intp], rows: NDArray[np.intp], given: _Given, found: Duals, fit: int
) -> None:
    """Write down what libsvm found: its support vectors' classes are ``owners``, their numbers ``rows``."""
    k = len(given.counts)
    sign = -1 if k == 2 else 1  # scikit-learn: with two classes, positive is the second
    found.intercepts[fit] = sign * machine.intercept_
    for c in range(k):
        own = slice(*np.searchsorted(owners, [c, c + 1]))  # libsvm gives them class by class
        coefficients = sign * machine.dual_coef_[:, own].T
        found.by_class[c][fit, rows[own] - given.starts[c]] = coefficients
        found.n_support[fit, pairs_of(k, c)] += np.count_nonzero(coefficients, axis=0).astype(np.int32)
