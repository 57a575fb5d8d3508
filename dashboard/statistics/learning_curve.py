"""What a learning curve says: accuracy against the number of training images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.statistics.repeated import mean_and_error


@dataclass(frozen=True)
class LearningCurve:
    """Hold the accuracy of classifiers that were fitted on random parts of the training split.

    Attributes
    ----------
    sizes : ndarray of int64, shape (m,)
        Training images a class, ascending; no more than the largest class has.
    mean, standard_error : ndarray of float64, shape (m,)
        Of the test accuracy over the random parts; the error is 0 where there is one part only.
    parts : int
        Random parts of each size.
    last_error : float
        Standard error of the last step's gain, part by part: the parts of one seed contain each other, and are measured
        on the same images.
    """

    sizes: NDArray[np.int64]
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    parts: int
    last_error: float = 0.0

    @property
    def last_gain(self) -> float:
        """By how much the accuracy grew with the last step, in shares; 0 with one size only."""
        return float(self.mean[-1] - self.mean[-2]) if len(self.mean) > 1 else 0.0

    @property
    def still_rises(self) -> bool:
        """Whether the last step gained more than twice its standard error."""
        return self.last_gain > 2 * self.last_error


def learning_curve(sizes: NDArray[np.integer], accuracy: NDArray[np.float64], largest: int) -> LearningCurve:
    """Summarise accuracies over the random parts of each size.

    Parameters
    ----------
    sizes : ndarray of int, shape (m,)
        Training images a class that were asked for, ascending.
    accuracy : ndarray of float64, shape (m, parts)
        Test accuracy of each part, 0 to 1.
    largest : int
        Images of the largest class: what is asked beyond it changes nothing, and is left out.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is nothing.
    """
    mean, error = mean_and_error(accuracy, len(sizes), "parts")
    kept = int(np.searchsorted(sizes, largest)) + 1  # the first that takes all there are
    capped = np.minimum(sizes[:kept], largest).astype(np.int64)
    steps = np.diff(accuracy[:kept], axis=0)
    last_error = mean_and_error(steps, len(steps), "parts")[1][-1] if len(steps) else 0.0
    return LearningCurve(capped, mean[:kept], error[:kept], accuracy.shape[1], float(last_error))
