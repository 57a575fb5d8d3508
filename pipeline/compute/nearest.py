"""How far a row is from all rows of a file, and what lies nearest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.rows import Rows, as_rows, blocks_of

Block = NDArray[np.float32]

NEAREST = 15
"""Images between which another is placed."""


def squared_distances(
    row: NDArray[Any], rows: NDArray[np.float32] | Rows, seen_as: Callable[[Block], Block] | None = None
) -> NDArray[np.float64]:
    """Give the squared Euclidean distance of a row (d,) to each of some rows (n, d), float64 (n,).

    Differences are taken before they are squared: of equal rows it is 0.

    Parameters
    ----------
    row : ndarray of shape (d,)
        The one.
    rows : ndarray of float32, shape (n, d), or Rows
        The others; a few are read at a time.
    seen_as : callable, optional
        What is done to rows, all of them, before they are compared.
    """
    table = as_rows(rows)
    one = row if seen_as is None else seen_as(np.asarray(row, np.float32)[np.newaxis])[0]
    squares = np.empty(table.shape[0])
    for numbers in blocks_of(table.shape[0]):
        block = table.rows(numbers)
        block = (block if seen_as is None else seen_as(block)) - one
        squares[numbers] = np.einsum("ij,ij->i", block, block, dtype=np.float64)
    return squares


def nearest_of(distances: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Give the places of the lowest, lowest first; of two that are equal the first."""
    count = min(count, len(distances))
    if not count:
        return np.empty(0, np.intp)
    limit = np.partition(distances, count - 1)[count - 1]
    close = np.flatnonzero(distances <= limit)
    order: NDArray[np.intp] = close[np.argsort(distances[close], kind="stable")]
    return order[:count]


def between_nearest(
    row: NDArray[np.float32], rows: NDArray[np.float32] | Rows, points: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Give the mean of the points (n, 2) of the nearest rows, each by how near it is: on an equal row's own point."""
    squares = squared_distances(row, rows)
    near = nearest_of(squares, NEAREST)
    if squares[near[0]] == 0:
        own: NDArray[np.float64] = points[near[0]].astype(np.float64)
        return own
    weights = 1 / squares[near]
    mean: NDArray[np.float64] = weights @ points[near].astype(np.float64) / weights.sum()
    return mean
