"""Accuracy against C."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class AccuracyPath:
    """Hold the accuracies of fitted classifiers, in the order of C.

    Attributes
    ----------
    C : ndarray of float64, shape (m,)
        Penalties, ascending.
    test, train : ndarray of float64, shape (m,)
        Accuracy on the test split, and on the training images it was fitted on, 0 to 1.
    live : ndarray of bool, shape (m,)
        Whether it was fitted live, off the run's path.

    Raises
    ------
    ValueError
        If the shapes differ.
    """

    C: NDArray[np.float64]
    test: NDArray[np.float64]
    train: NDArray[np.float64]
    live: NDArray[np.bool_]

    def __post_init__(self) -> None:
        shapes = {getattr(self, field.name).shape for field in fields(self)}
        if len(shapes) != 1 or self.C.ndim != 1:
            raise ValueError(f"C, test, train and live must be of one shape (m,). Got {shapes}.")

    def joined(self, other: AccuracyPath) -> AccuracyPath:
        """Give the points of both; where they have the same C, this one's."""
        fresh = ~np.isin(other.C, self.C)
        both = {f.name: np.append(getattr(self, f.name), getattr(other, f.name)[fresh]) for f in fields(self)}
        order = np.argsort(both["C"], kind="stable")
        return AccuracyPath(**{name: array[order] for name, array in both.items()})
