"""By how much one setting is better than another, tried on the same held-out folds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLEAR = 2.0
"""Standard errors that a gain must exceed to be clear."""


@dataclass(frozen=True)
class PairedGain:
    """Hold the mean gain over the folds, and its standard error; both are shares, -1 to 1."""

    mean: float
    error: float

    @property
    def is_clear(self) -> bool:
        """Whether it is more than noise: over ``CLEAR`` standard errors."""
        return self.mean > CLEAR * self.error

    @property
    def is_visible(self) -> bool:
        """Whether it is more than one standard error, though it may be chance."""
        return self.mean > self.error

    @property
    def sure(self) -> float:
        """What of it is beyond noise; 0 where nothing is."""
        return max(0.0, self.mean - CLEAR * self.error)


def paired_gain(before: NDArray[np.float64], after: NDArray[np.float64]) -> PairedGain:
    """Give the gain of one setting over another, fold by fold.

    The standard error is that of the mean of n folds times sqrt(1 + n / (n - 1)): machines of two folds share most of
    their training images, so that their accuracies vary together, and less than those of n independent measurements.

    Parameters
    ----------
    before, after : ndarray of float64, shape (folds,)
        Accuracies on the same held-out folds, two at least.

    Raises
    ------
    ValueError
        If the shapes differ, or there is but one fold.

    References
    ----------
    Nadeau, Bengio (2003), "Inference for the generalization error", Machine Learning 52:239-281.
    """
    if before.shape != after.shape or before.ndim != 1 or len(before) < 2:
        raise ValueError(
            f"before and after must be of one shape (folds,), two at least. Got {before.shape} and {after.shape}."
        )
    gains, n = after - before, len(before)
    return PairedGain(float(gains.mean()), float(gains.std(ddof=1)) * math.sqrt(1 / n + 1 / (n - 1)))
