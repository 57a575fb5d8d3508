"""Which images of a run are the same picture, or nearly, kept in the store."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from pipeline.compute.forest import Forest, Groups, numbered
from pipeline.compute.places import Matrix, over_blocks
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, Stacked, as_rows
from pipeline.duplicates.numbering import Numbering
from pipeline.duplicates.pictures import Looks, Small, small_pictures
from pipeline.duplicates.search import join_close
from pipeline.duplicates.threshold import Thresholds, thresholds
from pipeline.stages.contract import Inputs, Stage

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Found:
    """Hold which images are the same.

    Attributes
    ----------
    same, near : ndarray of intp, shape (n,)
        Groups: numbers from 0 in the order of their first members. Images of one group of ``same`` are of one group of
        ``near``.
    thresholds : Thresholds
        What was taken for close.
    """

    same: Groups
    near: Groups
    thresholds: Thresholds


@dataclass(frozen=True)
class DuplicatesStage(Stage):
    """Find images that are the same picture, encoded, scaled or brightened anew, and images that are nearly the same.

    Two images are the same where their small pictures agree in every place (`pipeline.duplicates.pictures.Looks`) and
    their features are closer than a quarter of all pairs; without pictures, where their features are equal but for
    rounding. They are nearly the same where their features lie closer than a third of the distance at which half of all
    images have five others. Both thresholds come from the data; every pair is looked at.
    """

    STAGE: ClassVar[str] = "duplicates"
    NAME: ClassVar[str] = "pictures-and-distance"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")

    def find(self, features: Rows, small: Small | None, progress: Progress = silent) -> Found:
        """Find them.

        Parameters
        ----------
        features : Rows of float32, shape (n, d)
            Of all images.
        small : ndarray of uint8, shape (n, 16, 16, 3), or None
            As `pipeline.duplicates.pictures.small_pictures` gives them.
        progress : Progress, optional
            Counts images, then blocks of pairs.

        Raises
        ------
        InvalidParameter
            If a feature is not finite.
        Cancelled
            If ``progress`` raises it.
        """
        equal = _equal(features, small, progress)
        first = np.unique(equal, return_index=True)[1]
        different, seen = _Some(features, first), None if small is None else small[first]
        limits = thresholds(different, progress)
        same = _same(different, seen, limits, progress)
        near = _close(different, limits.near, "features to compare", progress)
        forest = Forest(len(first))
        for groups in (same, near):
            forest.join(enumerate(groups.tolist()))
        return Found(numbered(same[equal]), numbered(forest.roots()[equal]), limits)

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Search a run's images, and write the groups; raises as `find`, and `ArtefactCorrupt` for a bad picture."""
        dataset = inputs["dataset"]
        numbering = Numbering.of(dataset)
        features = Stacked(*(as_rows(inputs["features"].rows(split)) for split in numbering.splits))
        small = small_pictures(dataset, numbering, progress)
        found = self.find(features, small, progress)
        for name, groups in (("same", found.same), ("near", found.near)):
            draft.save(name, groups.astype(np.int32))
            draft.save(f"{name}_distance", _from_first(features, groups))
        draft.facts.update(
            threshold=found.thresholds.same,
            near_threshold=found.thresholds.near,
            pictures=small is not None,
        )


class _Some:
    """Give some rows of others."""

    def __init__(self, rows: Rows, some: Indices) -> None:
        self._rows, self._some = rows, some
        self.shape = (len(some), rows.shape[1])

    def rows(self, indices: Indices) -> Matrix:
        return self._rows.rows(self._some[indices])


def _equal(features: Rows, small: Small | None, progress: Progress) -> Groups:
    """Give one number to images whose features and small pictures are the same to the bit."""
    digests = np.zeros(features.shape[0], "S32")

    def digest(numbers: Indices, block: Matrix) -> None:
        plain = block + np.float32(0)  # -0 is 0
        for number, row in zip(numbers.tolist(), plain, strict=True):
            seen = b"" if small is None else small[number].tobytes()
            digests[number] = blake2b(row.tobytes() + seen, digest_size=16).hexdigest().encode()

    over_blocks(features, digest, "images to read", progress)
    return numbered(np.unique(digests, return_inverse=True)[1])


def _same(rows: Rows, small: Small | None, limits: Thresholds, progress: Progress) -> Groups:
    if small is None:
        return _close(rows, limits.equal, "features to compare", progress)
    looks = Looks(small)

    def test(first: Indices, second: Indices) -> NDArray[np.bool_]:
        found = looks.same(first, second)
        found[found] = _distances(rows, first[found], second[found]) <= limits.same
        return found

    return join_close(looks, looks.REACH, test, "pictures to compare", progress)


def _close(rows: Rows, reach: float, what: str, progress: Progress) -> Groups:
    """Join rows that lie within reach of each other."""

    def test(first: Indices, second: Indices) -> NDArray[np.bool_]:
        return _distances(rows, first, second) <= reach

    return join_close(rows, reach, test, what, progress)


def _distances(rows: Rows, first: Indices, second: Indices) -> NDArray[np.float64]:
    """Measure the distance of each pair of rows, exactly."""
    there, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    read = rows.rows(there)
    one, other = np.split(places.ravel(), 2)
    found = np.empty(len(first))
    for start in range(0, len(first), 128):
        some = slice(start, start + 128)
        apart = read[one[some]].astype(np.float64) - read[other[some]]
        found[some] = np.sqrt(np.vecdot(apart, apart))
    return found


def _from_first(rows: Rows, groups: Groups) -> NDArray[np.float32]:
    """Give each image's distance from the first of its group; 0 of those that are alone."""
    first = np.unique(groups, return_index=True)[1][groups]
    found, others = np.zeros(len(groups), np.float32), np.flatnonzero(first != np.arange(len(groups)))
    for start in range(0, len(others), 1024):
        some = others[start : start + 1024]
        found[some] = _distances(rows, first[some], some)
    return found
