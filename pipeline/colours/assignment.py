"""Which class has which colour: those that are often confused have colours that nobody confuses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.colours.palette import FAMILIES, PALETTE
from pipeline.colours.sight import SIGHTS, distances

Costs = NDArray[np.int64]

MOST_SWAPS = 200
"""Of two colours; a thousand classes take seconds then."""
SHARED_FAMILY = 10
"""How many times nearer two colours of one hue family count than the nearest of two families."""


def assign(confusions: NDArray[np.integer]) -> list[str]:
    """Give each class a colour, so that the sum over pairs of classes of confusions by distance of colours is small.

    Greedily, then by swaps as long as one helps; all of it in whole numbers, so that every machine gives the same.
    Up to 20 classes have colours of their own, up to ten hue families of their own; of more, several share one.

    Parameters
    ----------
    confusions : ndarray of int, shape (k, k)
        Images of the row's class that were taken for the column's; the diagonal does not count.

    Returns
    -------
    list of str
        ``#RRGGBB``, one a class.
    """
    k = len(confusions)
    slots, nearness = _slots(k), _nearness()
    weights = _weights(confusions, len(slots))
    found = _swapped(weights, nearness, _greedy(weights, nearness, slots))
    return [PALETTE[colour] for colour in found[:k]]


def _slots(k: int) -> NDArray[np.intp]:
    """List the colours that there are to give, as numbers in the palette: as often as needed, at least one a class."""
    if k <= FAMILIES:
        return np.arange(FAMILIES)
    return np.tile(np.arange(len(PALETTE)), -(-k // len(PALETTE)))


def _weights(confusions: NDArray[np.integer], n: int) -> Costs:
    """Give how much each pair of n matters, symmetric: all confusions, and as a tenth of them all pairs alike."""
    k = len(confusions)
    both = confusions.astype(np.int64) + confusions.T
    np.fill_diagonal(both, 0)
    pairs, total = k * (k - 1) // 2, int(both.sum()) // 2
    weights = np.zeros((n, n), np.int64)
    weights[:k, :k] = 10 * pairs * both + max(total, 1)
    np.fill_diagonal(weights, 0)
    return weights


def _nearness() -> Costs:
    """Give what it costs that two classes which are confused have two colours of the palette."""
    seen = {sight: distances(PALETTE, sight) for sight in SIGHTS}
    apart = (seen["normal"] + np.min([*seen.values()], axis=0)) / 2  # most eyes, and those that see least
    family = np.arange(len(PALETTE)) % FAMILIES
    other = family[:, np.newaxis] != family
    nearness = np.full(apart.shape, SHARED_FAMILY / apart[other].min())
    nearness[other] = 1 / apart[other]
    costs: Costs = np.rint(100 * nearness).astype(np.int64)
    return costs


def _greedy(weights: Costs, nearness: Costs, slots: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give each class a colour, the most confused first: where it costs least beside those that have one."""
    colours, left = np.empty(len(weights), np.intp), np.bincount(slots, minlength=len(nearness))
    costs = np.zeros((len(weights), len(nearness)), np.int64)  # of each class in each colour
    for label in np.argsort(-weights.sum(axis=1), kind="stable"):
        free = np.flatnonzero(left)
        colour = free[np.argmin(costs[label, free])]
        colours[label] = colour
        left[colour] -= 1
        costs += np.outer(weights[label], nearness[colour])
    return colours


def _swapped(weights: Costs, nearness: Costs, colours: NDArray[np.intp]) -> NDArray[np.intp]:
    """Swap the colours of the two classes for which that helps most, until none helps."""
    costs = weights @ nearness[colours]  # of each class in each colour
    alike = np.diag(nearness)
    for _ in range(MOST_SWAPS):
        theirs, own = costs[:, colours], costs[np.arange(len(colours)), colours]
        between = 2 * nearness[np.ix_(colours, colours)] - alike[colours] - alike[colours][:, np.newaxis]
        gains = theirs + theirs.T - own - own[:, np.newaxis] + weights * between
        first, second = np.unravel_index(np.argmin(gains), gains.shape)
        if gains[first, second] >= 0:
            break
        turned = nearness[colours[second]] - nearness[colours[first]]
        costs += np.outer(weights[:, first] - weights[:, second], turned)
        colours[[first, second]] = colours[[second, first]]
    return colours
