"""What is fitted to which training rows, and which images it judges: none that it was fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.svm.by_class import ByClass, Subset, random_parts

BY_ALL = -1
"""Instead of a fold: the image is judged by the machines that were fitted to all training rows."""


@dataclass(frozen=True)
class Folds:
    """Hold the fold of each image.

    Attributes
    ----------
    train : ndarray of int16, shape (n_train,)
        The part that a training image is in.
    test : ndarray of int16, shape (n_test,)
        Which part has to be left out so that machines may judge an image; `BY_ALL`: none.
    """

    train: NDArray[np.int16]
    test: NDArray[np.int16]

    @property
    def names(self) -> list[int]:
        """The parts that have training images, ascending."""
        found: list[int] = np.unique(self.train).tolist()
        return found

    def held_out(self, classes: ByClass) -> list[Subset]:
        """Give, for each part, which rows of each class it holds out."""
        return [self.fold(classes, name) for name in self.names]

    def fold(self, classes: ByClass, name: int) -> Subset:
        """Give which rows of each class are in one part."""
        return [self.train[rows] == name for rows in classes.members]


@dataclass(frozen=True)
class Plan:
    """Hold parts of the training rows, to be fitted one by one.

    Attributes
    ----------
    parts : list of Subset
        The first leaves nothing out.
    judged : list of ndarray of intp
        For each part, the rows of the test split that its machines judge; each row once.
    """

    parts: list[Subset]
    judged: list[NDArray[np.intp]]


def plan(classes: ByClass, n_test: int, folds: Folds | None, per_class: int | None) -> Plan:
    """Say what is fitted so that every image is judged by machines that have not seen it.

    Parameters
    ----------
    classes : ByClass
        The training rows.
    n_test : int
        Images that are judged.
    folds : Folds or None
        None: none of them is a training image.
    per_class : int or None
        Rows of each class that machines are fitted to, a random part of those that they may see; all without it.
    """
    if folds is None:
        return Plan([drawn(classes, per_class)], [np.arange(n_test)])
    names = (BY_ALL, *folds.names)
    parts = [without_fold(classes, folds, name, per_class) for name in names]
    return Plan(parts, [np.flatnonzero(folds.test == name) for name in names])


def without_fold(classes: ByClass, folds: Folds | None, name: int, per_class: int | None) -> Subset:
    """Give the rows that the machines are fitted to which judge the images of a fold; parameters as `plan`."""
    if folds is None or name == BY_ALL:
        return drawn(classes, per_class)
    return drawn(classes, per_class, folds.fold(classes, name))


def drawn(classes: ByClass, per_class: int | None, held: Subset | None = None) -> Subset:
    """Give a random part of each class's rows that are not held out; all of them with None."""
    if per_class is None:
        return classes.everything() if held is None else [~rows for rows in held]
    return random_parts(classes.counts, (per_class,), 1, held)[0]


def used(classes: ByClass, parts: Sequence[Subset]) -> tuple[ByClass, list[Subset]]:
    """Leave out the rows that no part has: of the classes, and of the parts."""
    kept = [np.any([part[c] for part in parts], axis=0) for c in range(len(classes.members))]
    return classes.only(kept), [[rows[k] for rows, k in zip(part, kept, strict=True)] for part in parts]


def without(folds: Sequence[Subset]) -> list[Subset]:
    """Give what is left when each fold is held out."""
    return [[~rows for rows in fold] for fold in folds]
