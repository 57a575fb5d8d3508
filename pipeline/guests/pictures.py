"""A guest's picture as a run's data set would have it: decoded by the same code, and of the same size."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cache import Artefact
from pipeline.inputs.folders.drawing import thumbnail
from pipeline.inputs.pictures import decode
from pipeline.networks.preprocessing import Images
from pipeline.stages.images import has_pixels

MOST_GUEST_BYTES = 20_000_000
"""Of a file that somebody sends."""
LOSSLESS = 64
"""Longest side of pictures that are shown with every pixel."""


@dataclass(frozen=True)
class Form:
    """Say what the images of a data set are like.

    Attributes
    ----------
    shape : (int, int, int) or None
        Height, width and channels that all have; None: files, each of its own size, in colour.
    """

    shape: tuple[int, int, int] | None

    @classmethod
    def of(cls, dataset: Artefact) -> Form:
        """Read it from a data set."""
        if not has_pixels(dataset):
            return cls(None)
        height, width, channels = dataset.rows("test_images").shape[1:]
        return cls((int(height), int(width), int(channels)))

    def image(self, content: bytes) -> NDArray[np.uint8]:
        """Give the pixels of a file, uint8 (h, w, c).

        A picture of another size than the data set's is brought to it whole, as networks take it: a part that is cut
        off may be what it shows. One of that size keeps every pixel.

        Raises
        ------
        UnusablePicture
            If it is no complete picture, or too large.
        """
        pixels = decode(content)
        if self.shape is None:
            return pixels
        height, width, channels = self.shape
        picture = Image.fromarray(pixels)
        if picture.size != (width, height):
            picture = picture.resize((width, height), Image.Resampling.BICUBIC)
        if channels == 1:
            return np.asarray(picture.convert("L"))[..., np.newaxis]
        return np.asarray(picture)

    def stacked(self, images: Sequence[NDArray[np.uint8]]) -> Images:
        """Give several as an extractor takes those of the data set: an array, or one by one."""
        return images if self.shape is None else np.stack(images)


def shown(image: NDArray[np.uint8]) -> bytes:
    """Give what an image uint8 (h, w, c) looks like, as a WebP file of at most 160 pixels a side."""
    pixels = np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image
    if max(image.shape[:2]) > LOSSLESS:
        return thumbnail(pixels)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True, exact=True)
    return file.getvalue()
