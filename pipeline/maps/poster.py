"""The poster: the whole map as one large picture made of its images."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.compute.progress import Progress, silent
from pipeline.maps.grid_layout import grid_cells
from pipeline.plugins.parameters import check_choice, check_count
from pipeline.stages.images import Stored, Thumbnails, as_picture

LAYOUTS = ("scatter", "grid")
BACKGROUNDS = {"white": (255, 255, 255), "black": (0, 0, 0)}
SMALLEST, LARGEST = 200, 12_000
"""Pixels a side; the largest takes 576 MB while it is drawn."""
SMALLEST_IMAGE = 4
LARGEST_SHARE = 0.25
"""Of the poster's side, that a single image may take: a poster of three images is still a map."""
IMAGES_AT_ONCE = 256


@dataclass(frozen=True)
class Poster:
    """Draw images at their places on a map.

    Parameters
    ----------
    layout : str
        ``"scatter"``: at their very places, where later ones lie over earlier ones; ``"grid"``: each in the nearest
        free cell of a grid, so that none hides another.
    size : int
        Side in pixels.
    background : str
        ``"white"`` or ``"black"``.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.

    References
    ----------
    Karpathy (2014), "t-SNE visualization of CNN codes".
    """

    layout: str = "scatter"
    size: int = 3000
    background: str = "white"

    def __post_init__(self) -> None:
        check_choice("layout", "poster", self.layout, LAYOUTS)
        check_count("size", "poster", self.size, SMALLEST, LARGEST)
        check_choice("background", "poster", self.background, BACKGROUNDS)

    def draw(
        self,
        images: Stored | Thumbnails,
        positions: NDArray[np.floating],
        progress: Progress = silent,
    ) -> Image.Image:
        """Draw the poster.

        Parameters
        ----------
        images : ndarray of uint8, shape (n, h, w, 1, 3 or 4)
            Or what gives some of them; a few are read at a time.
        positions : ndarray of float, shape (n, 2)
            The map; y upwards. Both axes are scaled alike.
        progress : Progress, optional
            Counts images.

        Returns
        -------
        PIL.Image.Image
            RGB, ``size`` x ``size`` pixels.

        Raises
        ------
        ValueError
            If there is no image, or not one position for each.
        Cancelled
            If ``progress`` raises it.
        """
        n = len(images)
        if n == 0 or positions.shape != (n, 2):
            raise ValueError(
                f"positions must have shape ({n}, 2), for at least one image. Got {positions.shape}."
            )
        centres, side = self._layout(np.asarray(positions, np.float64), max(images.shape[1:3]))
        canvas = Image.new("RGB", (self.size, self.size), BACKGROUNDS[self.background])
        corners = zip(*np.rint(centres - side / 2).astype(int).T.tolist(), strict=True)
        for start in range(0, n, IMAGES_AT_ONCE):
            part = np.array(images[start : start + IMAGES_AT_ONCE])
            for image, (left, top) in zip(part, islice(corners, len(part)), strict=True):
                picture = _resized(image, side)
                corner = left + (side - picture.width) // 2, top + (side - picture.height) // 2
                canvas.paste(picture, corner, picture if picture.has_transparency_data else None)
            progress(start + len(part), n, "images")
        return canvas

    def _layout(self, positions: NDArray[np.float64], native: int) -> tuple[NDArray[np.float64], int]:
        """Give each image's middle in pixels, float (n, 2), y downwards, and the side of an image."""
        if self.layout == "grid":
            columns, rows, cells = grid_cells(positions)
            cell = self.size // (max(columns, rows) + 1)  # half a cell stays free at each edge
            downwards = np.stack([cells[:, 0], rows - 1 - cells[:, 1]], axis=1)
            middle = (downwards + 0.5 - np.array([columns, rows]) / 2) * cell
            return self.size / 2 + middle, fitting_side(native, cell, whole=False)
        room = min(self.size / sqrt(len(positions)), self.size * LARGEST_SHARE)
        side = fitting_side(native, room, whole=True)
        low, high = positions.min(axis=0), positions.max(axis=0)
        extent = float((high - low).max()) or 1.0
        middle = (positions - (low + high) / 2) / extent * (1, -1)
        return self.size / 2 + middle * (self.size - 1.5 * side), side


def fitting_side(native: int, room: float, *, whole: bool) -> int:
    """Give the side of an image in pixels: a whole multiple of its own where there is room, so that it stays crisp.

    Parameters
    ----------
    native : int
        The longer side of an image, in pixels.
    room : float
        Pixels an image may take.
    whole : bool
        Whether a little more than the room is fine, if the image then need not be reduced.
    """
    times = round(room / native) if whole else int(room // native)
    return times * native if times >= 1 else max(int(room), SMALLEST_IMAGE)


def _resized(image: NDArray[np.uint8], side: int) -> Image.Image:
    """Give one image (h, w, 1, 3 or 4) with its longer side at ``side``."""
    height, width = image.shape[:2]
    picture = as_picture(image)
    factor = side / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    if size == (width, height):
        return picture
    return picture.resize(size, Image.Resampling.NEAREST if factor > 1 else Image.Resampling.LANCZOS)
