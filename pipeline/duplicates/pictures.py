"""Whether two images look the same: small pictures of them, compared place by place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cache import Artefact
from cache.pictures import read_files
from pipeline.compute.pool import ahead, one_blas_thread, processors
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import blocks_of
from pipeline.duplicates.numbering import Numbering
from pipeline.stages.images import Stored, Thumbnails, has_pixels, thumbnails_of

SIDE = 16
"""Pixels of a small picture, across and down, whatever the image's shape."""
LEAST_CORRELATION = 0.95
"""Of two small pictures in colour: of 960 copies, JPEG of 32 x 32 pixels among them, none had less than 0.967."""
MOST_DIFFERENT = 9.0
"""Levels of grey, of 255, by which two small pictures may differ in one place: of 960 copies none had more than 8.2."""
EDGE = 0.3
"""Share of the grey levels round a place that a difference may have there: scaling moves an edge a little."""
MOST_BRIGHTER = 1.2
"""How many times brighter one may be."""
BRIGHT = 240
"""From this level of grey on a brighter copy may have been cut off at white."""
FLAT = 1.0
"""Levels of grey, as standard deviation, below which a small picture shows nothing."""
FEW_PLACES = slice(1, None, 4)
"""Rows and columns of places that are looked at first: a sixteenth of all tells most pairs apart."""
GREY = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601

Small = NDArray[np.uint8]
Indices = NDArray[np.intp]


def small_pictures(dataset: Artefact, numbering: Numbering, progress: Progress = silent) -> Small | None:
    """Give small pictures of all images, uint8 (n, 16, 16, 3); None where the images have no pictures.

    Raises
    ------
    ArtefactCorrupt
        If a thumbnail cannot be read.
    """
    if not has_pixels(dataset) and not any(file["sha256"] for file in read_files(dataset)):
        return None
    found, done = np.empty((numbering.n, SIDE, SIDE, 3), np.uint8), 0
    with one_blas_thread():
        for split in numbering.splits:
            for some in _in_order(thumbnails_of(dataset, split)):
                found[done : done + len(some)] = some
                done += len(some)
                progress(done, numbering.n, "images to look at")
    return found


def _in_order(images: Stored | Thumbnails) -> Iterator[Small]:
    if isinstance(images, Thumbnails):
        return ahead(lambda row: _shrunk(np.asarray(images.picture(row))[np.newaxis]), range(len(images)))
    return ahead(lambda rows: _shrunk(images[rows]), blocks_of(len(images)), processors())


class Looks:
    """Tell which images look the same.

    Parameters
    ----------
    small : ndarray of uint8, shape (n, 16, 16, 3)
        As `small_pictures` gives them.
    """

    REACH = float(np.sqrt(2 - 2 * LEAST_CORRELATION))
    """Of the distance between `rows` of what looks the same."""

    def __init__(self, small: Small) -> None:
        self._small = small
        self.shape = (len(small), SIDE * SIDE * 3 + 1)
        self._middle, self._length = np.empty((2, len(small), 1), np.float32)
        for rows in blocks_of(len(small)):
            block = small[rows].reshape(len(rows), -1).astype(np.float32)
            self._middle[rows, 0], spread = block.mean(axis=1), block.std(axis=1)
            self._length[rows, 0] = np.where(spread < FLAT, 0, spread * np.sqrt(block.shape[1]))

    def rows(self, indices: Indices) -> NDArray[np.float32]:
        """Give small pictures less their mean and of length 1, so that inner products are correlations.

        A flat one is at right angles to all that are not: float32 (len(indices), 769).
        """
        values = np.zeros((len(indices), self.shape[1]), np.float32)
        length = self._length[indices]
        np.divide(self._centred(indices), length, out=values[:, :-1], where=length > 0)
        values[:, -1:] = length == 0
        return values

    def _centred(self, indices: Indices) -> NDArray[np.float32]:
        shown = self._small[indices].reshape(len(indices), -1).astype(np.float32)
        shown -= self._middle[indices]
        return shown

    def _grey(self, indices: Indices) -> NDArray[np.float32]:
        return (self._small[indices].reshape(-1, 3).astype(np.float32) @ GREY).reshape(-1, SIDE, SIDE)

    def same(self, first: Indices, second: Indices) -> NDArray[np.bool_]:
        """Tell pair by pair whether two images look the same but for what encoding, scaling and brightening do.

        Their small pictures correlate in colour, and nowhere does one have in grey what the other lacks: a copy differs
        a little everywhere, a variant in one place.
        """
        lengths = (self._length[first] * self._length[second])[:, 0]
        flat = (self._length[first] == 0) & (self._length[second] == 0)
        inner = np.vecdot(self._centred(first), self._centred(second))
        found: NDArray[np.bool_] = flat[:, 0] | ((lengths > 0) & (inner >= LEAST_CORRELATION * lengths))
        a, b = (self._grey(rows[found]) for rows in (first, second))
        found[found] = _agree(a, b)
        return found


def _agree(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell which pairs of grey pictures (n, 16, 16) agree in every place, brightness and moved edges allowed for."""
    dark = (a < BRIGHT) & (b < BRIGHT)
    sums = [np.einsum("nyx,nyx->n", grey, dark) for grey in (a, b)]
    ratio = np.divide(sums[1], sums[0], out=np.ones_like(sums[0]), where=sums[0] > 0)
    gain = np.clip(ratio, 1 / MOST_BRIGHTER, MOST_BRIGHTER)[:, np.newaxis, np.newaxis]
    found = np.ones(len(a), np.bool_)
    for places in (FEW_PLACES, slice(None)):
        found[found] = _differences(a[found], b[found], gain[found], places) <= MOST_DIFFERENT
    return found


def _differences(
    a: NDArray[np.float32], b: NDArray[np.float32], gain: NDArray[np.float32], places: slice
) -> NDArray[np.float32]:
    """Give the largest difference of each pair in some places, of two that are one picture but for its brightness."""
    excused = EDGE * np.minimum(_ranges(a, places), _ranges(b, places))
    a, b = a[:, places, places], b[:, places, places]
    apart = np.where(gain >= 1, np.abs(np.minimum(gain * a, 255) - b), np.abs(np.minimum(b / gain, 255) - a))
    largest: NDArray[np.float32] = (apart - excused).max(axis=(1, 2))
    return largest


def _ranges(grey: NDArray[np.float32], places: slice) -> NDArray[np.float32]:
    """Give the range of grey levels of some places and the four beside each."""
    wide = np.pad(grey, ((0, 0), (1, 1), (1, 1)), mode="edge")
    ways = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    beside = np.stack([wide[:, y : y + SIDE, x : x + SIDE][:, places, places] for y, x in ways])
    ranges: NDArray[np.float32] = np.ptp(beside, axis=0)
    return ranges


def _shrunk(images: NDArray[np.uint8]) -> Small:
    """Give small pictures of images of one size, (m, h, w, 1 or 3), as uint8 (m, 16, 16, 3)."""
    m, height, width, channels = images.shape
    down, across = _weights(height), _weights(width)
    lines = (down @ images.reshape(m, height, -1).astype(np.float32)).reshape(m * SIDE, width, channels)
    small = np.rint(across @ lines).reshape(m, SIDE, SIDE, channels)
    return np.broadcast_to(small, (m, SIDE, SIDE, 3)).astype(np.uint8)


@lru_cache(maxsize=512)
def _weights(length: int) -> NDArray[np.float32]:
    """Give what makes 16 of so many pixels, float32 (16, length): a window that, other than a box, moves smoothly."""
    each = Image.fromarray(np.eye(length, dtype=np.float32))
    return np.asarray(each.resize((length, SIDE), Image.Resampling.HAMMING, box=(0, 0, length, length)))
