"""Discriminant analysis of the values that regressions give each class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHRINKAGE = 0.1
"""Of the values' mean variance within a class, added to each: where there are few images, all are about as sure."""


def discriminants(machines: NDArray[np.float32], sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn ridge regressions of the classes into machines whose values' softmax is how likely each class is.

    Parameters
    ----------
    machines : ndarray of float32, shape (labellings, k, m)
        Weights; the last is that of a feature that is always 1.
    sums : ndarray of float32, shape (labellings, k, m)
        Of each class the sum of its images' features.

    Returns
    -------
    ndarray of float32, shape (labellings, k, m)
        Weights.
    """
    counts = np.maximum(sums[:, :, -1:].astype(np.float64), 1e-9)  # a class may be missing
    shares = counts / counts.sum(axis=1, keepdims=True)
    middles = (sums @ machines.swapaxes(1, 2)).astype(np.float64)  # of each class's values
    middles /= counts
    weights = np.linalg.solve(_within(middles, shares), middles.swapaxes(1, 2)).swapaxes(1, 2)
    found: NDArray[np.float32] = weights.astype(np.float32) @ machines
    found[:, :, -1] += np.log(shares[:, :, 0]) - np.vecdot(middles, weights) / 2
    return found


def _within(middles: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give how the values scatter within classes, shrunk, (labellings, k, k), of their middles and the classes' shares.

    Each step takes the place of the one before: of a thousand classes each is 8 MB.
    """
    weighed = shares * middles
    within = middles.swapaxes(1, 2) @ weighed
    total = weighed + weighed.swapaxes(1, 2)
    total /= 2  # as the penalised analysis has it: more than that of the values
    np.subtract(total, within, out=within)
    every = np.arange(within.shape[1])
    variance = np.trace(within, axis1=1, axis2=2)[:, np.newaxis] / len(every)
    within[:, every, every] += np.maximum(SHRINKAGE * variance, 1e-9)
    return within
