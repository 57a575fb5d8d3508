"""Fit one support vector machine per pair of classes, along a path over C."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.pool import Counter, run_all
from pipeline.compute.progress import Progress
from pipeline.svm.by_class import ByClass, Subset
from pipeline.svm.gram import Gram
from pipeline.svm.kernels import RBF
from pipeline.svm.solvers.interior_point import solve_by_interior_point, solve_kernel_by_interior_point
from pipeline.svm.solvers.pairs import PairSolution, solve_pair


def fit_pairs(
    classes: ByClass,
    Cs: Sequence[float],
    subsets: Sequence[Subset],
    gram: Gram,
    *,
    threads: int,
    progress: Progress,
    kernel: RBF | None = None,
) -> list[list[list[PairSolution]]]:
    """Fit every pair of classes at every C.

    Parameters
    ----------
    classes : ByClass
        The training rows.
    Cs : sequence of float
        Penalties.
    subsets : sequence of Subset
        Parts of the training rows to fit, each from the same inner products.
    gram : Gram
        Gives the inner products, and keeps those it may.
    threads : int
        Pairs solved side by side.
    progress : Progress
        Counts pairs times values of C times subsets.
    kernel : RBF, optional
        Instead of inner products; the rows are then centred.

    Returns
    -------
    list of list of list of PairSolution
        For each subset and pair, a solution per C.
    """
    from sklearn.exceptions import ConvergenceWarning

    found: list[list[list[PairSolution]]] = [[[] for _ in classes.pairs] for _ in subsets]
    rooms = _rooms(classes, threads)

    def work(number: int, counter: Counter) -> None:
        room = rooms.get()
        try:
            pair = _Pair(classes, *classes.pairs[number], room, kernel)
            for paths, path in zip(found, pair.solve(gram, subsets, Cs, counter), strict=True):
                paths[number] = path
        finally:
            rooms.put(room)

    tasks = [partial(work, number) for number in range(len(classes.pairs))]
    total = len(tasks) * len(Cs) * len(subsets)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the interior-point method takes over
        run_all(tasks, threads=threads, total=total, what="SVM fits", progress=progress)
    return found


def _rooms(classes: ByClass, threads: int) -> SimpleQueue[NDArray[np.float64]]:
    """Give each thread memory for the largest pair's matrix.

    Taken once and used again: fresh arrays of this size would leave the process's memory in pieces.
    """
    largest = sum(sorted(classes.counts)[-2:])
    rooms: SimpleQueue[NDArray[np.float64]] = SimpleQueue()
    for _ in range(threads):
        rooms.put(np.empty(largest**2))
    return rooms


class _Pair:
    """Solve one pair of classes: with libsvm, and what that gives up on by the interior-point method."""

    def __init__(
        self, classes: ByClass, a: int, b: int, room: NDArray[np.float64], kernel: RBF | None
    ) -> None:
        self.classes, self.a, self.b, self.room, self.kernel = classes, a, b, room, kernel
        self.n = classes.counts[a] + classes.counts[b]

    def solve(
        self, gram: Gram, subsets: Sequence[Subset], Cs: Sequence[float], counter: Counter
    ) -> list[list[PairSolution]]:
        """Give a solution for each subset and C."""
        counter.check()
        block = self._matrix(self.n)
        gram.fill(self.classes, self.a, self.b, block)
        if self.kernel is not None:
            self.kernel.apply(block)
        paths = [self._by_libsvm(block, subset, Cs, counter) for subset in subsets]
        return [self._finish(subset, Cs, path, counter) for subset, path in zip(subsets, paths, strict=True)]

    def _matrix(self, n: int) -> NDArray[np.float64]:
        return self.room[: n * n].reshape(n, n)

    def _taking_part(self, subset: Subset) -> tuple[NDArray[np.intp], int]:
        """Give the numbers of a subset's rows among those of the pair, and how many are of class a."""
        first = subset[self.a]
        return np.flatnonzero(np.concatenate([first, subset[self.b]])), int(first.sum())

    def _by_libsvm(
        self, block: NDArray[np.float64], subset: Subset, Cs: Sequence[float], counter: Counter
    ) -> list[PairSolution | None]:
        rows, n_first = self._taking_part(subset)
        part = block if len(rows) == self.n else block[np.ix_(rows, rows)]
        path: list[PairSolution | None] = []
        for C in Cs:
            found = solve_pair(part, n_first, C)
            path.append(found.spread(rows, self.n) if found else None)
            counter.step(1 if found else 0)
        return path

    def _finish(
        self, subset: Subset, Cs: Sequence[float], path: list[PairSolution | None], counter: Counter
    ) -> list[PairSolution]:
        """Solve by the interior-point method what libsvm gave up on."""
        rows, n_first = self._taking_part(subset)
        missing = [C for C, found in zip(Cs, path, strict=True) if found is None]
        solutions = self._by_interior_point(rows, n_first, missing) if missing else iter(())
        finished = []
        for found in path:
            if found is None:
                found = next(solutions).spread(rows, self.n)
                counter.step()
            finished.append(found)
        return finished

    def _by_interior_point(
        self, rows: NDArray[np.intp], n_first: int, Cs: Sequence[float]
    ) -> Iterator[PairSolution]:
        if self.kernel is not None:  # the matrix is still what libsvm was given
            return solve_kernel_by_interior_point(self._matrix(self.n)[np.ix_(rows, rows)], n_first, Cs)
        features = np.concatenate([self.classes.block(self.a), self.classes.block(self.b)])
        return solve_by_interior_point(features[rows], n_first, Cs, self._matrix(len(rows)))


def note_on(paths: Sequence[Sequence[PairSolution]]) -> str:
    """Say how many fits the interior-point method did; nothing if none."""
    fits = [one for path in paths for one in path]
    others = sum(not one.by_libsvm for one in fits)
    note = (
        f"In {others} of {len(fits)} fits the classes overlap so much, and C is so large, that libsvm "
        "would take minutes: an interior-point method solved them, to a smaller tolerance."
    )
    return note if others else ""


def per_C(paths: Sequence[Sequence[PairSolution]]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Give intercepts float64 (m, p) and numbers of support vectors int32 (m, p)."""
    intercepts = np.array([[one.intercept for one in path] for path in paths], np.float64)
    n_support = np.array([[one.n_support for one in path] for path in paths], np.int32)
    return np.ascontiguousarray(intercepts.T), np.ascontiguousarray(n_support.T)
