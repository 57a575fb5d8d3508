"""Deal images to folds: every class evenly, groups whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def deal(
    labels: NDArray[np.integer], groups: NDArray[np.intp], shares: Sequence[float], seed: int
) -> NDArray[np.int16]:
    """Deal images to folds at random, so that each fold gets its share of every class.

    The largest groups come first; each goes where its classes are furthest behind their share, of several such folds to
    the emptiest.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Classes.
    groups : ndarray of intp, shape (n,)
        Images with one number stay together.
    shares : sequence of float
        Of each fold; they add up to 1.
    seed : int
        Of the order among groups of one size.

    Returns
    -------
    ndarray of int16, shape (n,)
        The fold of each image.
    """
    order, starts = _by_size(groups, seed)
    classes = (labels - labels.min()).tolist() if len(labels) else []
    counts = [[0] * (max(classes, default=0) + 1) for _ in shares]
    totals, folds = [0] * len(shares), np.empty(len(labels), np.int16)
    for start, stop in starts:
        members = order[start:stop]
        own = [classes[row] for row in members.tolist()]
        fold = min(
            range(len(shares)),
            key=lambda f: (sum(counts[f][c] for c in own) / shares[f], totals[f] / shares[f], -shares[f]),
        )
        folds[members] = fold
        totals[fold] += len(own)
        for c in own:
            counts[fold][c] += 1
    return folds


def _by_size(groups: NDArray[np.intp], seed: int) -> tuple[NDArray[np.intp], list[tuple[int, int]]]:
    """Give rows group by group, the largest first, and where each group starts and stops."""
    _, names, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    ranks = np.empty(len(sizes), np.intp)
    ranks[np.lexsort((np.random.default_rng(seed).permutation(len(sizes)), -sizes))] = np.arange(len(sizes))
    order = np.argsort(ranks[names], kind="stable")
    stops = np.cumsum(np.sort(sizes)[::-1]).tolist()
    return order, list(zip([0, *stops[:-1]], stops, strict=True)) if len(sizes) else []
