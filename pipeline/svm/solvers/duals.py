"""Dual coefficients of every pair of classes: what all solvers give, and all machines are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.by_class import ByClass


@dataclass(frozen=True)
class PairSolution:
    """Hold the solution of one pair at one C.

    Attributes
    ----------
    duals : ndarray of float64, shape (n,)
        Signed dual coefficient of each row that took part: positive for class a, negative for class b.
    intercept : float
        Decision value of the origin.
    n_support : int
        Number of support vectors.
    by_libsvm : bool
        False if another method found it.
    """

    duals: NDArray[np.float64]
    intercept: float
    n_support: int
    by_libsvm: bool = True


@dataclass(frozen=True)
class Duals:
    """Hold the solutions of every pair in ``m`` fits, to be written to.

    Attributes
    ----------
    by_class : tuple of ndarray of float64, shapes (m, n_c, k - 1)
        For each class that occurs the signed coefficients of its rows, against each other class in ascending order.
    intercepts : ndarray of float64, shape (m, p)
        Decision values of the origin.
    n_support : ndarray of int32, shape (m, p)
        Number of support vectors.
    by_libsvm : ndarray of bool, shape (m, p)
        Whether libsvm found the solution.
    """

    by_class: tuple[NDArray[np.float64], ...]
    intercepts: NDArray[np.float64]
    n_support: NDArray[np.int32]
    by_libsvm: NDArray[np.bool_]

    @classmethod
    def empty(cls, classes: ByClass, m: int) -> Duals:
        """Give room for ``m`` fits in which no row supports anything."""
        k = len(classes.present)
        p = k * (k - 1) // 2
        coefficients = tuple(np.zeros((m, count, k - 1)) for count in classes.counts)
        return cls(coefficients, np.zeros((m, p)), np.zeros((m, p), np.int32), np.ones((m, p), np.bool_))

    def split(self, count: int) -> list[Duals]:
        """Give ``count`` equal parts of the fits, which share their memory with these."""
        by_class = zip(*(np.split(one, count) for one in self.by_class), strict=True)
        others = (np.split(one, count) for one in (self.intercepts, self.n_support, self.by_libsvm))
        return [Duals(*part) for part in zip(by_class, *others, strict=True)]

    def write(self, fit: int, a: int, b: int, rows: NDArray[np.intp], found: PairSolution) -> None:
        """Note a pair's solution.

        Parameters
        ----------
        fit : int
            Which of the fits.
        a, b : int
            Positions of its classes, a < b.
        rows : ndarray of intp, shape (n,)
            The rows that took part, among those of class a followed by those of class b, ascending.
        found : PairSolution
            With a coefficient for each of them.
        """
        n_a = self.by_class[a].shape[1]
        n_first, pair = int(np.searchsorted(rows, n_a)), pair_number(len(self.by_class), a, b)
        for c, column, taking_part, duals in (
            (a, b - 1, rows[:n_first], found.duals[:n_first]),
            (b, a, rows[n_first:] - n_a, found.duals[n_first:]),
        ):
            self.by_class[c][fit, :, column] = 0
            self.by_class[c][fit, taking_part, column] = duals
        self.intercepts[fit, pair] = found.intercept
        self.n_support[fit, pair] = found.n_support
        self.by_libsvm[fit, pair] = found.by_libsvm


def pair_number(k: int, a: int, b: int) -> int:
    """Give the place of the pair (a, b), a < b, among those of ``k`` classes."""
    return a * (2 * k - a - 1) // 2 + b - a - 1


def pairs_of(k: int, c: int) -> NDArray[np.intp]:
    """Give the places of the pairs that class ``c`` is in, by the other class ascending, intp (k - 1,)."""
    others = np.arange(k - 1)
    others[c:] += 1
    a, b = np.minimum(others, c), np.maximum(others, c)
    places: NDArray[np.intp] = a * (2 * k - a - 1) // 2 + b - a - 1
    return places
