"""Choose C by cross-validation on the training split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.statistics.repeated import mean_and_error


@dataclass(frozen=True)
class CrossValidation:
    """Hold what cross-validation says about each C.

    Attributes
    ----------
    C : ndarray of float64, shape (m,)
        Penalties, ascending.
    mean, standard_error : ndarray of float64, shape (m,)
        Of the accuracy over the folds; the error is 0 where there is one fold only.
    folds : int
        Number of folds.
    """

    C: NDArray[np.float64]
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    folds: int

    @property
    def best_C(self) -> float:
        """The C of the best mean; of equals the smallest."""
        return float(self.C[np.argmax(self.mean)])


def cross_validation(C: NDArray[np.float64], accuracy: NDArray[np.float64]) -> CrossValidation:
    """Summarise accuracies on held-out folds.

    Parameters
    ----------
    C : ndarray of float64, shape (m,)
        Penalties, ascending.
    accuracy : ndarray of float64, shape (m, folds)
        Accuracy on each held-out fold, 0 to 1.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is nothing.
    """
    return CrossValidation(np.asarray(C), *mean_and_error(accuracy, len(C), "folds"), accuracy.shape[1])
