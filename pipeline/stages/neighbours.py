"""The exact nearest neighbours of every image, in feature space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from cache.commands import command
from pipeline.compute.pool import Counter, Task, processors, run_all
from pipeline.compute.progress import Progress, silent
from pipeline.errors import InvalidParameter
from pipeline.plugins.parameters import check_count
from pipeline.stages.contract import Inputs, Stage

NEIGHBOURS = 20
SPARE_CANDIDATES = 6
"""How many more than asked for are measured exactly: float32 puts close ones in the wrong order."""
ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class NeighboursStage(Stage):
    """Find the nearest rows of each row by Euclidean distance, exactly.

    Parameters
    ----------
    count : int
        Neighbours of each row; fewer where there are not so many other rows.

    Raises
    ------
    InvalidParameter
        If ``count`` is not at least 1.
    """

    STAGE: ClassVar[str] = "neighbours"
    NAME: ClassVar[str] = "exact"
    INPUTS: ClassVar[tuple[str, ...]] = ("features",)

    count: int = NEIGHBOURS

    def __post_init__(self) -> None:
        check_count("count", "neighbours", self.count, 1)

    def find(
        self, features: NDArray[np.float32], progress: Progress = silent
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Find the nearest rows of each row.

        Parameters
        ----------
        features : ndarray of float32, shape (n, d)
            One row an image.
        progress : Progress, optional
            Counts blocks of rows.

        Returns
        -------
        indices : ndarray of int32, shape (n, min(count, n - 1))
            Rows, nearest first; of two at one distance the lower row first; never the row itself.
        distances : ndarray of float32, shape (n, min(count, n - 1))
            Euclidean distances, computed in float64.

        Raises
        ------
        InvalidParameter
            If a feature is not finite or too large to square.
        Cancelled
            If ``progress`` raises it.
        """
        centred = _centred(features)
        count = min(self.count, len(centred) - 1)
        indices = np.empty((len(centred), count), np.int32)
        distances = np.empty((len(centred), count), np.float32)
        if count:
            _Search(np.ascontiguousarray(features, np.float32), centred, indices, distances).run(progress)
        return indices, distances

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Search a run's test images, and write each one's neighbours; errors as `find`."""
        indices, distances = self.find(inputs["features"].array("test"), progress)
        draft.save("indices", indices)
        draft.save("distances", distances)


def _centred(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the rows less their mean: short vectors lose less to cancellation in float32."""
    mean = features.mean(axis=0, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        centred: NDArray[np.float32] = features - mean.astype(np.float32)
        squares = np.einsum("ij,ij->i", centred, centred)
    good = squares < np.finfo(np.float32).max / 8
    if not good.all():
        raise InvalidParameter(
            "Features must be finite and small enough to square in float32 (below about 1e18). "
            f"Got others in row {int(np.argmin(good))} of the test split.",
            remedy=command("verify"),
        )
    return centred


class _Search:
    """Hold the arrays that the threads share: each writes the rows of its own block.

    First every block of rows meets every other once, in float32, and leaves each row a few candidates. Then
    candidates are measured in float64. A row whose last candidate is not clearly farther than its last
    neighbour, given what float32 can get wrong, is searched again among all rows that are not.
    """

    def __init__(
        self,
        features: NDArray[np.float32],
        centred: NDArray[np.float32],
        indices: NDArray[np.int32],
        distances: NDArray[np.float32],
    ) -> None:
        self.features, self.centred, self.indices, self.distances = features, centred, indices, distances
        self.n, self.count = indices.shape
        self.squares = np.einsum("ij,ij->i", centred, centred)
        self.candidates = _Candidates(self.n, min(self.count + SPARE_CANDIDATES, self.n - 1))
        unit = float(np.finfo(np.float32).eps) * (features.shape[1] + 8)
        self.error = unit * (self.squares + self.squares.max()).astype(np.float64)

    def run(self, progress: Progress) -> None:
        """Fill ``indices`` and ``distances``."""
        blocks = [slice(i, min(i + ROWS_AT_ONCE, self.n)) for i in range(0, self.n, ROWS_AT_ONCE)]
        meetings = [self._meeting(a, b) for i, a in enumerate(blocks) for b in blocks[i:]]
        total = len(meetings) + len(blocks)
        self._all(meetings, 0, total, progress)
        self._all([self._ranking(block) for block in blocks], len(meetings), total, progress)

    def _all(self, tasks: Sequence[Task], before: int, everything: int, progress: Progress) -> None:
        def shifted(done: int, total: int, what: str) -> None:
            progress(before + done, everything, what)

        run_all(tasks, threads=processors(), total=len(tasks), what="blocks", progress=shifted)

    def _meeting(self, a: slice, b: slice) -> Task:
        def work(counter: Counter) -> None:
            squared = self._squared(a, b)
            if a == b:
                np.fill_diagonal(squared, np.inf)
            self.candidates.offer(a, b, squared)
            if a != b:
                self.candidates.offer(b, a, np.ascontiguousarray(squared.T))
            counter.step()

        return work

    def _squared(self, a: slice | NDArray[np.intp], b: slice) -> NDArray[np.float32]:
        """Give squared distances between two sets of rows, float32 (len(a), len(b))."""
        squared: NDArray[np.float32] = self.centred[a] @ self.centred[b].T
        squared *= -2
        squared += self.squares[a, np.newaxis]
        squared += self.squares[b]
        return squared

    def _ranking(self, block: slice) -> Task:
        def work(counter: Counter) -> None:
            rows = range(block.start, block.stop)
            unsure = [row for row in rows if not self._rank(row, *self.candidates.of(row))]
            for start in range(0, len(unsure), 64):
                counter.check()
                self._search_again(np.array(unsure[start : start + 64]))
            counter.step()

        return work

    def _rank(self, row: int, candidates: NDArray[np.intp], farthest: float) -> bool:
        """Measure and order candidates; tell whether no other row can be among the nearest."""
        differences = self.features[candidates].astype(np.float64)
        differences -= self.features[row]
        squared = np.vecdot(differences, differences)
        order = np.lexsort((candidates, squared))[: self.count]
        self.indices[row] = candidates[order]
        self.distances[row] = np.sqrt(squared[order])
        return bool(squared[order[-1]] + self.error[row] < farthest)

    def _search_again(self, rows: NDArray[np.intp]) -> None:
        """Rank, for each row, every row that may be as near as the nearest found."""
        squared = self._squared(rows, slice(0, self.n))
        squared[np.arange(len(rows)), rows] = np.inf
        for row, line in zip(rows.tolist(), squared, strict=True):
            limit = float(self.distances[row, -1]) ** 2 * (1 + 1e-6) + self.error[row]
            self._rank(row, np.flatnonzero(line <= limit), np.inf)


class _Candidates:
    """Keep the nearest rows seen so far of each row, by their distances in float32."""

    def __init__(self, n: int, count: int) -> None:
        self.rows = np.full((n, count), -1, np.intp)
        self.squared = np.full((n, count), np.inf, np.float32)
        self._count = count
        self._lock = Lock()

    def offer(self, rows: slice, others: slice, squared: NDArray[np.float32]) -> None:
        """Let ``rows`` know their squared distances to ``others``, float32.

        A block's nearest are found by what its rows have already; only the first block has to be sorted.
        """
        near = squared < self.squared[rows].max(axis=1, keepdims=True)
        most = int(near.sum(axis=1).max(initial=0))
        if most < squared.shape[1] // 4:
            found, distances = _pick(near, squared, most)
        elif squared.shape[1] > self._count:
            found = np.argpartition(squared, self._count - 1, axis=1)[:, : self._count]
            distances = np.take_along_axis(squared, found, axis=1)
        else:
            found, distances = np.indices(squared.shape)[1], squared
        with self._lock:
            self._merge(rows, found + others.start, distances)

    def _merge(self, part: slice, names: NDArray[np.intp], distances: NDArray[np.float32]) -> None:
        distances = np.concatenate([self.squared[part], distances], axis=1)
        names = np.concatenate([self.rows[part], names], axis=1)
        nearest = np.argpartition(distances, self._count - 1, axis=1)[:, : self._count]
        self.squared[part] = np.take_along_axis(distances, nearest, axis=1)
        self.rows[part] = np.take_along_axis(names, nearest, axis=1)

    def of(self, row: int) -> tuple[NDArray[np.intp], float]:
        """Give a row's candidates and the squared distance of the farthest; inf if they are all there are."""
        everyone = self._count == len(self.rows) - 1
        farthest = np.inf if everyone else float(self.squared[row].max())
        return self.rows[row], farthest


def _pick(
    near: NDArray[np.bool_], squared: NDArray[np.float32], most: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Give the columns and values where ``near``, ``most`` a row; inf fills rows that have fewer."""
    rows, columns = np.divmod(np.flatnonzero(near), near.shape[1])
    places = np.arange(len(rows)) - np.searchsorted(rows, rows)
    found = np.zeros((len(near), most), np.intp)
    distances = np.full((len(near), most), np.inf, np.float32)
    found[rows, places] = columns
    distances[rows, places] = squared[rows, columns]
    return found, distances
