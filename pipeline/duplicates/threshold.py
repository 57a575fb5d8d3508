"""How close two images of a data set must lie in feature space to be taken for one: told from how close others lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.places import Matrix, over_blocks, spread
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows

SAMPLE = 256
"""Images whose distances to all others are looked at."""
CLOSE = 0.25
"""Share of all pairs that are closer than what copies may be."""
NEIGHBOUR = 5
"""The neighbour that is no copy: few pictures are there more than five times."""
NEAR = 1 / 3
"""Share of the distance to that neighbour within which images are nearly the same, whatever they look like."""
ROUNDING = 1e-4
"""Share of the threshold that equal images may be apart."""


@dataclass(frozen=True)
class Thresholds:
    """Hold distances in feature space.

    Attributes
    ----------
    same : float
        Images that look the same are the same up to here: a quarter of all pairs are closer.
    near : float
        Images are nearly the same up to here: a third of the distance at which half of all images have five others.
    """

    same: float
    near: float

    @property
    def equal(self) -> float:
        """Up to here images are the same even where there are no pictures to be seen."""
        return ROUNDING * self.same


def thresholds(rows: Rows, progress: Progress = silent) -> Thresholds:
    """Take the measure of a data set's distances.

    Parameters
    ----------
    rows : Rows
        Features of images, no two of them equal.
    progress : Progress, optional
        Counts rows.

    Returns
    -------
    Thresholds
        From the distances of 256 images, spread evenly over all, to all others; 0 of fewer than two.
    """
    n = rows.shape[0]
    if n < 2:
        return Thresholds(0.0, 0.0)
    asked = spread(n, SAMPLE)
    distances = _Distances(rows.rows(asked))
    nearest: dict[int, Matrix] = {}

    def measure(numbers: NDArray[np.intp], block: Matrix) -> None:
        found = distances.to(block)
        own = (asked >= numbers[0]) & (asked <= numbers[-1])
        found[own, asked[own] - numbers[0]] = np.inf
        nearest[int(numbers[0])] = np.sort(found, axis=1)[:, :NEIGHBOUR]

    over_blocks(rows, measure, "images to compare", progress)
    closest = np.sort(np.concatenate(list(nearest.values()), axis=1), axis=1)
    fifth = closest[:, min(NEIGHBOUR, n - 1) - 1]
    between = distances.to(rows.rows(asked))[np.triu_indices(len(asked), 1)]
    return Thresholds(float(np.quantile(between, CLOSE)), NEAR * float(np.median(fifth)))


class _Distances:
    """Measure distances to some rows."""

    def __init__(self, some: Matrix) -> None:
        self._middle = some.mean(axis=0)
        self._some = some - self._middle
        self._squares = np.vecdot(self._some, self._some)

    def to(self, block: Matrix) -> Matrix:
        """Give the distance of each to each row of a block, float32 (some, block)."""
        centred = block - self._middle
        squared: Matrix = -2 * (self._some @ centred.T)
        squared += self._squares[:, np.newaxis] + np.vecdot(centred, centred)
        return np.sqrt(np.maximum(squared, 0))
