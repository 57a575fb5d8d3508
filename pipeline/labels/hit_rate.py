"""What a list of suspects is worth: how many labels that were falsified on purpose stand at its head."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows
from pipeline.labels.estimate import Estimate, estimate_wrong
from pipeline.labels.planting import plant
from pipeline.labels.pool import pool_of
from pipeline.labels.ridge import judge
from pipeline.labels.suspects import SuspectsStage, rank_of, read_suspects, without_equals
from pipeline.stages.contract import Inputs, Keys, Stage, key_of

HEAD = 0.02
"""The part of the list of which is said what it holds."""


@dataclass(frozen=True)
class HitRate:
    """Say what a list of suspects is worth.

    Attributes
    ----------
    flipped : int
        Labels that were falsified at once.
    times : int
        How often that was done.
    share_of_list : float
        The head of the list that was looked at, 0 to 1.
    found, low, high : float
        The share of falsified labels in it, 0 to 1, and between which it lies for another such falsification (95 %).
    confused, at_random : Estimate
        The same for labels falsified along the confusion matrix, and to any other class: half of them each.
    wrong, in_first_50 : Estimate
        How many labels are wrong in all, and of the first 50 in the list.
    """

    flipped: int
    times: int
    share_of_list: float
    found: float
    low: float
    high: float
    confused: Estimate
    at_random: Estimate
    wrong: Estimate
    in_first_50: Estimate


@dataclass(frozen=True)
class HitRateStage(Stage):
    """Falsify some labels again and again, rank all images each time, and note where the falsified ones stand.

    Parameters
    ----------
    seed : int
        Of chance.
    """

    STAGE: ClassVar[str] = "hitrate"
    NAME: ClassVar[str] = "planted"
    VERSION: ClassVar[int] = 2
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features", "suspects")

    seed: int = 0

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write their places in the list, and the estimates as facts; raises as `SuspectsStage.compute`."""
        pool, suspects = pool_of(inputs["dataset"], inputs["features"]), read_suspects(inputs["suspects"])
        folds = inputs["suspects"].array("folds")
        predicted = np.where(suspects.lead < 0, suspects.suggested, pool.labels).astype(np.int32)
        places, confused = planted_places(
            pool.rows, folds, pool.labels, predicted, pool.k, self.seed, progress
        )
        wrong, first = estimate_wrong(suspects.lead, suspects.margin, suspects.rank)
        draft.save("places", places)
        draft.save("confused", confused)
        draft.facts.update(images=len(pool.labels), wrong=asdict(wrong), in_first_50=asdict(first))


def planted_places(
    rows: Rows,
    folds: NDArray[np.int16],
    labels: NDArray[np.int32],
    predicted: NDArray[np.int32],
    k: int,
    seed: int = 0,
    progress: Progress = silent,
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Falsify labels again and again, rank all images each time, and tell where the falsified ones stand.

    Parameters
    ----------
    rows, folds, k, progress
        As `pipeline.labels.ridge.judge`.
    labels, predicted, seed
        As `pipeline.labels.planting.plant`.

    Returns
    -------
    places : ndarray of int32, shape (plantings, planted)
        From 0; the other planted ones do not count, as if each had been falsified alone: they are no errors of the
        data, and would crowd each other out of the head of the list.
    confused : ndarray of bool, shape (planted,)
        Which were falsified along the confusion matrix.
    """
    alone = without_equals(labels, folds)
    planting = plant(labels, predicted, np.ones_like(alone) if alone.all() else ~alone, seed)
    falsified = planting.labellings[1:]
    judged = judge(rows, folds, falsified, k, progress)
    places = np.empty(planting.rows.shape, np.int32)
    for number, (score, given, some) in enumerate(zip(judged.score, falsified, planting.rows, strict=True)):
        ranks = rank_of(score, without_equals(given, folds))[some]
        order = np.argsort(ranks)
        places[number, order] = ranks[order] - np.arange(len(order))
    return places, planting.confused


def keys_of_hit_rate(keys: Keys) -> Keys:
    """Give what a `HitRateStage` is made from, given the keys of a run's stages: the suspects are not the run's own."""
    return {**keys, SuspectsStage.STAGE: key_of(SuspectsStage(), keys)}


def read_hit_rate(artefact: Artefact, share_of_list: float = HEAD) -> HitRate:
    """Give what a `HitRateStage` has written.

    Parameters
    ----------
    artefact : Artefact
        Of that stage.
    share_of_list : float
        How much of the list to look at, 0 to 1.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    """
    facts = artefact.manifest.facts
    confused = artefact.array("confused")
    found = artefact.array("places") < max(1, round(share_of_list * facts["images"]))
    every = promise(found)
    return HitRate(
        flipped=found.shape[1],
        times=len(found),
        share_of_list=share_of_list,
        found=every.value,
        low=every.low,
        high=every.high,
        confused=promise(found[:, confused]),
        at_random=promise(found[:, ~confused]) if not confused.all() else every,
        wrong=Estimate(**facts["wrong"]),
        in_first_50=Estimate(**facts["in_first_50"]),
    )


def promise(found: NDArray[np.bool_]) -> Estimate:
    """Give the share that was found, and between which it lies for another planting of the same size (95 %).

    Parameters
    ----------
    found : ndarray of bool, shape (plantings, planted)
        Which planted errors were found. At least two plantings.

    Notes
    -----
    Student's prediction interval of the shares of the plantings, whose variance counts as at least that of chance.
    """
    from scipy.stats import t

    times, planted = found.shape
    shares = found.mean(axis=1)
    likely = (found.sum() + 1) / (found.size + 2)
    variance = max(float(shares.var(ddof=1)), likely * (1 - likely) / planted)
    half = float(t.ppf(0.975, times - 1)) * (variance * (1 + 1 / times)) ** 0.5
    mean = float(shares.mean())
    return Estimate(mean, max(0.0, mean - half), min(1.0, mean + half))
