"""What was found to be the same picture: groups of images, under which labels and in which splits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from pipeline.duplicates.numbering import Numbering
from pipeline.inputs.names import names_alike
from pipeline.svm.out_of_fold import BY_ALL

Grade = Literal["same", "near"]
"""How alike: the same picture, at most encoded, scaled or brightened anew; or nearly the same."""

Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Group:
    """Hold images that are the same, or nearly.

    Attributes
    ----------
    images : ndarray of intp, shape (m,)
        Their numbers (`Numbering`), ascending; two or more.
    distances : ndarray of float32, shape (m,)
        Of each from the first, in feature space.
    """

    images: Numbers
    distances: NDArray[np.float32]


@dataclass(frozen=True)
class Leakage:
    """Say what is left of an accuracy without images that their judge had seen.

    Attributes
    ----------
    n, n_leaked : int
        Judged images; those of them of which a machine that judges them has learnt from a copy.
    accuracy, without, of_leaked : float
        Share of all, of all others and of the leaked ones that is right, 0 to 1; NaN of none.
    """

    n: int
    n_leaked: int
    accuracy: float
    without: float
    of_leaked: float


@dataclass(frozen=True)
class Duplicates:
    """Read what a `DuplicatesStage` found.

    Attributes
    ----------
    numbering : Numbering
        Which image has which number: training images and then test images, each once.
    threshold, near_threshold : float
        Distances in feature space up to which images that look the same are the same, and up to which images are nearly
        the same.
    pictures : bool
        Whether there were pictures to be compared; else only equal features are the same.
    class_names : tuple of str
        Of the data set.
    """

    numbering: Numbering
    threshold: float
    near_threshold: float
    pictures: bool
    class_names: tuple[str, ...]
    _names: dict[Grade, NDArray[np.int32]]
    _distances: dict[Grade, NDArray[np.float32]]

    @classmethod
    def of(cls, made: Artefact, dataset: Artefact) -> Duplicates:
        """Read them from the store.

        Parameters
        ----------
        made : Artefact
            Of a `DuplicatesStage`.
        dataset : Artefact
            That it was made from.

        Raises
        ------
        ArtefactCorrupt
            If a file cannot be read.
        """
        facts, grades = made.manifest.facts, get_args(Grade)
        return cls(
            Numbering.of(dataset),
            float(facts["threshold"]),
            float(facts["near_threshold"]),
            bool(facts["pictures"]),
            tuple(dataset.manifest.facts["class_names"]),
            {grade: made.array(grade) for grade in grades},
            {grade: made.array(f"{grade}_distance") for grade in grades},
        )

    def groups(self, grade: Grade = "same") -> list[Group]:
        """List the groups of two images or more, in the order of their first images."""
        names, distances = self._names[grade], self._distances[grade]
        order = np.argsort(names, kind="stable")
        parts = np.split(order, np.flatnonzero(np.diff(names[order])) + 1)
        return [Group(part, distances[part]) for part in parts if len(part) > 1]

    def across_labels(self, grade: Grade = "same") -> list[Group]:
        """List the groups whose images stand in several classes; an image without a class stands in none."""
        return [group for group in self.groups(grade) if len(self.labels_of(group)) > 1]

    def across_splits(self, grade: Grade = "same") -> list[Group]:
        """List the groups of an image that is judged by what has learnt from another of them."""
        leaked = self.is_leaked(grade)
        return [group for group in self.groups(grade) if leaked[group.images].any()]

    def labels_of(self, group: Group) -> list[int]:
        """List the labels under which a group stands, ascending."""
        labels = np.unique(self.numbering.labels[group.images])
        found: list[int] = labels[labels >= 0].tolist()
        return found

    def is_leaked(self, grade: Grade = "same") -> NDArray[np.bool_]:
        """Tell of each image whether what judges it has learnt from a copy of it, bool (n,)."""
        numbering = self.numbering
        found, is_test = np.zeros(numbering.n, np.bool_), np.zeros(numbering.n, np.bool_)
        is_test[numbering.test] = True
        learnt = numbering.is_learnt_from
        for group in self.groups(grade):
            teachers = group.images[learnt[group.images]]
            for image in group.images[is_test[group.images]].tolist():
                folds, held = numbering.fold[teachers[teachers != image]], numbering.held_out[image]
                found[image] = ((folds != held) | (held == BY_ALL)).any()
        return found

    @cached_property
    def names_alike(self) -> list[tuple[int, ...]]:
        """The labels of classes whose names are alike, as `pipeline.inputs.names.names_alike` gives them."""
        return names_alike(self.class_names)

    def accuracy_without_leaked(self, predicted: NDArray[np.integer], grade: Grade = "same") -> Leakage:
        """Say how much of an accuracy is owed to images that their judge had seen.

        Parameters
        ----------
        predicted : ndarray of int, shape (n_test,)
            Labels that a classifier gives the test split.
        grade : str
            Which images count as seen.
        """
        test = self.numbering.test
        leaked, right = self.is_leaked(grade)[test], predicted == self.numbering.labels[test]
        return Leakage(
            len(test), int(leaked.sum()), _share(right), _share(right[~leaked]), _share(right[leaked])
        )


def count_images(groups: Iterable[Group]) -> int:
    """Count the images of groups."""
    return sum(len(group.images) for group in groups)


def _share(right: NDArray[np.bool_]) -> float:
    return float(right.mean()) if len(right) else float("nan")
