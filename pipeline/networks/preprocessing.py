"""What is done to an image before a network sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Images = Sequence[NDArray[np.uint8]] | NDArray[np.uint8]
"""Images uint8 (h, w, c), each of its own size; or of one size, as an array (n, h, w, c)."""

Fit = Literal["squash", "crop", "pad"]
Interpolation = Literal["bicubic", "bilinear", "lanczos"]


@dataclass(frozen=True)
class Preprocessing:
    """Bring an image to a network's size and range.

    Attributes
    ----------
    side : int
        Height and width that the network takes, in pixels.
    fit : str
        ``"squash"`` to a square; ``"crop"`` the largest square in the middle; ``"pad"`` to a square, with ``mean``.
    interpolation : str
        How pixels are resampled; where an image is reduced, all that fall on a pixel count.
    mean, scale : float
        A value v of 0 to 255 becomes (v - mean) / scale.
    """

    side: int
    fit: Fit
    interpolation: Interpolation
    mean: float
    scale: float

    def identity(self) -> dict[str, Any]:
        """Give what changes the features, as JSON."""
        return asdict(self)

    def apply(self, images: Images) -> NDArray[np.float32]:
        """Prepare a batch.

        Parameters
        ----------
        images : sequence of ndarray of uint8, shape (h, w, c)
            Grey (c = 1), fed as three equal channels, or red, green, blue (c = 3).

        Returns
        -------
        ndarray of float32, shape (n, 3, side, side)
        """
        ranged = (self.squares(images) - np.float32(self.mean)) / np.float32(self.scale)
        return np.ascontiguousarray(ranged.transpose(0, 3, 1, 2), np.float32)

    def squares(self, images: Images) -> NDArray[np.uint8]:
        """Give images, each of its own size, as one array uint8 (n, side, side, 3)."""
        return np.stack([self.resize(image) for image in images])

    def resize(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Give an image uint8 (h, w, c) as the network's: uint8 (side, side, 3)."""
        picture = Image.fromarray(np.ascontiguousarray(np.broadcast_to(image, (*image.shape[:2], 3))))
        size, method = (self.side, self.side), Image.Resampling[self.interpolation.upper()]
        if self.fit == "squash":
            return np.asarray(picture.resize(size, method))
        if self.fit == "crop":
            return np.asarray(ImageOps.fit(picture, size, method))
        return np.asarray(ImageOps.pad(picture, size, method, color=(round(self.mean),) * 3))


def as_array(images: Images, preprocessing: Preprocessing) -> NDArray[np.uint8]:
    """Give images as one array uint8 (n, h, w, c): as they are where they are one, else brought to one size."""
    return images if isinstance(images, np.ndarray) else preprocessing.squares(images)
