"""Slices as they are told: what is in them, how bad they are, and a name made of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from pipeline.slices.candidates import ANY_CLASS

FACES = 6
MOST = 0.5
"""Share of a slice's errors, or images, from which on a name tells of one kind alone."""


@dataclass(frozen=True)
class TakenFor:
    """Say how many images of one class are taken for another: two labels and a number."""

    label: int
    predicted: int
    count: int


@dataclass(frozen=True)
class NamedSlice:
    """Hold a slice of the judged images.

    Attributes
    ----------
    members : ndarray of int32, shape (m,)
        Rows of the test split: the wrong ones, the most typical first, and then the right ones.
    label : int or None
        Of its only class, with whose other images it is compared; None: it is compared with all others.
    errors : int
        How many members are wrong.
    rest_errors, rest : int
        How many of the others are wrong, and how many there are.
    low, high : float
        Interval of the error rate, 0 to 1, wide enough for all slices that were looked at.
    taken : tuple of TakenFor
        What its errors are, the most frequent first; up to three.
    classes : tuple of (int, int)
        Label and number of members of its largest classes; up to three.
    """

    members: NDArray[np.int32]
    label: int | None
    errors: int
    rest_errors: int
    rest: int
    low: float
    high: float
    taken: tuple[TakenFor, ...]
    classes: tuple[tuple[int, int], ...]

    @property
    def rate(self) -> float:
        """Share of its images that is wrong, 0 to 1."""
        return self.errors / len(self.members)

    @property
    def rest_rate(self) -> float:
        """Share of the images that it is compared with that is wrong, 0 to 1."""
        return self.rest_errors / self.rest

    @property
    def faces(self) -> NDArray[np.int32]:
        """Rows of the most typical errors, up to six."""
        return self.members[: min(self.errors, FACES)]

    def name(self, class_names: Sequence[str]) -> str:
        """Name it by its classes alone: what its images are said to be, and what they are taken for.

        Parameters
        ----------
        class_names : sequence of str
            Of the data set, as people read them.
        """
        mistake = self.main_mistake
        if mistake is not None:
            return f"{class_names[mistake.label]} taken for {class_names[mistake.predicted]}"
        listed = ", ".join(class_names[label] for label in self.main_classes) or "any class"
        return f"mostly {listed}" if len(self.main_classes) == 1 else listed

    @property
    def main_mistake(self) -> TakenFor | None:
        """What at least half of its errors are, if they are one."""
        return next((first for first in self.taken[:1] if first.count >= MOST * self.errors), None)

    @property
    def main_classes(self) -> tuple[int, ...]:
        """The labels that it is named by: of the class that half of it is, else of its largest classes."""
        largest = [label for label, count in self.classes[:1] if count >= MOST * len(self.members)]
        return tuple(largest or (label for label, _ in self.classes))


@dataclass(frozen=True)
class Slices:
    """Read what a `SlicesStage` found.

    Attributes
    ----------
    found : tuple of NamedSlice
        Those that hold, the least likely first; often none.
    looked_at : int
        How many parts of feature space were looked at.
    images, errors : int
        Judged images, and how many of them are wrong.
    """

    found: tuple[NamedSlice, ...]
    looked_at: int
    images: int
    errors: int

    @cached_property
    def n_covered(self) -> int:
        """How many errors are in any of them."""
        return len({int(row) for one in self.found for row in one.members[: one.errors]})

    @classmethod
    def of(cls, made: Artefact) -> Slices:
        """Read them from the store.

        Raises
        ------
        ArtefactCorrupt
            If a file cannot be read.
        """
        facts = made.manifest.facts
        members, ends, label, counts, interval, taken, classes = (
            made.array(name)
            for name in ("members", "ends", "label", "counts", "interval", "taken", "classes")
        )
        starts = np.append(0, ends)
        found = tuple(
            NamedSlice(
                members[starts[i] : ends[i]],
                None if label[i] == ANY_CLASS else int(label[i]),
                int(counts[i, 0]),
                int(counts[i, 1]),
                int(counts[i, 2]),
                float(interval[i, 0]),
                float(interval[i, 1]),
                tuple(TakenFor(*row) for row in taken[i].tolist() if row[2] > 0),
                tuple((a, b) for a, b in classes[i].tolist() if b > 0),
            )
            for i in range(len(ends))
        )
        return cls(found, facts["looked_at"], facts["images"], facts["errors"])
