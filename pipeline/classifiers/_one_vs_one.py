"""Fit one support vector machine per pair of classes, along a path over C."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers._by_class import ByClass
from pipeline.classifiers._gram import Gram
from pipeline.classifiers._pairs import PairSolution, solve_pair
from pipeline.classifiers._pool import Counter, Task, run_all
from pipeline.classifiers._weights import fold
from pipeline.progress import Progress

Subset = Sequence[NDArray[np.bool_]]
"""For each class, which of its rows take part."""


@dataclass(frozen=True)
class Machines:
    """Hold fitted weight vectors.

    Attributes
    ----------
    weights : ndarray of float32, shape (m, p, d)
        One vector per C and pair of classes (or class, in a one-vs-rest fit).
    intercepts : ndarray of float64, shape (m, p)
        Decision values of the origin.
    n_support : ndarray of int32, shape (m, p)
        Number of support vectors.
    """

    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    n_support: NDArray[np.int32]


def fit_pairs(
    classes: ByClass,
    Cs: Sequence[float],
    gram: Gram,
    *,
    threads: int,
    progress: Progress,
    subsets: Sequence[Subset] | None = None,
) -> list[Machines]:
    """Fit every pair of classes at every C.

    Parameters
    ----------
    classes : ByClass
        The training rows.
    Cs : sequence of float
        Penalties.
    gram : Gram
        Gives the inner products, and keeps those it may.
    threads : int
        Pairs solved side by side.
    progress : Progress
        Counts pairs times values of C times subsets.
    subsets : sequence of Subset, optional
        Fit each of these parts of the training rows instead of all of them, from the same inner products.

    Returns
    -------
    list of Machines
        One per subset.
    """
    chosen: Sequence[Subset | None] = [None] if subsets is None else subsets
    found: list[list[list[PairSolution]]] = [[[] for _ in classes.pairs] for _ in chosen]

    def task_for(number: int, a: int, b: int) -> Task:
        def work(counter: Counter) -> None:
            counter.check()
            n = classes.counts[a] + classes.counts[b]
            block = np.empty((n, n))
            gram.fill(classes, a, b, block)
            for s, subset in enumerate(chosen):
                part = None if subset is None else (subset[a], subset[b])
                found[s][number] = _solve(block, classes.counts[a], part, Cs, counter)

        return work

    tasks = [task_for(number, a, b) for number, (a, b) in enumerate(classes.pairs)]
    total = len(tasks) * len(Cs) * len(chosen)
    run_all(tasks, threads=threads, total=total, what="SVM fits", progress=progress)
    return [_machines(classes, paths) for paths in found]


def _solve(
    block: NDArray[np.float64],
    n_first: int,
    part: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None,
    Cs: Sequence[float],
    counter: Counter,
) -> list[PairSolution]:
    """Solve one pair at every C, on all its rows or on a part of them."""
    rows = None
    if part is not None:
        rows = np.flatnonzero(np.concatenate(part))
        block, n_first = block[np.ix_(rows, rows)], int(part[0].sum())
    path = []
    for C in Cs:
        path.append(solve_pair(block, n_first, C))
        counter.step()
    if rows is None or part is None:
        return path
    n = len(part[0]) + len(part[1])
    return [PairSolution(_spread(one.duals, rows, n), one.intercept, one.n_support) for one in path]


def _spread(duals: NDArray[np.float64], rows: NDArray[np.intp], n: int) -> NDArray[np.float64]:
    """Put the dual coefficients of some rows in their places among all."""
    spread = np.zeros(n)
    spread[rows] = duals
    return spread


def _machines(classes: ByClass, paths: Sequence[Sequence[PairSolution]]) -> Machines:
    intercepts = np.array([[one.intercept for one in path] for path in paths], np.float64)
    n_support = np.array([[one.n_support for one in path] for path in paths], np.int32)
    return Machines(
        fold(classes, paths), np.ascontiguousarray(intercepts.T), np.ascontiguousarray(n_support.T)
    )
