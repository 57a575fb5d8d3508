"""How strongly t-SNE ties each image to its neighbours in feature space."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

HALVINGS = 64
WIDEST = 40.0
"""Bound on the logarithm of a width, against the mean distance."""

ROWS_AT_ONCE = 1024
"""Rows whose widths are found together: all at once they would take ten times their distances."""

Matrix = NDArray[np.float64]


def affinities(indices: NDArray[np.int32], distances: NDArray[np.float32], perplexity: float) -> Any:
    """Give the joint probabilities of t-SNE.

    Each row's neighbours get weights that fall with the squared distance like a Gaussian, as wide as it takes
    for an entropy of log(perplexity); then both directions are averaged.

    Parameters
    ----------
    indices : ndarray of int32, shape (n, k)
        Neighbours of each row.
    distances : ndarray of float32, shape (n, k)
        Their distances, ascending.
    perplexity : float
        Effective number of neighbours, below k.

    Returns
    -------
    scipy.sparse.csr_array of float64, shape (n, n)
        Symmetric; sums to 1. Pairs too weak for float32 are left out.

    References
    ----------
    van der Maaten and Hinton (2008), "Visualizing data using t-SNE", JMLR 9:2579-2605.
    """
    from scipy import sparse

    n, k = indices.shape
    parts = (distances[i : i + ROWS_AT_ONCE].astype(np.float64) for i in range(0, n, ROWS_AT_ONCE))
    weights = np.concatenate([row_weights(part**2, np.log(perplexity)) for part in parts])
    starts = np.arange(0, n * k + 1, k)
    one_way = sparse.csr_array((weights.ravel(), indices.ravel(), starts), shape=(n, n))
    both = (one_way + one_way.T).tocsr()
    del weights, one_way
    both.data /= 2 * n
    both.data[both.data < np.finfo(np.float32).tiny] = 0
    both.eliminate_zeros()
    both.sort_indices()
    return both


def row_weights(squared: Matrix, entropy: float) -> Matrix:
    """Find each row's width by bisection of its logarithm; gives weights that sum to 1 a row.

    Distances count from the nearest one and by their mean: neither changes the answer, and no row is out of
    a float's range.
    """
    squared, _ = _scaled(squared)
    weights = np.exp(-squared * np.exp(_log_precisions(squared, entropy)))
    normalised: Matrix = weights / weights.sum(axis=1, keepdims=True)
    return normalised


def row_precisions(squared: Matrix, entropy: float) -> NDArray[np.float64]:
    """Give what each row's squared distances are multiplied by before they become weights, float64 (n,)."""
    squared, mean = _scaled(squared)
    precisions: NDArray[np.float64] = (np.exp(_log_precisions(squared, entropy)) / mean)[:, 0]
    return precisions


def _scaled(squared: Matrix) -> tuple[Matrix, Matrix]:
    """Give distances from the nearest one, by their mean; and that, (n, 1)."""
    squared = squared - squared[:, :1]
    mean = squared.mean(axis=1, keepdims=True)
    mean = np.where(mean > 0, mean, 1)
    return squared / mean, mean


def _log_precisions(squared: Matrix, entropy: float) -> Matrix:
    low, high = np.full((len(squared), 1), -WIDEST), np.full((len(squared), 1), WIDEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_wide = _entropy(squared * np.exp(middle)) > entropy
        low, high = np.where(too_wide, middle, low), np.where(too_wide, high, middle)
    found: Matrix = (low + high) / 2
    return found


def _entropy(scaled: Matrix) -> Matrix:
    """Give the entropy of weights exp(-scaled), (n, 1)."""
    weights = np.exp(-scaled)
    total = weights.sum(axis=1, keepdims=True)
    entropy: Matrix = np.log(total) + (weights * scaled).sum(axis=1, keepdims=True) / total
    return entropy
