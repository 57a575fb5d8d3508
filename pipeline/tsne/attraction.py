"""The attractive forces of t-SNE, along the edges of a graph of neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


class Attraction:
    """Give the forces between neighbours.

    Parameters
    ----------
    affinities : scipy.sparse.csr_array of shape (n, n)
        Symmetric, without a diagonal; sums to 1.
    """

    def __init__(self, affinities: Any) -> None:
        from scipy import sparse

        self._half = sparse.triu(affinities, 1, format="csr").astype(np.float32)  # an edge pulls at both ends
        self._counts = np.diff(self._half.indptr)

    def __call__(self, points: Values) -> Values:
        """Give the forces, float32 (n, 2): the sum over j of p_ij (y_i - y_j) / (1 + |y_i - y_j|^2)."""
        pull = self._half.copy()
        pull.data /= self._one_and_squares(points)
        ends = np.column_stack([points, np.ones(len(points), np.float32)])
        pulled = pull @ ends
        pulled += pull.T @ ends
        forces: Values = points * pulled[:, 2:] - pulled[:, :2]
        return forces

    def divergence(self, points: Values, total: float) -> float:
        """Give the Kullback-Leibler divergence of the map from the affinities.

        Parameters
        ----------
        points : ndarray of float32, shape (n, 2)
            The map.
        total : float
            As `pipeline.tsne.repulsion.Repulsion` gives it.
        """
        p = self._half.data.astype(np.float64)
        logarithms = np.log(p) + np.log(self._one_and_squares(points).astype(np.float64)) + np.log(total)
        return float(2 * (p * logarithms).sum())

    def _one_and_squares(self, points: Values) -> Values:
        """Give 1 + the squared length of each edge."""
        x, y = np.ascontiguousarray(points.T)
        down, across = np.repeat(x, self._counts), np.repeat(y, self._counts)
        down -= x.take(self._half.indices)
        across -= y.take(self._half.indices)
        down *= down
        across *= across
        down += across
        down += 1
        return down
