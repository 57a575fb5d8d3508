"""The training rows, grouped by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cache.commands import Again
from pipeline.compute.rows import Rows, finite
from pipeline.errors import InvalidParameter

Subset = Sequence[NDArray[np.bool_]]
"""For each class, which of its rows take part."""


@dataclass(frozen=True)
class ByClass:
    """Group training rows by class.

    Attributes
    ----------
    features : Rows
        The training features, (n_train, d).
    present : tuple of int
        The labels that occur, ascending.
    members : tuple of ndarray of intp
        For each label in ``present``, its row numbers, ascending.
    """

    features: Rows
    present: tuple[int, ...]
    members: tuple[NDArray[np.intp], ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """Number of rows of each class in ``present``."""
        return tuple(len(rows) for rows in self.members)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Pairs of positions in ``present``, in the order (0, 1), (0, 2), ..."""
        return tuple(combinations(range(len(self.present)), 2))

    def everything(self) -> Subset:
        """Give the subset of all rows."""
        return [np.ones(count, np.bool_) for count in self.counts]

    def part(self, per_class: int | None) -> ByClass:
        """Give a random part of the rows; the same that the learning curve's first seed draws.

        Parameters
        ----------
        per_class : int or None
            Rows of each class; all it has where it has fewer, or with None.
        """
        return self if per_class is None else self.only(random_parts(self.counts, (per_class,), 1)[0])

    def only(self, chosen: Subset) -> ByClass:
        """Give some of the rows."""
        return replace(
            self, members=tuple(rows[part] for rows, part in zip(self.members, chosen, strict=True))
        )

    def of(self, places: Sequence[int]) -> ByClass:
        """Give the classes at some positions."""
        present = tuple(self.present[c] for c in places)
        return ByClass(self.features, present, tuple(self.members[c] for c in places))

    def rows(self) -> NDArray[np.int32]:
        """Give the numbers of all rows, int32 (n,), ascending."""
        return np.sort(np.concatenate(self.members)).astype(np.int32)

    def block(self, a: int) -> NDArray[np.float32]:
        """Read the rows of the class at position ``a``, float32 (n_a, d).

        Raises
        ------
        InvalidParameter
            If a value is not finite.
        """
        return finite(self.features.rows(self.members[a]), self.members[a], "training")


MORE_IMAGES = Again(
    {"--limit": None, "--per-class": None}, "a source with more training images, of two classes or more"
)
"""What helps where there are too few: what keeps some away goes, if anything does."""


def group_by_class(features: Rows, labels: NDArray[np.integer]) -> ByClass:
    """Group training rows by class.

    Raises
    ------
    InvalidParameter
        If there are fewer than two classes, or not one label a row.
    """
    check_labels(features, labels, "training")
    present = np.unique(labels)
    if len(present) < 2:
        raise InvalidParameter(
            f"The training split must have images of at least 2 classes. Got {len(present)}.",
            remedy=MORE_IMAGES,
        )
    members = tuple(np.flatnonzero(labels == label) for label in present)
    return ByClass(features, tuple(present.tolist()), members)


def random_parts(
    counts: Sequence[int], sizes: Sequence[int], seeds: int, held: Subset | None = None, *, first: int = 0
) -> list[Subset]:
    """Draw parts of each class's rows.

    Parameters
    ----------
    counts : sequence of int
        Rows of each class.
    sizes : sequence of int
        Rows to draw from each; all there are where there are fewer.
    seeds : int
        Draws of each size.
    held : Subset, optional
        Rows that may not be drawn.
    first : int
        The first seed.

    Returns
    -------
    list of Subset
        By size, then by seed.
    """
    rngs = [np.random.default_rng(seed) for seed in range(first, first + seeds)]
    places = [[rng.permutation(count) for count in counts] for rng in rngs]
    if held is not None:
        places = [[_ranks(rows, out) for rows, out in zip(drawn, held, strict=True)] for drawn in places]
    return [[place < size for place in drawn] for size in sizes for drawn in places]


def _ranks(places: NDArray[np.intp], held: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Close the gaps that rows leave which are held out: these come after all others, beyond any size."""
    ranks = np.full(len(places), np.iinfo(np.intp).max)
    ranks[~held] = np.argsort(np.argsort(places[~held]))
    return ranks


def check_labels(features: Rows, labels: NDArray[np.integer], split: str) -> None:
    """Check that there is one label a row.

    Raises
    ------
    InvalidParameter
        If there is not.
    """
    if labels.shape != (features.shape[0],):
        raise InvalidParameter(
            f"Features of the {split} split must have one row a label (labels: {labels.shape}). "
            f"Got {features.shape}."
        )
