"""What changes from one classifier to another, image by image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dashboard.statistics.intervals import Interval, mcnemar, paired_difference
from dashboard.statistics.scores import Labels, confusion_matrix

RIGHT, FIXED, BROKE, DIFFERENT, SAME, WRONG = "right", "fixed", "broke", "different", "same", "wrong"
"""Right in both; wrong, then right; right, then wrong; wrong in two ways; wrong in one way; wrong in both."""

_CODES = (RIGHT, FIXED, BROKE, DIFFERENT, SAME)

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Flips:
    """Compare two classifiers' answers to the same test images.

    Attributes
    ----------
    true, before, after : ndarray of int, shape (n,)
        The images' labels, and the two answers; n at least 1.

    Raises
    ------
    ValueError
        If the shapes differ, or there is no image.
    """

    true: Labels
    before: Labels
    after: Labels

    def __post_init__(self) -> None:
        shapes = {labels.shape for labels in (self.true, self.before, self.after)}
        if len(shapes) != 1 or self.true.ndim != 1 or not len(self.true):
            raise ValueError(f"true, before and after must be of one shape (n,), n at least 1. Got {shapes}.")

    @cached_property
    def changed(self) -> NDArray[np.bool_]:
        """Whether each image's answer is another one, bool (n,)."""
        return np.not_equal(self.before, self.after)

    @cached_property
    def _code(self) -> NDArray[np.int8]:
        was, now = self.before == self.true, self.after == self.true
        code = np.select([was & now, now, was, self.changed], range(4), default=4)
        return code.astype(np.int8)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of images in each group."""
        counted = np.bincount(self._code, minlength=len(_CODES)).tolist()
        counts = dict(zip(_CODES, counted, strict=True))
        return counts | {WRONG: counts[DIFFERENT] + counts[SAME]}

    @property
    def gain(self) -> Interval:
        """By how much the accuracy is higher after than before, with its interval."""
        return paired_difference(self.counts[FIXED], self.counts[BROKE], len(self.true))

    @property
    def p(self) -> float:
        """How likely so uneven a pair of fixed and broken images is by chance."""
        return mcnemar(self.counts[FIXED], self.counts[BROKE])

    def rows(self, group: str | None = None, either: Sequence[int] = ()) -> NDArray[np.intp]:
        """List the images of a group.

        Parameters
        ----------
        group : str, optional
            One of the groups above; without it, all whose answer changed.
        either : sequence of int, optional
            Only images that are taken for one of these classes, before or after.

        Returns
        -------
        ndarray of intp
            Rows of the test split, ascending.
        """
        chosen = self._members(group)
        if either:
            chosen = chosen & (np.isin(self.before, either) | np.isin(self.after, either))
        return np.flatnonzero(chosen)

    def _members(self, group: str | None) -> NDArray[np.bool_]:
        if group is None:
            return self.changed
        codes = (DIFFERENT, SAME) if group == WRONG else (group,)
        return np.isin(self._code, [_CODES.index(code) for code in codes])

    def moves(self, k: int) -> tuple[Counts, Counts]:
        """Count the images that came into, and went out of, each cell of the confusion matrix.

        Parameters
        ----------
        k : int
            Number of classes.

        Returns
        -------
        came, went : ndarray of int64, shape (k, k)
            Rows are true classes, columns answers. The matrix after less the one before is ``came - went``.
        """
        true, before, after = (labels[self.changed] for labels in (self.true, self.before, self.after))
        return confusion_matrix(true, after, k), confusion_matrix(true, before, k)
