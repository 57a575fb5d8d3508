"""How unusual an image is: how far its nearest training images are, against how far those of the run's images are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline.compute import memory
from pipeline.compute.nearest import nearest_of, squared_distances
from pipeline.compute.pool import Counter, processors, run_all
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, as_rows, blocks_of, finite
from pipeline.stages.contract import Inputs, Stage
from pipeline.stages.evaluation import features_of, folds_of, train_in_test
from pipeline.svm.out_of_fold import BY_ALL

UNUSUAL = 99.0
"""Percentile beyond which an image is called unusual."""
FEWEST = 100
"""Judged images below which no such percentile can be told."""
NEAREST = 3
"""Training images whose distances are averaged: of one alone chance has too large a part."""
SPARE_CANDIDATES = 2
"""How many more are measured exactly: float32 puts close ones in the wrong order."""
ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class NoveltyStage(Stage):
    """Measure how far each judged image is from the nearest training images that its judge has learnt from.

    Of images that are held out in turn those of the same fold do not count: near-duplicates are in one fold, and a
    guest has none. Distances are between rows that are `evened`: which features an image has counts, and hardly how
    strongly; so flat pictures and noise, whose features are weak, are not taken for near ones.

    References
    ----------
    Sun et al. (2022), "Out-of-distribution detection with deep nearest neighbors", ICML.
    """

    STAGE: ClassVar[str] = "novelty"
    NAME: ClassVar[str] = "nearest"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write a distance an image; not a number where there is no training image.

        Raises
        ------
        InvalidParameter
            If a feature is not finite.
        Cancelled
            If ``progress`` raises it.
        """
        search = _Search(inputs["dataset"], inputs["features"])
        size = 4 * ROWS_AT_ONCE * (3 * ROWS_AT_ONCE + 2 * search.test.shape[1])
        tasks = [partial(search.work, numbers) for numbers in blocks_of(search.test.shape[0], ROWS_AT_ONCE)]
        run_all(
            tasks,
            threads=memory.threads(processors(), size),
            total=len(tasks),
            what="blocks of images",
            progress=progress,
        )
        draft.save("distances", search.found)


def evened(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the signed square roots of rows (n, d), each row brought to length 1; one of length 0 stays.

    References
    ----------
    Perronnin, Sánchez and Mensink (2010), "Improving the Fisher kernel for large-scale image classification", ECCV.
    """
    roots = np.copysign(np.sqrt(np.abs(rows)), rows)
    lengths = np.sqrt(np.einsum("ij,ij->i", roots, roots, dtype=np.float64))
    roots /= np.where(lengths > 0, lengths, 1)[:, np.newaxis].astype(np.float32)
    return roots


def to_nearest(row: NDArray[np.float32], train: Rows) -> float:
    """Give how far a row (d,) is from its nearest training rows, on average; infinite where there are none."""
    squares = squared_distances(row, train, evened)
    near = np.sqrt(squares[nearest_of(squares, NEAREST)])
    return float(near.mean()) if len(near) else np.inf


class _Search:
    """Hold what the threads share; each fills its own rows of ``found``."""

    def __init__(self, dataset: Artefact, features: Artefact) -> None:
        self.test: Rows = as_rows(features.rows("test"))
        self.train: Rows = as_rows(features_of(features, dataset, "train"))
        self.part, self.folds = train_in_test(dataset), folds_of(dataset)
        self.found = np.full(self.test.shape[0], np.nan, np.float32)

    def work(self, numbers: NDArray[np.intp], counter: Counter) -> None:
        """Find the nearest training image of a block of images."""
        own = evened(finite(self.test.rows(numbers), numbers, "test"))
        kept = NEAREST + SPARE_CANDIDATES
        squares, places = np.empty((len(numbers), 0), np.float32), np.empty((len(numbers), 0), np.intp)
        for others in blocks_of(self.train.shape[0], ROWS_AT_ONCE):
            counter.check()
            rows = evened(finite(self.train.rows(others), others, "training"))
            close = 2 - 2 * (own @ rows.T)
            close[self._same(numbers, others)] = np.inf
            squares = np.concatenate([squares, close], axis=1)
            places = np.concatenate([places, np.broadcast_to(others, close.shape)], axis=1)
            best = np.argpartition(squares, min(kept, squares.shape[1]) - 1, axis=1)[:, :kept]
            squares = np.take_along_axis(squares, best, axis=1)
            places = np.take_along_axis(places, best, axis=1)
        for column in range(squares.shape[1]):
            apart = evened(self.train.rows(places[:, column])).astype(np.float64) - own
            known = np.isfinite(squares[:, column])
            squares[:, column] = np.where(known, np.sqrt(np.vecdot(apart, apart)), np.inf)
        squares.sort(axis=1)
        there = np.isfinite(squares[:, :NEAREST])
        total = np.where(there, squares[:, :NEAREST], 0).sum(axis=1)
        self.found[numbers] = np.where(there.any(axis=1), total / np.maximum(there.sum(axis=1), 1), np.nan)
        counter.step()

    def _same(self, numbers: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Say which training images do not count for which images, bool (len(numbers), len(others))."""
        same = np.zeros((len(numbers), len(others)), np.bool_)
        if self.folds is not None:
            folds = self.folds.test[numbers]
            same |= (folds[:, np.newaxis] == self.folds.train[others]) & (folds != BY_ALL)[:, np.newaxis]
        if self.part is not None:
            same |= numbers[:, np.newaxis] == others + (self.part.start or 0)
        return same


@dataclass(frozen=True)
class Novelty:
    """Say how unusual an image is.

    Attributes
    ----------
    distance : float
        To the nearest training images, as `NoveltyStage` measures it: 0 to 2.
    percentile : float
        Share of the run's judged images whose nearest training images are nearer, 0 to 100.
    among : int
        How many these are.
    """

    distance: float
    percentile: float
    among: int

    @property
    def unusual(self) -> bool:
        """Whether nothing like it was in the training images, as far as distances tell."""
        return self.among >= FEWEST and self.percentile > UNUSUAL


def novelty_of(made: Artefact, distance: float) -> Novelty:
    """Compare a distance with those of a run's judged images; ``made`` is of a `NoveltyStage`."""
    known = made.array("distances")
    known = known[np.isfinite(known)]
    nearer = float(np.mean(known < np.float32(distance))) if len(known) else 0.0
    return Novelty(distance, 100 * nearer, len(known))
