"""Which parts of feature space have more errors than chance would give any of those that were looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.slices.candidates import ANY_CLASS, Candidate, Labels

ALPHA = 0.05
"""Of classifiers that are equally good everywhere, at most this share has any slice listed."""
MOST_SHARED = 0.5
"""Share of a slice's errors that may be those of one listed before it."""


@dataclass(frozen=True)
class Slice:
    """Hold a part of feature space that is worse than the rest.

    Attributes
    ----------
    members : ndarray of intp, shape (m,)
        Rows of the test split: the wrong ones, the most typical first, and then the right ones.
    label : int
        Of its only class, which it is then compared with; `ANY_CLASS`: it is compared with all other images.
    errors : int
        How many of the members are wrong.
    rest_errors, rest : int
        How many of the images that it is compared with are wrong, and how many there are.
    low, high : float
        Clopper-Pearson interval of the error rate at a confidence of 1 - 0.05 / (slices looked at).
    """

    members: NDArray[np.intp]
    label: int
    errors: int
    rest_errors: int
    rest: int
    low: float
    high: float


def holding(parts: Sequence[Candidate], labels: Labels, wrong: NDArray[np.bool_]) -> list[Slice]:
    """Give the parts that hold, the least likely first.

    A part holds where Fisher's exact test, one-sided, against the rest (of its class, where it has one) gives a p-value
    of at most 0.05 / (parts looked at), and the whole interval of its error rate lies above the rest's rate. Of parts
    that share most of their errors the first is given.

    Parameters
    ----------
    parts : sequence of Candidate
        All that are looked at.
    labels : ndarray of int16, shape (n,)
        Of the judged images.
    wrong : ndarray of bool, shape (n,)
        Whether each is judged wrongly.

    References
    ----------
    Clopper and Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26:404-413.
    """
    found: list[Slice] = []
    for one in _beyond_chance(parts, labels, wrong):
        bad = one.members[: one.errors]
        shared = [np.count_nonzero(np.isin(bad, other.members)) for other in found]
        if max(shared, default=0) <= MOST_SHARED * len(bad):
            found.append(one)
    return found


def _beyond_chance(parts: Sequence[Candidate], labels: Labels, wrong: NDArray[np.bool_]) -> Iterator[Slice]:
    """Give all that hold, the least likely by chance first."""
    from scipy.stats import hypergeom

    if not parts:
        return
    alpha = ALPHA / len(parts)
    sizes = np.array([len(part.members) for part in parts])
    errors = np.array([np.count_nonzero(wrong[part.members]) for part in parts])
    among = [labels == part.label if part.label != ANY_CLASS else np.ones_like(wrong) for part in parts]
    rest = np.array([np.count_nonzero(rows) for rows in among]) - sizes
    rest_errors = np.array([np.count_nonzero(wrong[rows]) for rows in among]) - errors
    chance = hypergeom.sf(errors - 1, rest + sizes, rest_errors + errors, sizes)
    low, high = _interval(errors, sizes, alpha)
    holds = (chance <= alpha) & (rest > 0) & (low * rest > rest_errors)
    for i in np.flatnonzero(holds)[np.argsort(chance[holds], kind="stable")].tolist():
        members = parts[i].members
        ordered = np.concatenate([members[wrong[members]], members[~wrong[members]]])
        counts = int(errors[i]), int(rest_errors[i]), int(rest[i])
        yield Slice(ordered, parts[i].label, *counts, float(low[i]), float(high[i]))


def _interval(
    errors: NDArray[np.intp], sizes: NDArray[np.intp], alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the ends of Clopper-Pearson intervals."""
    from scipy.stats import beta

    right = sizes - errors
    low = np.where(errors > 0, beta.ppf(alpha / 2, np.maximum(errors, 1), right + 1), 0.0)
    high = np.where(right > 0, beta.ppf(1 - alpha / 2, errors + 1, np.maximum(right, 1)), 1.0)
    return low, high
