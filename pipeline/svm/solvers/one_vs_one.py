"""Fit one support vector machine per pair of classes, along a path over C."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.pool import Counter, run_all
from pipeline.compute.progress import Progress
from pipeline.svm.by_class import ByClass, Subset
from pipeline.svm.gram import Gram
from pipeline.svm.kernels import RBF
from pipeline.svm.solvers.duals import Duals, PairSolution
from pipeline.svm.solvers.interior_point import solve_hard
from pipeline.svm.solvers.pairs import most_steps, solve_pair, without_warnings


def fit_pairs(
    classes: ByClass,
    Cs: Sequence[float],
    subsets: Sequence[Subset],
    gram: Gram,
    *,
    threads: int,
    progress: Progress,
    kernel: RBF | None = None,
    hard: Hard | None = None,
) -> Duals:
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
    hard : Hard, optional
        What is known of pairs from earlier calls; gets what the first subset of this one tells.

    Returns
    -------
    Duals
        The fits of the first subset at every C, then those of the second, ...
    """
    found = Duals.empty(classes, len(subsets) * len(Cs))
    rooms, known = _rooms(classes, threads), hard or Hard({})

    def work(a: int, b: int, counter: Counter) -> None:
        room = rooms.get()
        try:
            _Pair(classes, a, b, room, kernel, known).solve(gram, subsets, Cs, found, counter)
        finally:
            rooms.put(room)

    tasks = [partial(work, a, b) for a, b in classes.pairs]
    total = len(tasks) * len(Cs) * len(subsets)
    with without_warnings():
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


@dataclass
class Hard:
    """Know from which C on libsvm gives up on a pair.

    The first subset tells for all others, and its smaller C for the larger: so it does not depend on how many fits
    are done at a time.

    Attributes
    ----------
    smallest_C : dict
        By pair of positions.
    is_open : bool
        Whether more may be noted.
    """

    smallest_C: dict[tuple[int, int], float]
    is_open: bool = True

    def note(self, a: int, b: int, C: float) -> None:
        """Take note that libsvm gave up on a pair."""
        if self.is_open:
            self.smallest_C[a, b] = min(C, self.smallest_C.get((a, b), C))


class _Pair:
    """Solve one pair of classes: with libsvm, and what that gives up on by the interior-point method."""

    def __init__(
        self,
        classes: ByClass,
        a: int,
        b: int,
        room: NDArray[np.float64],
        kernel: RBF | None,
        known: Hard,
    ) -> None:
        self.classes, self.a, self.b, self.room, self.kernel, self.known = classes, a, b, room, kernel, known
        self.n = classes.counts[a] + classes.counts[b]

    def solve(
        self, gram: Gram, subsets: Sequence[Subset], Cs: Sequence[float], found: Duals, counter: Counter
    ) -> None:
        """Write down a solution for each subset and C."""
        counter.check()
        block = self.room[: self.n**2].reshape(self.n, self.n)
        gram.fill(self.classes, self.a, self.b, block)
        if self.kernel is not None:
            self.kernel.apply(block)
        hard = []
        for s, subset in enumerate(subsets):
            rows, n_first = self._taking_part(subset)
            part = block if len(rows) == self.n else block[np.ix_(rows, rows)]
            for fit, C in enumerate(Cs, s * len(Cs)):
                solution = self._by_libsvm(part, n_first, C)
                if solution is None:
                    if s == 0:
                        self.known.note(self.a, self.b, C)
                    hard.append((fit, subset, C))
                    counter.check()
                else:
                    found.write(fit, self.a, self.b, rows, solution)
                    counter.step()
        for _, same in groupby(hard, lambda one: one[0] // len(Cs)):
            self._by_another_method(list(same), found, counter)

    def _by_libsvm(self, part: NDArray[np.float64], n_first: int, C: float) -> PairSolution | None:
        """Give libsvm's solution, if it is worth trying, and comes."""
        if self.known.smallest_C.get((self.a, self.b), np.inf) <= C:
            return None
        columns = self.classes.features.shape[1] if self.kernel is None else None
        return solve_pair(part, n_first, C, most_steps(len(part), columns))

    def _taking_part(self, subset: Subset) -> tuple[NDArray[np.intp], int]:
        """Give the numbers of a subset's rows among those of the pair, and how many are of class a."""
        first = subset[self.a]
        return np.flatnonzero(np.concatenate([first, subset[self.b]])), int(first.sum())

    def _by_another_method(
        self, hard: Sequence[tuple[int, Subset, float]], found: Duals, counter: Counter
    ) -> None:
        """Solve the fits of one subset that libsvm gave up on; the matrix is written over."""
        fits, subsets, Cs = zip(*hard, strict=True)
        rows, n_first = self._taking_part(subsets[0])
        features = np.concatenate([self.classes.block(self.a), self.classes.block(self.b)])[rows]
        room = self.room[: len(rows) ** 2].reshape(len(rows), len(rows))
        solutions = solve_hard(features, n_first, Cs, self.kernel, room)
        for fit, solution in zip(fits, solutions, strict=True):
            found.write(fit, self.a, self.b, rows, solution)
            counter.step()
