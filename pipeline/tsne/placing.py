"""Place one more image on a map that stays as it is: a minimum of the very loss that laid the map out.

With every other point where it is, t-SNE's loss is a smooth function of one place in the plane: neighbours attract it
along the affinities that the map was made with, in both directions, and all points repel it, by the same total.
An image of the map has its own place as the lowest minimum, nearly always. So the way downhill starts where the loss
is lowest: at the mean of its neighbours' places, or at one of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.tsne.affinities import ROWS_AT_ONCE, row_precisions, row_weights
from pipeline.tsne.repulsion import Repulsion

STARTS = 10
"""Neighbours from whose places it may start, beside their weighted mean, which may lie between two clusters."""
STEPS = 100
LONGEST_STEP = 5.0
SHORTEST_STEP = 1e-4
ENOUGH = 1e-4
"""Part of what the slope promises that a step must gain, after Armijo."""

Vector = NDArray[np.float64]
Loss = Callable[[Vector], tuple[float, Vector]]


def widths_of(distances: NDArray[np.float32], perplexity: float) -> Vector:
    """Say how a newcomer competes with each row's own neighbours.

    Parameters
    ----------
    distances : ndarray of float32, shape (n, k)
        Of each row's neighbours, ascending.
    perplexity : float
        Effective number of neighbours.

    Returns
    -------
    ndarray of float64, shape (n, 4)
        Precision of the row's Gaussian, the sum of its neighbours' weights, and the squared distances of the nearest,
        from which all count, and of the farthest.
    """
    found = np.empty((len(distances), 4))
    for start in range(0, len(distances), ROWS_AT_ONCE):
        squared = distances[start : start + ROWS_AT_ONCE].astype(np.float64) ** 2
        precisions = row_precisions(squared, np.log(perplexity))
        near = squared[:, 0]
        totals = np.exp(-(squared - near[:, np.newaxis]) * precisions[:, np.newaxis]).sum(axis=1)
        found[start : start + ROWS_AT_ONCE] = np.column_stack([precisions, totals, near, squared[:, -1]])
    return found


def total_repulsion(points: NDArray[np.float32]) -> float:
    """Give what repulsion is divided by: the sum over all pairs of a map, both ways, of 1 / (1 + distance^2)."""
    return Repulsion(finer=2)(points)[1]


@dataclass(frozen=True)
class FixedMap:
    """Hold a map whose points stay where they are.

    Attributes
    ----------
    points : ndarray of float64, shape (n, 2)
        The map.
    widths : ndarray of float64, shape (n, 4)
        As `widths_of` gives them.
    total : float
        As `total_repulsion` gives it.
    perplexity : float
        Effective number of neighbours.
    """

    points: Vector
    widths: Vector
    total: float
    perplexity: float

    def place(self, squared: Vector) -> Vector:
        """Give the place of an image, float64 (2,).

        Parameters
        ----------
        squared : ndarray of float64, shape (n,)
            Its squared distances to the rows of the map, in the space that the map's neighbours are of; infinite
            ones are of rows that it has nothing to do with.
        """
        count = min(len(squared), math.ceil(3 * self.perplexity))
        near = np.argpartition(squared, count - 1)[:count]
        near = near[np.lexsort((near, squared[near]))]
        near = near[np.isfinite(squared[near])]
        weights = row_weights(squared[np.newaxis, near], np.log(min(self.perplexity, len(near) / 3)))[0]
        pull = np.zeros(len(squared))
        pull[near] = weights
        pull += self._back(squared)
        loss = _loss(self.points, pull / 2, np.isfinite(squared), len(squared) / self.total)
        starts = [weights @ self.points[near], *self.points[near[:STARTS]]]
        return _descend(loss, min(starts, key=lambda place: loss(place)[0]))

    def _back(self, squared: Vector) -> Vector:
        """Give the weight that the image has among each row's neighbours; none where these are all nearer."""
        precisions, totals, nearest, farthest = self.widths.T
        weights = np.zeros(len(squared))
        close = squared <= farthest
        beyond = precisions[close] * (squared[close] - nearest[close])
        weights[close] = 1 / (1 + totals[close] * np.exp(beyond))
        return weights


def _loss(points: Vector, pull: Vector, there: NDArray[np.bool_], push: float) -> Loss:
    """Give the loss of a place and its slope, up to what no place changes."""
    pulling, pulls, pushing = points[pull > 0], pull[pull > 0], points[there]

    def loss(place: Vector) -> tuple[float, Vector]:
        away, off = place - pulling, place - pushing
        spread = 1 + np.vecdot(away, away)
        near = 1 / (1 + np.vecdot(off, off))
        value = pulls @ np.log(spread) + push * near.sum()
        slope: Vector = 2 * ((pulls / spread) @ away - push * (near**2 @ off))
        return float(value), slope

    return loss


def _descend(loss: Loss, place: Vector) -> Vector:
    """Go downhill from a place, in steps that shrink where they gain too little, to where none gains anything."""
    value, slope = loss(place)
    rate = 1.0
    for _ in range(STEPS):
        steep = float(np.hypot(*slope))
        while (length := min(rate * steep, LONGEST_STEP)) > SHORTEST_STEP:
            step = length / steep
            there = place - step * slope
            lower, next_slope = loss(there)
            if lower <= value - ENOUGH * step * steep**2:
                break
            rate = step / 2
        else:
            return place
        place, value, slope, rate = there, lower, next_slope, 2 * step
    return place
