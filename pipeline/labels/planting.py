"""Labels falsified on purpose, where nobody knows which are wrong: what a list of suspects is measured with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARE = 0.01
"""Of the labels, falsified at once."""
FEWEST = 10
"""Labels falsified at once, where there are ten times as many."""
PLANTINGS, FEWEST_PLANTINGS, CLASSES_AT_ONCE = 20, 4, 4000
"""How often it is done: as often as memory holds machines of that many classes, all together."""


@dataclass(frozen=True)
class Planting:
    """Hold labels falsified again and again.

    Attributes
    ----------
    labellings : ndarray of int32, shape (plantings + 1, n)
        The given labels, then those of each planting.
    rows : ndarray of int32, shape (plantings, planted)
        Which labels each falsifies.
    confused : ndarray of bool, shape (planted,)
        Which of them along the confusion matrix; the others to any other class.
    """

    labellings: NDArray[np.int32]
    rows: NDArray[np.int32]
    confused: NDArray[np.bool_]


def plant(
    labels: NDArray[np.int32], predicted: NDArray[np.int32], usable: NDArray[np.bool_], seed: int = 0
) -> Planting:
    """Falsify a hundredth of the labels, again and again: half along the confusion matrix, half at random.

    Parameters
    ----------
    labels, predicted : ndarray of int32, shape (n,)
        Given ones, and those that a machine which has not seen them takes: two classes or more.
    usable : ndarray of bool, shape (n,)
        Which may be falsified; at least one.
    seed : int
        Of chance.
    """
    rng, n = np.random.default_rng(seed), len(labels)
    present, own = np.unique(labels, return_inverse=True)
    taken = np.minimum(np.searchsorted(present, predicted), len(present) - 1)
    chances = _chances(own, taken, len(present))
    candidates = np.flatnonzero(usable)
    planted = min(max(round(SHARE * n), min(FEWEST, n // 10), 1), len(candidates))
    times = int(np.clip(CLASSES_AT_ONCE // len(present), FEWEST_PLANTINGS, PLANTINGS))
    confused = np.arange(planted) % 2 == 0
    labellings, rows = np.repeat(labels[np.newaxis], times + 1, axis=0), np.empty((times, planted), np.int32)
    for number in range(times):
        some = rng.choice(candidates, planted, replace=False)
        odds = np.where(confused[:, np.newaxis], chances[own[some]], 1.0)
        odds[np.arange(planted), own[some]] = 0
        reached = np.cumsum(odds, axis=1)
        drawn = (reached <= rng.random((planted, 1)) * reached[:, -1:]).sum(axis=1)
        rows[number], labellings[number + 1, some] = some, present[np.minimum(drawn, len(present) - 1)]
    return Planting(labellings, rows, confused)


def _chances(labels: NDArray[np.intp], predicted: NDArray[np.intp], k: int) -> NDArray[np.float64]:
    """Count for each class what it is taken for, (k, k); once each where it is never mistaken."""
    counts = np.bincount(labels * k + predicted, minlength=k * k).reshape(k, k).astype(np.float64)
    np.fill_diagonal(counts, 0)
    counts[counts.sum(axis=1) == 0] = 1
    return counts
