"""From decision values to labels, runners-up and margins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Verdict:
    """Hold the first and second choice for some rows.

    Attributes
    ----------
    predicted, runner_up : ndarray of intp, shape (n,)
        Positions among the classes that were voted on.
    votes, runner_up_votes : ndarray of int16, shape (n,)
        How many other classes each of them beat.
    """

    predicted: NDArray[np.intp]
    runner_up: NDArray[np.intp]
    votes: NDArray[np.int16]
    runner_up_votes: NDArray[np.int16]


class Rule(Protocol):
    """Turn decision values, float64 (n, p), into choices."""

    def verdict(self, values: NDArray[np.float64]) -> Verdict:
        """Choose for each row."""

    def between(
        self,
        values: NDArray[np.float64],
        winner: NDArray[np.intp],
        loser: NDArray[np.intp],
        rows: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float64]:
        """Give decision values of classes ``winner`` against ``loser``: of each row, or of the ``rows`` named."""

    def widen(self, n_classes: int, present: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Give the places of the columns among those for all classes, and the intercepts of the others."""


class PairVotes:
    """Let each pair of classes vote, as libsvm does.

    A positive decision value votes for the pair's first class, any other for its second. The winner has the
    most votes, the lowest position on ties. The runner-up is the best of the rest by votes plus a confidence
    between -1/3 and 1/3, as scikit-learn breaks ties.

    Parameters
    ----------
    k : int
        Number of classes, with p = k(k-1)/2 pairs in the order (0, 1), (0, 2), ...
    """

    def __init__(self, k: int) -> None:
        self.k = k

    def _balance(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sum each class's values, (n, k) of (n, p): of the pairs that it is the first of, less the others."""
        by_pair, at = values.T, 0
        sums: NDArray[Any] = np.zeros((self.k, len(values)), values.dtype)
        for c in range(self.k - 1):
            own = by_pair[at : at + self.k - 1 - c]
            sums[c] += own.sum(axis=0, dtype=values.dtype)
            sums[c + 1 :] -= own
            at += len(own)
        return sums.T

    def verdict(self, values: NDArray[np.float64]) -> Verdict:
        """Choose for each row, from decision values float64 (n, p)."""
        won_less_lost = self._balance(np.where(values > 0, np.int16(1), np.int16(-1)))
        votes = ((won_less_lost + self.k - 1) // 2).astype(np.int16)
        confidence = self._balance(values)
        predicted = votes.argmax(axis=1)
        ranking = votes + confidence / (3 * (np.abs(confidence) + 1))
        rows = np.arange(len(votes))
        ranking[rows, predicted] = -np.inf
        runner_up = ranking.argmax(axis=1)
        return Verdict(predicted, runner_up, votes[rows, predicted], votes[rows, runner_up])

    def between(
        self,
        values: NDArray[np.float64],
        winner: NDArray[np.intp],
        loser: NDArray[np.intp],
        rows: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float64]:
        """Give decision values of ``winner`` against ``loser``; as `Rule.between`."""
        first, second = np.minimum(winner, loser), np.maximum(winner, loser)
        pair = first * (2 * self.k - first - 1) // 2 + second - first - 1
        found = values[np.arange(len(values)) if rows is None else rows, pair]
        oriented: NDArray[np.float64] = np.where(winner == first, found, -found)
        return oriented

    def widen(self, n_classes: int, present: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Give the places of the pairs among those of all classes; an absent class loses by 1."""
        pairs = list(combinations(range(n_classes), 2))
        there = set(present)
        places = [number for number, (i, j) in enumerate(pairs) if i in there and j in there]
        intercepts = [float(i in there) - float(j in there) for i, j in pairs]
        return np.array(places, np.intp), np.array(intercepts)


class ClassScores:
    """Choose the class with the highest score of a one-vs-rest fit.

    Half the difference of two scores stands for the decision value of a pair: it is 1 where one class is at
    +1 and the other at -1, on the two edges of their margins.
    """

    def verdict(self, values: NDArray[np.float64]) -> Verdict:
        """Choose for each row, from scores float64 (n, k)."""
        rows = np.arange(len(values))
        predicted = values.argmax(axis=1)
        rest = values.copy()
        rest[rows, predicted] = -np.inf
        runner_up = rest.argmax(axis=1)
        beaten = (values < values[rows, runner_up, np.newaxis]).sum(axis=1)
        most = np.full(len(values), values.shape[1] - 1)
        return Verdict(predicted, runner_up, most.astype(np.int16), beaten.astype(np.int16))

    def between(
        self,
        values: NDArray[np.float64],
        winner: NDArray[np.intp],
        loser: NDArray[np.intp],
        rows: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float64]:
        """Give half the differences of two scores; as `Rule.between`."""
        rows = np.arange(len(values)) if rows is None else rows
        return (values[rows, winner] - values[rows, loser]) / 2

    def widen(self, n_classes: int, present: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Give the places of the classes among all; an absent class has no chance."""
        return np.array(present, np.intp), np.full(n_classes, -np.inf)
