"""What a source gives: labelled images in two splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from cache.counting import counted
from pipeline.errors import SourceError
from pipeline.inputs.files import list_briefly


@dataclass(frozen=True)
class Split:
    """Hold the images of one split.

    Attributes
    ----------
    images : ndarray of uint8, shape (n, h, w, c)
        Grey (c = 1) or red, green, blue (c = 3).
    labels : ndarray of int16, shape (n,)
        Index into ``Dataset.class_names``.
    ids : ndarray of str, shape (n,)
        A stable, human-readable name of each image.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int16]
    ids: NDArray[np.str_]

    def __post_init__(self) -> None:
        n = len(self.images)
        if self.images.dtype != np.uint8 or self.images.ndim != 4 or self.images.shape[3] not in (1, 3):
            raise SourceError(
                "images must be uint8 of shape (n, h, w, 1 or 3). "
                f"Got {self.images.dtype} of shape {self.images.shape}."
            )
        if len(self.labels) != n or len(self.ids) != n:
            raise SourceError(
                "images, labels and ids must have one length. "
                f"Got {n}, {len(self.labels)} and {len(self.ids)}."
            )

    def __len__(self) -> int:
        return len(self.images)

    def first(self, limit: int | None) -> Split:
        """Give the first images only; all without a limit."""
        return Split(self.images[:limit], self.labels[:limit], self.ids[:limit])


@dataclass(frozen=True)
class Dataset:
    """Hold a training and a test split over the same classes.

    Attributes
    ----------
    train, test : Split
        The two splits.
    class_names : tuple of str
        Name of each class; labels index into it.
    facts : dict
        Provenance for people: title, address, checksums, what is unofficial about it.
    has_split : bool
        Whether the source says which images to test on; else all are in ``train``, and ``test`` is empty.
    """

    train: Split
    test: Split
    class_names: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    has_split: bool = True

    def images(self, rows: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Give images by their rows among all, the training images first; uint8 (len(rows), h, w, c)."""
        n = len(self.train)
        for split, own in ((self.train, rows), (self.test, rows - n)):
            if len(own) and own.min() >= 0 and own.max() < len(split):
                return split.images[own]
        return np.concatenate([self.train.images, self.test.images])[rows]

    def __post_init__(self) -> None:
        splits = {"train": self.train, "test": self.test} if self.has_split else {"train": self.train}
        for name, split in splits.items():
            if len(split) == 0:
                raise SourceError(f"The {name} split must have at least one image. Got none.")
            low, high = int(split.labels.min()), int(split.labels.max())
            if low < 0 or high >= len(self.class_names):
                raise SourceError(
                    f"Labels of the {name} split must be in 0..{len(self.class_names) - 1}. "
                    f"Got {low}..{high}."
                )


def no_classifier(dataset: Artefact) -> str:
    """Say why no classifier can be learnt from a data set; empty where one can."""
    return str(dataset.manifest.facts.get("no_classifier", ""))


def empty_classes(labels: NDArray[np.integer], class_names: Sequence[str]) -> list[str]:
    """Name the classes that no image has; labels int (n,), -1 without a class."""
    counts = np.bincount(labels[labels >= 0], minlength=len(class_names))
    return [name for name, n in zip(class_names, counts, strict=True) if not n]


def missing_for_a_classifier(labels: NDArray[np.integer], class_names: Sequence[str]) -> str:
    """Say what a data set lacks for a classifier to be learnt from it; empty where it lacks nothing.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Class of each image that can be learnt from; -1 without one.
    class_names : sequence of str
        Names of the classes.
    """
    counts = np.bincount(labels[labels >= 0], minlength=1)
    there = np.flatnonzero(counts)
    if not len(there):
        return "A classifier needs images of two classes. These have no classes."
    if len(there) == 1:
        known = f"{class_names[there[0]]} ({counted(int(counts[there[0]]), 'image')})"
        return f"A classifier needs images of two classes. These are of one: {known}."
    if np.count_nonzero(counts >= 2) < 2:
        got = list_briefly([f"{class_names[label]} ({counts[label]:,})" for label in there.tolist()])
        return f"A classifier needs two images or more in each of two classes. These are {got}."
    return ""
