"""How much of the feature space's neighbourhoods the map keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from pipeline.compute import memory
from pipeline.compute.pool import Counter, Task, processors, run_all
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, as_rows
from pipeline.stages.contract import Inputs, Stage
from pipeline.stages.neighbours import NeighboursStage

ROWS_AT_ONCE = 256
"""Rows ranked by one task: with 10,000 images it holds 20 MB of distances."""
OTHERS_AT_ONCE = 512
"""Rows converted to float64 at once, instead of a copy of all of them."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Faithfulness:
    """Hold what a map keeps.

    Attributes
    ----------
    preserved : ndarray of uint8, shape (n,)
        How many of each row's ``k`` nearest rows in feature space are among its ``k`` nearest on the map.
    facts : dict
        ``k``; ``trustworthiness`` and ``continuity``, 0 to 1, or None where there are too few rows for them;
        then ``note`` says so.
    """

    preserved: NDArray[np.uint8]
    facts: dict[str, Any]


@dataclass(frozen=True)
class FaithfulnessStage(Stage):
    """Compare neighbourhoods in feature space with those on the map.

    Trustworthiness falls with rows that are near on the map but far in feature space (strangers), by how far
    they are; continuity with rows that are near in feature space but far on the map (torn apart). Of rows at
    one distance, each has the rank of the first.

    References
    ----------
    Venna and Kaski (2001), "Neighborhood preservation in nonlinear projection methods: an experimental
    study", ICANN, 485-491.
    """

    STAGE: ClassVar[str] = "faithfulness"
    NAME: ClassVar[str] = "ranks"
    INPUTS: ClassVar[tuple[str, ...]] = ("features", "neighbours", "projection")
    TELLING: ClassVar[tuple[str, ...] | None] = ()

    def measure(
        self,
        features: NDArray[np.float32] | Rows,
        neighbours: NDArray[np.int32],
        points: NDArray[np.float32],
        progress: Progress = silent,
    ) -> Faithfulness:
        """Measure a map.

        Parameters
        ----------
        features : ndarray of float32, shape (n, d)
            One row an image. One in the store is read a few rows at a time.
        neighbours : ndarray of int32, shape (n, k)
            The nearest rows of each row by ``features``; k up to 255.
        points : ndarray of float32, shape (n, 2)
            The map.
        progress : Progress, optional
            Counts blocks of rows.

        Returns
        -------
        Faithfulness
            What is kept.

        Raises
        ------
        Cancelled
            If ``progress`` raises it.
        """
        n, k = neighbours.shape
        near, _ = NeighboursStage(k).find(points) if k else (neighbours, None)
        facts: dict[str, Any] = {"k": k, "trustworthiness": None, "continuity": None}
        if not 0 < 2 * k < n:
            facts["note"] = (
                f"Trustworthiness and continuity at {k} neighbours need more than {2 * k} images. Got {n}."
            )
            return Faithfulness(_shared(neighbours, near), facts)
        strangers, torn = _Ranking(as_rows(features), near), _Ranking(as_rows(points), neighbours)
        tasks = [*strangers.tasks(), *torn.tasks()]
        threads = memory.threads(
            processors(), 8 * (ROWS_AT_ONCE * n + 2 * OTHERS_AT_ONCE * features.shape[1])
        )
        run_all(tasks, threads=threads, total=len(tasks), what="blocks", progress=progress)
        facts |= {"trustworthiness": strangers.score(), "continuity": torn.score()}
        return Faithfulness(_shared(neighbours, near), facts)

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Measure a run's map, and write what it keeps; errors as `measure`."""
        features, neighbours, projection = (inputs[name] for name in self.INPUTS)
        found = self.measure(
            features.rows("test"),
            neighbours.array("indices"),
            projection.array("test"),
            progress,
        )
        draft.save("preserved", found.preserved)
        draft.facts.update(found.facts)


def _shared(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Count the values that two lists have in common, row by row; none is twice in one list."""
    both = np.sort(np.concatenate([first, second], axis=1), axis=1)
    counts: NDArray[np.uint8] = (both[:, 1:] == both[:, :-1]).sum(axis=1).astype(np.uint8)
    return counts


class _Ranking:
    """Rank some rows by their distance from each row; each task ranks those of one block.

    Distances are computed in float64, so that only rows that are equally far in float32 can change places:
    they are taken to be at one distance.

    Parameters
    ----------
    rows : Rows
        (n, d), where distances are measured.
    chosen : ndarray of int32, shape (n, k)
        The rows to rank, from the viewpoint of each row.
    """

    def __init__(self, rows: Rows, chosen: NDArray[np.int32]) -> None:
        self._rows, self._chosen = rows, chosen
        self._mean = np.zeros(rows.shape[1])
        self._mean = sum(part.sum(axis=0) for part in self._parts()) / len(chosen)
        self._squares = np.concatenate([np.einsum("ij,ij->i", part, part) for part in self._parts()])
        self._beyond = np.zeros(len(chosen))

    def tasks(self) -> list[Task]:
        """Give the work, a block of rows each."""
        return [self._task(slice(i, i + ROWS_AT_ONCE)) for i in range(0, len(self._chosen), ROWS_AT_ONCE)]

    def score(self) -> float:
        """Give 1 where all chosen rows are the nearest ones, 0 where they are the farthest."""
        n, k = self._chosen.shape
        return float(1 - 2 * self._beyond.sum() / (n * k * (2 * n - 3 * k - 1)))

    def _parts(self) -> Iterator[Vector]:
        starts = range(0, len(self._chosen), OTHERS_AT_ONCE)
        return (self._centred(slice(i, i + OTHERS_AT_ONCE)) for i in starts)

    def _centred(self, part: slice) -> Vector:
        centred: Vector = self._rows.rows(np.arange(len(self._chosen))[part]) - self._mean
        return centred

    def _task(self, block: slice) -> Task:
        def work(counter: Counter) -> None:
            distances, chosen = self._distances(block, counter), self._chosen[block]
            limits = np.take_along_axis(distances, chosen, axis=1) - self._rounding(block)[:, np.newaxis]
            closer = [
                [np.count_nonzero(line < limit) for limit in mine]  # faster than sorting the line
                for line, mine in zip(distances, limits, strict=True)
            ]
            self._beyond[block] = np.maximum(np.array(closer) + 1 - chosen.shape[1], 0).sum(axis=1)
            counter.step()

        return work

    def _distances(self, block: slice, counter: Counter) -> Vector:
        """Give squared distances from a block's rows to all rows, float64; infinity to themselves."""
        mine, squares = self._centred(block), self._squares
        distances = np.empty((len(mine), len(squares)))
        for start in range(0, len(squares), OTHERS_AT_ONCE):
            counter.check()
            others = slice(start, start + OTHERS_AT_ONCE)
            np.matmul(mine, self._centred(others).T, out=distances[:, others])
        distances *= -2
        distances += squares
        distances += squares[block, np.newaxis]
        distances[np.arange(len(mine)), np.arange(block.start, block.start + len(mine))] = np.inf
        return distances

    def _rounding(self, block: slice) -> Vector:
        """Bound what float64 gets wrong in a squared distance."""
        unit = float(np.finfo(np.float64).eps) * (self._rows.shape[1] + 8)
        rounding: Vector = unit * (self._squares[block] + self._squares.max())
        return rounding
