"""Fitted machines that have no weight vector: they compare an image with their support vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.by_class import ByClass
from pipeline.svm.kernels import RBF
from pipeline.svm.machines import widened
from pipeline.svm.solvers.pairs import PairSolution, part_of


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
        The training rows; their features are the kernel's ``centred``.
    kernel : RBF
        How an image is compared with a training row.
    support : tuple of Support
        One per class that occurs.
    intercepts : ndarray of float64, shape (m, p)
        Decision values far from every training row.
    n_support : ndarray of int32, shape (m, p)
        Number of support vectors.
    note : str
        What a person should know about how they were found; may be empty.
    """

    classes: ByClass
    kernel: RBF
    support: tuple[Support, ...]
    intercepts: NDArray[np.float64]
    n_support: NDArray[np.int32]
    note: str = ""
    weights: None = None

    def __len__(self) -> int:
        return len(self.intercepts)

    def values(self, block: NDArray[np.float32]) -> Iterator[NDArray[np.float64]]:
        """Give, for each C, the decision values of rows float32 (n, d), as float64 (n, p)."""
        found = np.repeat(self.intercepts[:, np.newaxis], len(block), axis=1)
        for c, support in enumerate(self.support):
            likeness = self.kernel.between(block, self.classes.block(c)[support.rows])
            for values, duals in zip(found, support.duals, strict=True):
                values[:, support.pairs] += likeness @ duals
        return iter(found)

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


def gather_support(classes: ByClass, paths: Sequence[Sequence[PairSolution]]) -> tuple[Support, ...]:
    """Sort dual coefficients by class; a row that supports nothing is left out.

    Parameters
    ----------
    classes : ByClass
        The training rows.
    paths : sequence, one per pair, of sequences of PairSolution, one per C
        Pairs in the order of ``classes.pairs``.
    """
    found = []
    for c in range(len(classes.present)):
        pairs = [number for number, pair in enumerate(classes.pairs) if c in pair]
        by_pair = [[part_of(classes, classes.pairs[j], c, one) for one in paths[j]] for j in pairs]
        duals = np.array(by_pair).transpose(1, 2, 0)
        rows = np.flatnonzero(duals.any(axis=(0, 2)))
        found.append(Support(np.array(pairs, np.intp), np.ascontiguousarray(duals[:, rows]), rows))
    return tuple(found)
