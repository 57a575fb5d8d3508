"""Fitted machines without weight vectors: they compare an image with their support vectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.rows import ROWS_AT_ONCE
from pipeline.svm.by_class import ByClass
from pipeline.svm.kernels import Kernel
from pipeline.svm.machines import widened
from pipeline.svm.solvers.duals import Duals, pairs_of

VALUES_AT_ONCE, LIKENESS_AT_ONCE = 2**24, 2**22
"""Bounds on decision values, 128 MB, and on kernel values, 32 MB. Fixed, so that memory does not change the numbers."""


@dataclass(frozen=True)
class Support:
    """Hold the dual coefficients of one class's rows.

    Attributes
    ----------
    pairs : ndarray of intp, shape (k - 1,)
        The pairs that the class is in.
    duals : ndarray of float64, shape (m, n_c, k - 1)
        Signed coefficients of the rows that are a support vector of any of them.
    rows : ndarray of intp, shape (n_c,)
        Their numbers among the class's rows.
    """

    pairs: NDArray[np.intp]
    duals: NDArray[np.float64]
    rows: NDArray[np.intp]


@dataclass(frozen=True)
class KernelMachines:
    """Hold fitted machines: one per C and pair of classes.

    Attributes
    ----------
    classes : ByClass
        The training rows; with an RBF kernel, its ``centred``.
    kernel : Kernel
        How an image is compared with a training row.
    support : tuple of Support
        One per class that occurs.
    intercepts : ndarray of float64, shape (m, p)
        Decision values far from every training row.
    n_support : ndarray of int32, shape (m, p)
        Number of support vectors.
    """

    classes: ByClass
    kernel: Kernel
    support: tuple[Support, ...]
    intercepts: NDArray[np.float64]
    n_support: NDArray[np.int32]
    weights: None = None

    def __len__(self) -> int:
        return len(self.intercepts)

    @property
    def rows_at_once(self) -> int:
        """How many rows to judge at once: one has as many values as there are pairs and support vectors."""
        pairs, rows = self.intercepts.shape[1], sum(self.classes.counts)
        return int(max(1, min(ROWS_AT_ONCE, VALUES_AT_ONCE // pairs, LIKENESS_AT_ONCE // rows)))

    def values(self, block: NDArray[np.float32]) -> Iterator[NDArray[np.float64]]:
        """Give the decision values of rows float32 (n, d) at each C, float64 (n, p), written over by the next."""
        likeness = [
            self.kernel.between(block, self.classes.block(c)[support.rows])
            for c, support in enumerate(self.support)
        ]
        by_pair = np.empty((self.intercepts.shape[1], len(block)))
        for i, intercepts in enumerate(self.intercepts):
            by_pair[:] = intercepts[:, np.newaxis]
            for c, (support, alike) in enumerate(zip(self.support, likeness, strict=True)):
                parts = support.duals[i].T @ alike.T
                by_pair[support.pairs[:c]] += parts[:c]
                by_pair[_stretch(support.pairs[c:])] += parts[c:]
            yield by_pair.T

    def norms(self) -> NDArray[np.float64]:
        """Give the lengths of the normal vectors in the kernel's space, float64 (m, p)."""
        squares = np.zeros(self.intercepts.shape)
        rows = [self.classes.block(c)[one.rows] for c, one in enumerate(self.support)]
        for rows_a, first in zip(rows, self.support, strict=True):
            for rows_b, second in zip(rows, self.support, strict=True):
                likeness = self.kernel.between_centred(rows_a, rows_b)
                shared, a, b = np.intersect1d(first.pairs, second.pairs, return_indices=True)
                pulled = likeness @ second.duals[:, :, b]
                squares[:, shared] += (first.duals[:, :, a] * pulled).sum(axis=1)
        return np.sqrt(np.maximum(squares, 0))

    def widen(self, places: NDArray[np.intp], absent: NDArray[np.float64]) -> KernelMachines:
        """Give machines for all classes; parameters as a `Rule` gives them."""
        intercepts, n_support = widened(self.intercepts, self.n_support, places, absent)
        support = tuple(Support(places[one.pairs], one.duals, one.rows) for one in self.support)
        return replace(self, support=support, intercepts=intercepts, n_support=n_support)


def _stretch(places: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """Give places as a slice where they follow one another, as the pairs do that a class is the first of: faster."""
    follow = len(places) > 0 and places[-1] - places[0] + 1 == len(places)
    return slice(places[0], places[-1] + 1) if follow else places


def kernel_machines(classes: ByClass, kernel: Kernel, duals: Duals) -> KernelMachines:
    """Make machines of dual coefficients; a row that supports nothing is left out."""
    k, support = len(classes.present), []
    for c, coefficients in enumerate(duals.by_class):
        rows = np.flatnonzero(coefficients.any(axis=(0, 2)))
        kept = coefficients if len(rows) == coefficients.shape[1] else coefficients[:, rows]
        support.append(Support(pairs_of(k, c), kept, rows))
    return KernelMachines(classes, kernel, tuple(support), duals.intercepts, duals.n_support)
