"""How many labels are wrong in all, by how often sure machines contradict them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 100
"""Groups of images that machines are about as sure of."""
LEVELS = (0.0, *np.geomspace(1e-4, 0.9, 70).tolist())
"""Shares of wrong labels among the hardest images that are tried."""
FALLS = (0.0, 0.25, 0.5)
"""How much more slowly than the machine's errors people's may become fewer with certainty; 0: not at all."""
NEAR = 1.92
"""By how much less likely, in logarithms, what lies in a 95 % interval may be: half of chi-squared's quantile."""
FIRST = 50
"""Images at the head of the list of which is said how many are wrong."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """Hold a number that was reckoned, and between which it is likely to lie (95 %)."""

    value: float
    low: float
    high: float


def estimate_wrong(
    lead: NDArray[np.float32], margin: NDArray[np.float32], rank: NDArray[np.int32]
) -> tuple[Estimate, Estimate]:
    """Reckon how many labels are wrong, and how many of the first 50 in the list.

    A machine errs less the surer it is, and where it hardly errs, what it contradicts are wrong labels. With certainty
    x, it contradicts a share w(x) + (1 - w(x)) / (1 + exp(a x + b)) of the labels, of which w(x) are wrong: a
    psychometric curve with lapses. It is fitted twice: with as many wrong labels however hard an image is, and with
    fewer among easy ones, as people's errors are. The estimate is the mean of the two, the interval goes from the low
    end of the first to the high end of the second: which is true cannot be seen in the labels. As how sure the machine
    is of one label counts, likewise, how far the best class is ahead of all others, or of the given one alone.

    Parameters
    ----------
    lead, margin : ndarray of float32, shape (n,)
        As `pipeline.labels.ridge.Judgement` has them.
    rank : ndarray of int32, shape (n,)
        Places in the list.

    Returns
    -------
    wrong, in_first : Estimate
        Numbers of images.

    References
    ----------
    Wichmann, Hill (2001), "The psychometric function: I. Fitting, sampling, and goodness of fit" (lapses).
    """
    curve, first = _Curve(np.abs(lead), lead < 0), np.argsort(rank)[:FIRST]
    sure = np.abs(np.stack([lead[first], margin[first]]))
    fits = [list(curve.fits(fall, sure, lead[first] < 0)) for fall in FALLS]
    even, any_fall = fits[0], [fit for some in fits for fit in some]
    values = [min(some, key=lambda fit: fit.unlikely) for some in (even, any_fall)]
    low, high = _near(even), _near(any_fall)
    return (
        Estimate(
            float(np.mean([fit.wrong for fit in values])),
            min(fit.wrong for fit in low),
            max(fit.wrong for fit in high),
        ),
        Estimate(
            float(np.mean([fit.in_first for fit in values])),
            max(0.0, min((fit.in_first - fit.chance).min() for fit in low)),
            min(float(len(first)), max((fit.in_first + fit.chance).max() for fit in high)),
        ),
    )


@dataclass(frozen=True)
class _Fit:
    """Hold a curve: how unlikely it makes what was seen, and what it says.

    Of the first 50 by both kinds of certainty, (2,), with what chance adds or takes.
    """

    unlikely: float
    wrong: float
    in_first: Values
    chance: Values


def _near(fits: list[_Fit]) -> list[_Fit]:
    best = min(fit.unlikely for fit in fits)
    return [fit for fit in fits if fit.unlikely <= best + NEAR]


class _Curve:
    """Fit how often labels are contradicted, by how sure the machine is."""

    def __init__(self, lead: NDArray[np.float32], contradicted: NDArray[np.bool_]) -> None:
        self._scale = float(np.median(lead)) or 1.0
        parts = np.array_split(np.argsort(lead, kind="stable"), min(BINS, len(lead)))
        self._sizes = np.array([len(part) for part in parts])
        self._counts = np.array([int(contradicted[part].sum()) for part in parts])
        self._at = np.array([float(lead[part].mean()) for part in parts]) / self._scale

    def fits(self, fall: float, sure: NDArray[np.float32], contradicted: NDArray[np.bool_]) -> Iterator[_Fit]:
        """Give the likeliest curve at each level of wrong labels, and what it says of some images."""
        from scipy.optimize import minimize

        start = np.array([0.5, 0.0])
        for level in LEVELS:
            found = minimize(self._unlikely, start, args=(level, fall), method="BFGS")
            start = found.x
            wrong, share = _shares(start, level, fall, sure / self._scale)
            chances = np.where(contradicted, wrong / np.maximum(share, 1e-12), 0.0)
            yield _Fit(
                float(found.fun),
                float(self._sizes @ _shares(start, level, fall, self._at)[0]),
                chances.sum(axis=1),
                1.96 * (chances * (1 - chances)).sum(axis=1) ** 0.5,
            )

    def _unlikely(self, slope_and_shift: Values, level: float, fall: float) -> float:
        share = np.clip(_shares(slope_and_shift, level, fall, self._at)[1], 1e-9, 1 - 1e-9)
        return -float(self._counts @ np.log(share) + (self._sizes - self._counts) @ np.log1p(-share))


def _shares(
    slope_and_shift: Values, level: float, fall: float, at: NDArray[np.floating]
) -> tuple[Values, Values]:
    """Give the shares of wrong and of contradicted labels where the machine is so sure."""
    slope, shift = np.exp(np.clip(slope_and_shift[0], -10, 10)), slope_and_shift[1]
    wrong = level * np.exp(-fall * slope * at)
    return wrong, wrong + (1 - wrong) / (1 + np.exp(np.clip(slope * at + shift, -50, 50)))
