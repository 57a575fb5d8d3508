"""The support vectors of every pair of classes, kept in the store: what a drawer names without fitting anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np

from cache import Artefact, Draft
from pipeline.compute.progress import Progress, share, silent
from pipeline.retraining.judging import Judge, supports
from pipeline.retraining.setting import PLUGINS
from pipeline.stages.contract import Inputs, Stage
from pipeline.stages.evaluation import folds_of
from pipeline.svm.out_of_fold import BY_ALL
from pipeline.svm.penalty import check_C
from pipeline.svm.support import PairSupport

MOST_MACHINES = 20_000
"""Pairs of classes, times the folds that are held out, of which an index is made: 80 MB at 500 support vectors each."""


@dataclass(frozen=True)
class SupportIndexStage(Stage):
    """Fit the machines of all pairs of classes once more, and keep their support vectors.

    Parameters
    ----------
    C : float
        Penalty.
    gamma : float, optional
        Of the radial basis function kernel, as it was fitted; linear without it.
    per_class : int, optional
        Training images a class, a random part; all without it.

    Raises
    ------
    InvalidParameter
        If C is not allowed.
    """

    STAGE: ClassVar[str] = "supports"
    NAME: ClassVar[str] = "pairs"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")

    C: float
    gamma: float | None = None
    per_class: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C, "supports"))

    @classmethod
    def of(cls, judge: Judge) -> SupportIndexStage:
        """Give the index that has a judge's machines."""
        return cls(judge.C, judge.gamma, judge.per_class)

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write them, of all that judge an image; raises as `pipeline.retraining.judging.supports`."""
        dataset, features = inputs["dataset"], inputs["features"]
        pairs, judges = pairs_of(dataset), judges_of(dataset)
        found: list[PairSupport | None] = []
        for number, fold in enumerate(judges):
            judge = Judge(self.C, self.gamma, self.per_class, fold)
            found += supports(dataset, features, judge, pairs, share(progress, number, len(judges)))
        shape = len(judges), len(pairs)
        there = [one for one in found if one is not None]
        sizes = [0 if one is None else len(one.rows) for one in found]
        intercepts = [np.nan if one is None else one.intercept for one in found]
        draft.save("folds", np.array(judges, np.int16))
        draft.save("ends", np.cumsum(sizes, dtype=np.int64).reshape(shape))
        draft.save("intercepts", np.array(intercepts, np.float64).reshape(shape))
        draft.save("rows", np.concatenate([one.rows for one in there] or [np.empty(0, np.int32)]))
        draft.save("duals", np.concatenate([one.duals for one in there] or [np.empty(0, np.float32)]))
        draft.facts.update(C=self.C)


def pairs_of(dataset: Artefact) -> list[tuple[int, int]]:
    """List the pairs of a data set's classes, the lower label first, in the order in which an index has them."""
    return list(combinations(range(len(dataset.manifest.facts["class_names"])), 2))


def judges_of(dataset: Artefact) -> list[int]:
    """List the folds that machines must be fitted without so that each image is judged; `BY_ALL` is one of them."""
    folds = folds_of(dataset)
    found: list[int] = [BY_ALL] if folds is None else np.unique(folds.test).tolist()
    return found


def is_indexed(dataset: Artefact, classifier: Artefact) -> bool:
    """Tell whether a run has an index of its classifier: pairs decide, by a known kernel, and they are not too many."""
    solver = str(classifier.manifest.facts.get("solver"))
    k, judges = len(dataset.manifest.facts["class_names"]), len(judges_of(dataset))
    few = k * (k - 1) // 2 * judges <= MOST_MACHINES
    return classifier.manifest.plugin in PLUGINS.values() and "one-vs-rest" not in solver and few


def read_supports(
    index: Artefact, fold: int, pairs: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], PairSupport | None]:
    """Give the machines of some pairs that judge the images of a fold.

    Parameters
    ----------
    index : Artefact
        Of a `SupportIndexStage`.
    fold : int
        Which machines: those fitted without it.
    pairs : sequence of (int, int)
        Labels, the lower one first.

    Returns
    -------
    dict
        By pair; None where there is no such machine. Empty where the index has none for that fold.
    """
    judges = index.array("folds").tolist()
    if fold not in judges:
        return {}
    place, ends = judges.index(fold), index.array("ends")
    intercepts, rows, duals = index.array("intercepts"), index.rows("rows"), index.rows("duals")
    k = round((1 + np.sqrt(1 + 8 * ends.shape[1])) / 2)
    found: dict[tuple[int, int], PairSupport | None] = {}
    for first, second in pairs:
        number = place * ends.shape[1] + first * k - first * (first + 1) // 2 + second - first - 1
        start, end = (int(ends.flat[number - 1]) if number else 0), int(ends.flat[number])
        intercept = float(intercepts.flat[number])
        machine = PairSupport(rows[start:end], duals[start:end], intercept)
        found[first, second] = None if np.isnan(intercept) else machine
    return found
