"""What an image's own judge has learnt from: training images like it, and the support vectors of a pair of classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from pipeline.compute.pool import one_blas_thread
from pipeline.compute.progress import Progress, share, silent
from pipeline.compute.rows import as_rows
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.svm.by_class import group_by_class
from pipeline.svm.out_of_fold import BY_ALL, without_fold
from pipeline.svm.support import PairSupport, compare, pair_support
from pipeline.svm.training import training


@dataclass(frozen=True)
class Judge:
    """Say which machines judge an image: of all that a classifier is made of, those that have not seen it.

    Attributes
    ----------
    C : float
        Penalty.
    gamma : float or None
        Of the radial basis function kernel, as it was fitted; None for the linear kernel.
    per_class : int or None
        Training images a class, a random part; None: all.
    fold : int
        Which part of the training images they have not seen; `BY_ALL`: none.
    """

    C: float
    gamma: float | None = None
    per_class: int | None = None
    fold: int = BY_ALL


@dataclass(frozen=True)
class Likeness:
    """Hold how like an image is to each training image.

    Attributes
    ----------
    distances, kernel : ndarray of float64, shape (n_train,)
        As `pipeline.svm.support.compare` gives them.
    learnt : ndarray of bool, shape (n_train,)
        Whether its judge has learnt from a training image.
    """

    distances: NDArray[np.float64]
    kernel: NDArray[np.float64]
    learnt: NDArray[np.bool_]

    def nearest(self, count: int, among: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        """Give the nearest training rows that the judge has learnt from, nearest first; the lower of two as near.

        Parameters
        ----------
        count : int
            How many; fewer where there are not so many.
        among : ndarray of bool, shape (n_train,), optional
            Which training rows to look at, those of a class for example.
        """
        rows = np.flatnonzero(self.learnt if among is None else self.learnt & among)
        order = np.argsort(self.distances[rows], kind="stable")[:count]
        nearest: NDArray[np.intp] = rows[order]
        return nearest


def fold_of(dataset: Artefact, row: int) -> int:
    """Give the fold that the judge of a test image has not seen; `BY_ALL` where there is none."""
    folds = folds_of(dataset)
    return BY_ALL if folds is None else int(folds.test[row])


def likeness(dataset: Artefact, features: Artefact, judge: Judge, row: int, split: str = "test") -> Likeness:
    """Compare an image with all training images.

    Parameters
    ----------
    dataset, features : Artefact
        Of a run.
    judge : Judge
        Of this image.
    row : int
        Row of the split.
    split : str
        "test" or "train": nobody judges a training image by itself, so it is then not among those learnt from.

    Raises
    ------
    InvalidParameter
        If a feature is not finite.
    """
    image = features_of(features, dataset, split)[row]
    learnt = learnt_by(dataset, features, judge)
    if split == "train":
        learnt[row] = False
    with one_blas_thread():
        rows = as_rows(features_of(features, dataset, "train"))
        return Likeness(*compare(rows, image, judge.gamma), learnt)


def learnt_by(dataset: Artefact, features: Artefact, judge: Judge) -> NDArray[np.bool_]:
    """Say of each training image whether a judge has learnt from it, bool (n_train,); parameters as `likeness`."""
    labels = dataset.array("train_labels")
    rows = as_rows(features_of(features, dataset, "train"))
    classes, learnt = group_by_class(rows, labels), np.zeros(len(labels), np.bool_)
    part = without_fold(classes, folds_of(dataset), judge.fold, judge.per_class)
    for members, taking_part in zip(classes.members, part, strict=True):
        learnt[members[taking_part]] = True
    return learnt


def supports(
    dataset: Artefact,
    features: Artefact,
    judge: Judge,
    pairs: Sequence[tuple[int, int]],
    progress: Progress = silent,
) -> Iterator[PairSupport | None]:
    """Fit the machines of some pairs of classes, as the judge has them, and give their support vectors.

    Parameters
    ----------
    dataset, features : Artefact
        Of a run.
    judge : Judge
        What to fit.
    pairs : sequence of (int, int)
        Labels; a positive decision value votes for the first.
    progress : Progress, optional
        Counts SVM fits.

    Yields
    ------
    PairSupport or None
        One a pair, as soon as it is there; None where the judge has learnt nothing of one of the classes.

    Raises
    ------
    InvalidParameter
        If a feature is not finite, or there are fewer than two classes.
    Cancelled
        If ``progress`` raises it.
    """
    labels = dataset.array("train_labels")
    rows = training(features_of(features, dataset, "train"), labels, judge.gamma)
    part = without_fold(rows.classes, folds_of(dataset), judge.fold, judge.per_class)
    for number, (first, second) in enumerate(pairs):
        with one_blas_thread():
            found = pair_support(rows, judge.C, first, second, part, share(progress, number, len(pairs)))
        yield found
