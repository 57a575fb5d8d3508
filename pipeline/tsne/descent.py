"""Lay a map out by gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.memory import give_back
from pipeline.compute.progress import Progress
from pipeline.tsne.attraction import Attraction
from pipeline.tsne.repulsion import Repulsion

EARLY_ITERATIONS, LATE_ITERATIONS = 100, 500
ITERATIONS = EARLY_ITERATIONS + LATE_ITERATIONS
EARLY_EXAGGERATION = 4
"""The usual 12 keeps a map of weakly separated classes in a speck, and then lets it burst: a higher divergence."""
MOMENTUM = 0.8
FEWEST_FOR_TWO_THREADS = 2000
"""Below this, handing work to another thread costs more than it saves."""
LONGEST_STEP = 5.0
LEAST_GAIN = 0.01
ITERATIONS_BETWEEN_REPORTS = 10

Values = NDArray[np.float32]
Layout = NDArray[np.float64]


def lay_out(start: Layout, affinities: Any, progress: Progress) -> tuple[Layout, float]:
    """Move points until near ones in feature space are near on the map.

    Parameters
    ----------
    start : ndarray of float64, shape (n, 2)
        Where they begin.
    affinities : scipy.sparse.csr_array of shape (n, n)
        As `pipeline.tsne.affinities.affinities` gives them.
    progress : Progress
        Counts iterations.

    Returns
    -------
    points : ndarray of float64, shape (n, 2)
        The map, about the origin.
    divergence : float
        Kullback-Leibler divergence of the map from the affinities.

    Raises
    ------
    Cancelled
        If ``progress`` raises it.

    References
    ----------
    Jacobs (1988), "Increased rates of convergence through learning rate adaptation", Neural Networks 1:295.
    Belkina et al. (2019), "Automated optimized parameters for T-distributed stochastic neighbor embedding",
    Nature Communications 10:5415 (the learning rate).
    """
    attraction, repulsion = Attraction(affinities), Repulsion()
    del affinities  # half of them are in the attraction
    give_back()
    walk = _Walk(start.copy(), np.zeros_like(start), np.ones_like(start))
    with ThreadPoolExecutor(1) as other:
        beside = other.submit if len(start) >= FEWEST_FOR_TWO_THREADS else _at_once
        for iteration in range(ITERATIONS):
            if iteration % ITERATIONS_BETWEEN_REPORTS == 0:
                progress(iteration, ITERATIONS, "iterations")
            points = walk.points.astype(np.float32)
            pulling = beside(attraction, points)
            pushing, total = repulsion(points)
            walk.step(pulling.result(), pushing / np.float32(total), early=iteration < EARLY_ITERATIONS)
    progress(ITERATIONS, ITERATIONS, "iterations")
    points = walk.points.astype(np.float32)
    del repulsion  # the finer one takes as much again
    give_back()
    return walk.points, attraction.divergence(points, Repulsion(finer=2)(points)[1])


def _at_once(act: Callable[[Values], Values], points: Values) -> Future[Values]:
    done: Future[Values] = Future()
    done.set_result(act(points))
    return done


@dataclass
class _Walk:
    """Hold where points are, their last step and, for each coordinate, its own factor of the learning rate."""

    points: Layout
    last: Layout
    gains: Layout

    def step(self, pulling: Values, pushing: Values, *, early: bool) -> None:
        """Move downhill; a coordinate that goes on in one direction takes larger steps."""
        exaggeration = EARLY_EXAGGERATION if early else 1
        uphill = exaggeration * pulling.astype(np.float64) - pushing
        turned = np.sign(uphill) == np.sign(self.last)
        self.gains = np.where(turned, self.gains * 0.8 + LEAST_GAIN, self.gains + 0.2)
        rate = len(self.points) / exaggeration
        self.last = MOMENTUM * self.last - rate * self.gains * uphill
        lengths = np.hypot(*self.last.T)[:, np.newaxis]
        self.last *= np.minimum(1, LONGEST_STEP / np.maximum(lengths, LONGEST_STEP))
        self.points = self.points + self.last
        self.points -= self.points.mean(axis=0)
