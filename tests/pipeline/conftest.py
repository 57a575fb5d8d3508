"""Labelled points that the tests of classifiers share."""

from dataclasses import dataclass

import numpy as np
import pytest

from pipeline.compute.progress import silent
from pipeline.svm.training import training


@dataclass(frozen=True)
class Points:
    """A training and a test split of points in space."""

    train: np.ndarray
    train_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray
    k: int

    @property
    def all(self):
        """The arguments of a classifier's fit."""
        return self.train, self.train_labels, self.test, self.test_labels, self.k


def machines_of(points, C):
    """Give the linear machines of the points' training split, with the stand-ins for classes that it lacks."""
    return training(points.train, points.train_labels, None).fit((C,), silent).widen(points.k)


def clouds(rng, *, k=4, n=160, d=12, spread=1.5):
    """Give Gaussian clouds around k centres; they overlap more with a larger spread."""
    centres = rng.normal(size=(k, d))

    def split():
        labels = rng.permutation(np.arange(n) % k).astype(np.int16)
        return (centres[labels] + spread * rng.normal(size=(n, d))).astype(np.float32), labels

    return Points(*split(), *split(), k)


@pytest.fixture
def points(rng):
    """Four overlapping clouds."""
    return clouds(rng)
