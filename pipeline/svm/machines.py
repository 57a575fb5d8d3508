"""Fitted weight vectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.rows import ROWS_AT_ONCE


@dataclass(frozen=True)
class Machines:
    """Hold fitted weight vectors: one per C and pair of classes, or class in a one-vs-rest fit.

    Attributes
    ----------
    weights : ndarray of float32, shape (m, p, d)
        Weight vectors.
    intercepts : ndarray of float64, shape (m, p)
        Decision values of the origin.
    n_support : ndarray of int32, shape (m, p)
        Number of support vectors.
    """

    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    n_support: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.intercepts)

    @property
    def rows_at_once(self) -> int:
        """How many rows to judge at once."""
        return ROWS_AT_ONCE

    def values(self, block: NDArray[np.float32]) -> Iterator[NDArray[np.float64]]:
        """Give, for each C, the decision values of rows float32 (n, d), as float64 (n, p)."""
        for weights, intercepts in zip(self.weights, self.intercepts, strict=True):
            yield block @ weights.T + intercepts

    def norms(self) -> NDArray[np.float64]:
        """Give the lengths of the weight vectors, float64 (m, p)."""
        lengths: NDArray[np.float64] = np.sqrt(np.square(self.weights, dtype=np.float64).sum(axis=2))
        return lengths

    def widen(self, places: NDArray[np.intp], absent: NDArray[np.float64]) -> Machines:
        """Give weight vectors for all classes; parameters as a `Rule` gives them."""
        weights = np.zeros((len(self), len(absent), self.weights.shape[2]), np.float32)
        weights[:, places] = self.weights
        return Machines(weights, *widened(self.intercepts, self.n_support, places, absent))


def widened(
    intercepts: NDArray[np.float64],
    n_support: NDArray[np.int32],
    places: NDArray[np.intp],
    absent: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Give intercepts and numbers of support vectors for all classes; ``places`` and ``absent`` as a `Rule`'s."""
    wide = np.tile(absent, (len(intercepts), 1)), np.zeros((len(intercepts), len(absent)), np.int32)
    wide[0][:, places], wide[1][:, places] = intercepts, n_support
    return wide
