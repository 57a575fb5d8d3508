"""Tell a difference from chance: two classifiers judged on the same images."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.statistics.scores import Z95, Labels

EXACT_UP_TO = 2000
"""Images with one right and one wrong answer up to which p is summed exactly."""
UNLIKELY = 0.05
"""p below which a difference is hardly chance."""

_ROUNDS = 1000
_DRAWN_AT_ONCE = 2_000_000

Times = NDArray[np.float64]
Score = Callable[..., NDArray[np.float64]]


@dataclass(frozen=True)
class Interval:
    """Hold a measured value and the 95 % interval around it."""

    value: float
    low: float
    high: float


def mcnemar(fixed: int, broke: int) -> float:
    """Give how likely so uneven a pair of counts is, if neither classifier were better.

    The mid-p version of McNemar's test: two-sided, and not as timid as the exact one. Over ``EXACT_UP_TO`` images
    the normal distribution takes the place of the binomial, from which it then differs by under 1e-3.

    Parameters
    ----------
    fixed, broke : int
        Images that only the one, and only the other classifier has right.

    Returns
    -------
    float
        p, 0 to 1; 1 where the counts are equal.

    References
    ----------
    Fagerland, Lydersen, Laake (2013), "The McNemar test for binary matched-pairs data: mid-p and asymptotic are
    better than exact conditional", BMC Medical Research Methodology 13:91.
    """
    n, fewer = fixed + broke, min(fixed, broke)
    if 2 * fewer == n:
        return 1.0
    if n > EXACT_UP_TO:
        return math.erfc(abs(fixed - broke) / math.sqrt(2 * n))
    ways, total = 1, 0
    for k in range(fewer):
        total += ways
        ways = ways * (n - k) // (k + 1)
    return float((2 * total + ways) / 2**n)  # the tail on both sides, its last step counted half


def paired_difference(fixed: int, broke: int, n: int, z: float = Z95) -> Interval:
    """Give the difference of two accuracies measured on the same images, with its interval.

    Agresti and Min's: Wald's interval after half an image is added to each of the four cells.

    Parameters
    ----------
    fixed, broke : int
        Images that only the second, and only the first classifier has right.
    n : int
        All images, at least one.
    z : float
        Quantile of the standard normal; 1.96 for 95 %.

    Returns
    -------
    Interval
        Second minus first, -1 to 1.

    References
    ----------
    Agresti, Min (2005), "Simple improved confidence intervals for comparing matched proportions",
    Statistics in Medicine 24:729-740.
    """
    more = n + 2
    centre = (fixed - broke) / more
    half = z * math.sqrt((fixed + broke + 1) / more - centre * centre) / math.sqrt(more)
    return Interval((fixed - broke) / n, max(-1.0, centre - half), min(1.0, centre + half))


def macro_f1_interval(true: Labels, predicted: Labels, k: int, *, seed: int = 0) -> Interval:
    """Give the mean F1 of the classes, with its interval.

    The percentile bootstrap over the images of each class, 1,000 rounds. Classes that neither occur nor are predicted
    do not count.

    Parameters
    ----------
    true, predicted : ndarray of int, shape (n,)
        Labels in 0..k-1; n at least 1.
    k : int
        Number of classes.
    seed : int
        Seed of the draws.

    References
    ----------
    Efron, Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13.
    """
    return _bootstrap((true, predicted), seed, lambda times, t, p: _macro_f1(times, t, p, k))


def macro_f1_difference(true: Labels, before: Labels, after: Labels, k: int, *, seed: int = 0) -> Interval:
    """Give by how much the mean F1 of the classes is higher after than before, with its interval.

    As `macro_f1_interval`; each round draws images, not answers, so that the two stay paired.

    Parameters
    ----------
    true, before, after : ndarray of int, shape (n,)
        Labels in 0..k-1; n at least 1.
    k : int
        Number of classes.
    seed : int
        Seed of the draws.
    """

    def gain(times: Times, t: Labels, b: Labels, a: Labels) -> NDArray[np.float64]:
        return _macro_f1(times, t, a, k) - _macro_f1(times, t, b, k)

    return _bootstrap((true, before, after), seed, gain)


def _bootstrap(labels: tuple[Labels, ...], seed: int, score: Score) -> Interval:
    """Score the images, and as many drawn from them again and again.

    Images with the same labels count the same, so it is enough to draw how often each kind of image occurs. As many
    are drawn of each true class as it has: with small ones that fell out, the scores would not be of the same classes.
    """
    kinds, counts = _kinds(labels)
    classes = [
        (np.flatnonzero(kinds[0] == label), np.random.default_rng((seed, label)))
        for label in np.unique(kinds[0])
    ]

    def drawn(size: int) -> Times:
        times = np.empty((size, len(counts)))
        for own, rng in classes:
            of_class = counts[own]
            times[:, own] = rng.multinomial(of_class.sum(), of_class / of_class.sum(), size)
        return times

    at_once = max(1, _DRAWN_AT_ONCE // len(counts))
    sizes = [min(at_once, _ROUNDS - start) for start in range(0, _ROUNDS, at_once)]
    scores = [score(drawn(size), *kinds) for size in sizes]
    low, high = np.quantile(np.concatenate(scores), [0.025, 0.975])
    return Interval(float(score(counts[np.newaxis].astype(float), *kinds)[0]), float(low), float(high))


def _kinds(labels: tuple[Labels, ...]) -> tuple[tuple[NDArray[np.intp], ...], NDArray[np.intp]]:
    """Give the different combinations of labels, in their order, and how often each occurs."""
    shape = [int(found.max()) + 1 for found in labels]
    codes, counts = np.unique(np.ravel_multi_index(labels, shape), return_counts=True)
    return np.unravel_index(codes, shape), counts


def _macro_f1(times: Times, true: Labels, predicted: Labels, k: int) -> NDArray[np.float64]:
    """Give the mean F1 of each round; ``times``, float64 (rounds, kinds), says how often each kind occurs."""
    classes = np.arange(k)
    of, said = (labels[:, np.newaxis] == classes for labels in (true, predicted))
    hits, both = times @ (of & said), times @ (of.astype(float) + said)
    f1 = np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)
    mean: NDArray[np.float64] = f1.sum(axis=1) / (both > 0).sum(axis=1)
    return mean
