"""Principal components, with one sign, a sane answer for degenerate features, and no copy of them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.pool import one_blas_thread
from pipeline.compute.rows import Rows, as_rows, blocks_of, finite

SPARE_DIRECTIONS = 20
"""How many more than asked for are followed: the last ones converge slowly."""
TURNS = 12
MOST_COLUMNS = 4096
"""Up to here the scatter matrix is computed once; beyond, each turn reads the rows again."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Components:
    """Hold rows in the space of their principal components.

    Attributes
    ----------
    scores : ndarray of float64, shape (n, c)
        Coordinates, in order of falling variance.
    explained : ndarray of float64, shape (c,)
        Share of the variance along each component; all 0 where every row is the same.
    mean : ndarray of float64, shape (d,)
        Of the rows.
    loadings : ndarray of float64, shape (d, c)
        The components: rows less the mean, times these, are their coordinates.
    """

    scores: Matrix
    explained: Matrix
    mean: Matrix
    loadings: Matrix


def principal_components(features: NDArray[np.float32] | Rows, count: int, seed: int = 0) -> Components:
    """Project rows onto their principal components.

    A random subspace is turned towards the components a few times. With no more than
    ``SPARE_DIRECTIONS`` columns or rows beyond ``count`` the first turn is exact.

    Parameters
    ----------
    features : ndarray of float32, shape (n, d), or Rows
        One row an image; of the store, a few are read at a time.
    count : int
        Components wanted; columns beyond min(n, d) are 0.
    seed : int
        Seed of the subspace.

    Returns
    -------
    Components
        Each component's sign is such that its longest loading is positive.

    Raises
    ------
    InvalidParameter
        If a feature is not finite.

    References
    ----------
    Halko, Martinsson and Tropp (2011), "Finding structure with randomness: probabilistic algorithms for
    constructing approximate matrix decompositions", SIAM Review 53:217-288.
    """
    with one_blas_thread():
        table = _Table(as_rows(features))
        n, d = table.shape
        scores, explained, axes = np.zeros((n, count)), np.zeros(count), np.zeros((d, count))
        if not table.varies:
            return Components(scores, explained, table.mean, axes)
        width = min(count + SPARE_DIRECTIONS, n, d)
        basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, width)))[0]
        for _ in range(TURNS):
            basis = np.linalg.qr(table.turned(basis))[0]
        left, lengths, right = np.linalg.svd(table.times(basis), full_matrices=False)
    loadings = basis @ right.T
    longest = loadings[np.abs(loadings).argmax(axis=0), np.arange(width)]
    signs = np.where(longest < 0, -1, 1)
    found = min(count, width)
    scores[:, :found] = (left * lengths * signs)[:, :found]
    explained[:found] = lengths[:found] ** 2 / table.variance
    axes[:, :found] = (loadings * signs)[:, :found]
    return Components(scores, explained, table.mean, axes)


class _Table:
    """Multiply rows less their mean, float64, a block at a time."""

    def __init__(self, rows: Rows) -> None:
        n, d = self.shape = rows.shape
        self._rows = rows
        self.mean = rows.rows(np.arange(min(1, n))).sum(axis=0, dtype=np.float64)
        from_first = np.zeros(
            d
        )  # of equal rows, the differences from the first are 0; those from a mean may not be
        self.varies = False
        for block in self._blocks():
            self.varies |= bool(block.any())
            from_first += block.sum(axis=0)
        self.mean = self.mean + from_first / max(1, n)
        self._scatter: Matrix | None = None
        if d <= MOST_COLUMNS:
            self._scatter = np.zeros((d, d))
            for block in self._blocks():
                self._scatter += block.T @ block

    @property
    def variance(self) -> float:
        """Give the sum of all squares."""
        if self._scatter is not None:
            return float(self._scatter.trace())
        return sum(float(np.square(block).sum()) for block in self._blocks())

    def times(self, basis: Matrix) -> Matrix:
        """Give the product with a basis (d, c), as (n, c)."""
        return np.concatenate([block @ basis for block in self._blocks()])

    def turned(self, basis: Matrix) -> Matrix:
        """Give the product of a basis (d, c) with the scatter matrix, as (d, c)."""
        turned: Matrix = np.zeros(basis.shape)
        if self._scatter is not None:
            return np.matmul(self._scatter, basis, out=turned)
        for block in self._blocks():
            turned += block.T @ (block @ basis)
        return turned

    def _blocks(self) -> Iterator[Matrix]:
        for numbers in blocks_of(self.shape[0]):
            yield finite(self._rows.rows(numbers), numbers, "test") - self.mean
