"""The labelled images of both splits as one list, and the folds in which they are held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from pipeline.compute.folds import deal
from pipeline.compute.near_duplicates import near_rows
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Stacked, as_rows
from pipeline.errors import InvalidParameter
from pipeline.inputs.datasets import missing_for_a_classifier, no_classifier
from pipeline.stages.evaluation import features_of, folds_of, splits_of

TRAIN, TEST = 0, 1
"""Splits, as numbers."""
FOLDS = 10


@dataclass(frozen=True)
class Pool:
    """Hold the images of both splits: training images first; only those that are judged where these are among them.

    Attributes
    ----------
    rows : Stacked
        Their features, (n, d).
    labels : ndarray of int32, shape (n,)
        Their given labels, 0 to k - 1.
    split : ndarray of uint8, shape (n,)
        `TRAIN` or `TEST`.
    row : ndarray of int32, shape (n,)
        Their rows in that split.
    k : int
        Classes.
    """

    rows: Stacked
    labels: NDArray[np.int32]
    split: NDArray[np.uint8]
    row: NDArray[np.int32]
    k: int


def pool_of(dataset: Artefact, features: Artefact) -> Pool:
    """Put the images of both splits of a run together.

    Raises
    ------
    InvalidParameter
        If they have no classes, or all one class; a feature need not be finite yet.
    """
    splits = [name for name in ("train", "test") if name in splits_of(dataset)]
    labels = [dataset.array(f"{name}_labels").astype(np.int32) for name in splits]
    names, every = dataset.manifest.facts["class_names"], np.concatenate(labels)
    if why := no_classifier(dataset) or missing_for_a_classifier(np.repeat(every, 2), names):
        raise InvalidParameter(why)
    numbers = {"train": TRAIN, "test": TEST}
    return Pool(
        Stacked(*(as_rows(features_of(features, dataset, name)) for name in splits)),
        every,
        np.repeat([numbers[name] for name in splits], [len(part) for part in labels]).astype(np.uint8),
        np.concatenate([np.arange(len(part), dtype=np.int32) for part in labels]),
        len(names),
    )


def folds_of_pool(dataset: Artefact, pool: Pool, progress: Progress = silent) -> NDArray[np.int16]:
    """Say in which part each image is held out: near-duplicates are in one.

    Parameters
    ----------
    dataset : Artefact
        Whose own folds count, if it has any.
    pool : Pool
        Its images.
    progress : Progress, optional
        Counts vectors to compare.

    Returns
    -------
    ndarray of int16, shape (n,)
        Numbers from 0.
    """
    own = folds_of(dataset)
    if own is not None:
        return np.unique(own.test, return_inverse=True)[1].astype(np.int16)
    groups = near_rows(pool.rows, progress)
    dealt = deal(pool.labels, groups, (1 / FOLDS,) * FOLDS, seed=0)
    return np.unique(dealt, return_inverse=True)[1].astype(np.int16)
