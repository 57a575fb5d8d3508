"""How much two feature spaces agree on which images are near each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cache.arrays import StoredArray

_BLOCK = 1000  # images compared at once
Neighbours = NDArray[np.integer[Any]] | StoredArray


def common_neighbours(ours: Neighbours, theirs: Neighbours) -> NDArray[np.intp]:
    """Count, for each image, the nearest neighbours that two spaces have in common.

    Parameters
    ----------
    ours, theirs : ndarray of int, shape (n, m)
        Rows of each image's nearest images, nearest first; the shorter list counts if their lengths differ.

    Returns
    -------
    ndarray of intp, shape (n,)
        0 to m.

    Raises
    ------
    ValueError
        If they are not of the same images.
    """
    if len(ours.shape) != 2 or len(theirs.shape) != 2 or len(ours) != len(theirs):
        raise ValueError(f"Neighbours must be of the same images. Got {ours.shape} and {theirs.shape}.")
    m = depth(ours, theirs)
    counts = np.zeros(len(ours), dtype=np.intp)
    for start in range(0, len(ours), _BLOCK):
        part = slice(start, start + _BLOCK)
        a, b = ours[part][:, :m], theirs[part][:, :m]
        counts[part] = (a[:, :, np.newaxis] == b[:, np.newaxis, :]).any(axis=2).sum(axis=1)
    return counts


def depth(ours: Neighbours, theirs: Neighbours) -> int:
    """Give how many neighbours of each image two spaces can have in common."""
    return int(min(ours.shape[1], theirs.shape[1]))


def by_class(values: NDArray[np.float64], labels: NDArray[np.integer[Any]], k: int) -> NDArray[np.float64]:
    """Average values over each class, float64 (k,); NaN for a class without images."""
    means: NDArray[np.float64] = pd.Series(values).groupby(labels).mean().reindex(range(k)).to_numpy()
    return means
