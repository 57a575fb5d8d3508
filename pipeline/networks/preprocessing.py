"""What is done to an image before a network sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from pipeline.compute.pool import ahead

Images = Sequence[NDArray[np.uint8]] | NDArray[np.uint8]
"""Images uint8 (h, w, c), each of its own size; or of one size, as an array (n, h, w, c)."""

Fit = Literal["squash", "crop", "pad"]
Interpolation = Literal["bicubic", "bilinear", "lanczos", "nearest"]
Channels = Literal["rgb", "bgr", "grey"]
Layout = Literal["nchw", "nhwc"]

FITS: tuple[Fit, ...] = ("squash", "crop", "pad")
INTERPOLATIONS: tuple[Interpolation, ...] = ("bicubic", "bilinear", "lanczos", "nearest")
CHANNELS: tuple[Channels, ...] = ("rgb", "bgr", "grey")
LAYOUTS: tuple[Layout, ...] = ("nchw", "nhwc")
LATER = ("channels", "kept")  # attributes that are part of an identity only where they change something
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, what "grey" means to Pillow and OpenCV


@dataclass(frozen=True)
class Preprocessing:
    """Bring an image to a network's size and range.

    Attributes
    ----------
    side : int or tuple of int
        Height and width that the network takes, in pixels: of a square, or both.
    fit : str
        ``"squash"`` to that shape; ``"crop"`` the largest part of that shape in the middle; ``"pad"`` with ``mean``.
    interpolation : str
        How pixels are resampled; where an image is reduced, all that fall on a pixel count, but for ``"nearest"``.
    mean, scale : float or tuple of float
        A value v of 0 to 255 becomes (v - mean) / scale; several are of the channels in their order.
    channels : str
        ``"rgb"``, ``"bgr"``, or ``"grey"`` for a network of one channel.
    kept : float
        Share of the sides of that largest part that a crop keeps.
    """

    side: int | tuple[int, int]
    fit: Fit
    interpolation: Interpolation
    mean: float | tuple[float, ...]
    scale: float | tuple[float, ...]
    channels: Channels = "rgb"
    kept: float = 1.0

    def identity(self) -> dict[str, Any]:
        """Give what changes the features, as JSON."""
        usual = {item.name: item.default for item in fields(self) if item.name in LATER}
        given = {name: value for name, value in asdict(self).items() if usual.get(name) != value}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}

    @property
    def rest(self) -> Preprocessing:
        """What is left to be done to images that `resize` gave, which have the network's size."""
        return replace(self, fit="squash", kept=1.0)

    def apply(self, images: Images, layout: Layout = "nchw") -> NDArray[np.float32]:
        """Prepare a batch.

        Parameters
        ----------
        images : sequence of ndarray of uint8, shape (h, w, c)
            Grey (c = 1), fed as three equal channels, or red, green, blue (c = 3).
        layout : str, optional
            ``"nhwc"`` for the channels last.

        Returns
        -------
        ndarray of float32, shape (n, 3, height, width) or (n, height, width, 3); one channel where it is grey
        """
        pixels: NDArray[Any] = self.squares(images)
        if self.channels == "grey":
            pixels = (pixels @ LUMA)[..., np.newaxis]
        elif self.channels == "bgr":
            pixels = pixels[..., ::-1]
        ranged = (pixels - np.asarray(self.mean, np.float32)) / np.asarray(self.scale, np.float32)
        return np.ascontiguousarray(ranged.transpose(0, 3, 1, 2) if layout == "nchw" else ranged, np.float32)

    def squares(self, images: Images) -> NDArray[np.uint8]:
        """Give images, each of its own size, as one array uint8 (n, height, width, 3)."""
        return np.stack([self.resize(image) for image in images])

    def resize(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Give an image uint8 (h, w, c) as the network's: uint8 (height, width, 3)."""
        picture = Image.fromarray(np.ascontiguousarray(np.broadcast_to(image, (*image.shape[:2], 3))))
        height, width = (self.side, self.side) if isinstance(self.side, int) else self.side
        size, method = (width, height), Image.Resampling[self.interpolation.upper()]
        if self.fit == "squash":
            return np.asarray(picture.resize(size, method))
        if self.fit == "crop":
            return np.asarray(ImageOps.fit(picture, size, method, bleed=(1 - self.kept) / 2))
        return np.asarray(ImageOps.pad(picture, size, method, color=self._background()))

    def _background(self) -> tuple[int, int, int]:
        """Give the colour, red, green, blue, that becomes 0."""
        values = [round(value) for value in np.broadcast_to(np.asarray(self.mean), 3).tolist()]
        red, green, blue = values[::-1] if self.channels == "bgr" else values
        return red, green, blue


def as_array(images: Images, preprocessing: Preprocessing) -> NDArray[np.uint8]:
    """Give images as one array uint8 (n, h, w, c): as they are where they are one, else brought to one size.

    Files are decoded by as many threads as there are processors, and only a few wait at full size.
    """
    if isinstance(images, np.ndarray):
        return images
    return np.stack(list(ahead(lambda row: preprocessing.resize(images[row]), range(len(images)))))
