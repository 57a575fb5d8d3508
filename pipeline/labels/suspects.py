"""All images ranked by how much speaks against their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline.compute.progress import Progress, silent
from pipeline.labels.pool import folds_of_pool, pool_of
from pipeline.labels.ridge import judge
from pipeline.stages.contract import Inputs, Stage


@dataclass(frozen=True)
class Suspects:
    """Hold how much speaks against each image's label: training images first, then test images, in their order.

    Where training images are test images, too, each is there once, as a test image.

    Attributes
    ----------
    split : ndarray of uint8, shape (n,)
        0: a training image, 1: a test image.
    row : ndarray of int32, shape (n,)
        Its row in that split.
    score : ndarray of float32, shape (n,)
        What speaks against the label, 0 to 1, by a machine that has not seen it. No probability.
    suggested : ndarray of int16, shape (n,)
        The best other class.
    lead : ndarray of float32, shape (n,)
        How sure the machine is; negative where it takes the suggested class, else positive.
    margin : ndarray of float32, shape (n,)
        By how much the given class's value exceeds the suggested one's.
    rank : ndarray of int32, shape (n,)
        Its place in the list, from 0: most suspicious first. Images that nothing can be said of are last: no
        other image has their class.
    """

    split: NDArray[np.uint8]
    row: NDArray[np.int32]
    score: NDArray[np.float32]
    suggested: NDArray[np.int16]
    lead: NDArray[np.float32]
    margin: NDArray[np.float32]
    rank: NDArray[np.int32]

    @property
    def order(self) -> NDArray[np.intp]:
        """The images, most suspicious first: places in the other arrays, (n,)."""
        return np.argsort(self.rank)


@dataclass(frozen=True)
class SuspectsStage(Stage):
    """Judge every image of both splits by a machine that has not seen its label, and rank them all."""

    STAGE: ClassVar[str] = "suspects"
    NAME: ClassVar[str] = "ridge"
    VERSION: ClassVar[int] = 2
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write them; raises as `pipeline.labels.pool.pool_of` and `pipeline.labels.ridge.judge`."""
        pool = pool_of(inputs["dataset"], inputs["features"])
        folds = folds_of_pool(inputs["dataset"], pool, progress)
        found = judge(pool.rows, folds, pool.labels[np.newaxis], pool.k, progress)
        score, suggested = found.score[0], found.suggested[0].astype(np.int16)
        draft.save("split", pool.split)
        draft.save("row", pool.row)
        draft.save("score", score)
        draft.save("suggested", suggested)
        draft.save("lead", found.lead[0])
        draft.save("margin", found.margin[0])
        draft.save("rank", rank_of(score, without_equals(pool.labels, folds)))
        draft.save("folds", folds)
        draft.facts.update(folds=int(folds.max()) + 1)


def read_suspects(artefact: Artefact) -> Suspects:
    """Give what a `SuspectsStage` has written.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    """
    names = ("split", "row", "score", "suggested", "lead", "margin", "rank")
    return Suspects(*(artefact.array(name) for name in names))


def rank_of(score: NDArray[np.float32], last: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give each image's place in the list, from 0: the highest score first, of equals the first image.

    Parameters
    ----------
    score : ndarray of float32, shape (n,)
        Of each image.
    last : ndarray of bool, shape (n,)
        Which come behind all others.
    """
    rank = np.empty(len(score), np.int32)
    rank[np.lexsort((-score, last))] = np.arange(len(score))
    return rank


def without_equals(labels: NDArray[np.int32], folds: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Tell which images are the only ones of their class but for their own fold, bool (n,)."""
    k = int(labels.max()) + 1
    cells = np.bincount(folds.astype(np.intp) * k + labels, minlength=k * (int(folds.max()) + 1)).reshape(
        -1, k
    )
    alone: NDArray[np.bool_] = cells.sum(axis=0)[labels] == cells[folds, labels]
    return alone
