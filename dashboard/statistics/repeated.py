"""Accuracies that were measured again and again: on held-out folds, or on random parts of the training split."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def mean_and_error(accuracy: NDArray[np.float64], n: int, of: str) -> tuple[Vector, Vector]:
    """Give each row's mean and its standard error, float64 (n,); the error is 0 where there is one measurement only.

    Parameters
    ----------
    accuracy : ndarray of float64, shape (n, repetitions)
        0 to 1.
    n : int
        Rows that there must be.
    of : str
        What is repeated.

    Raises
    ------
    ValueError
        If the shape is another one, or there is nothing.
    """
    if accuracy.ndim != 2 or len(accuracy) != n or accuracy.size == 0:
        raise ValueError(f"accuracy must have shape ({n}, {of}), one or more. Got {accuracy.shape}.")
    error: Vector = pd.DataFrame(accuracy).sem(axis=1).fillna(0.0).to_numpy()
    return accuracy.mean(axis=1), error
