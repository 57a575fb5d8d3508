"""Histograms of oriented gradients: the strongest simple features before deep networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache.commands import Again
from pipeline.compute.progress import Progress, silent
from pipeline.errors import ExtractorError
from pipeline.networks.preprocessing import Images, Preprocessing, as_array
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count
from pipeline.stages.kinds import Extractor

LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, what "grey" means to Pillow and OpenCV
CELLS_A_SIDE = 4
FILES = Preprocessing(side=64, fit="pad", interpolation="bicubic", mean=255, scale=1)
"""What is done to files, each of its own size."""


@dataclass(frozen=True)
class Hog(Extractor):
    """Describe each image by how its edges are oriented, cell by cell.

    Dalal and Triggs' descriptor on grey images: 9 orientations, 2x2 cells to a block, blocks normalised
    with L2-Hys. Their cells of 8 pixels are a quarter of a 32-pixel image, and so are the cells here by
    default, whatever the image's size. Files, each of its own size, are brought to 64 x 64 pixels first.

    Parameters
    ----------
    orientations : int
        Directions told apart, over 180 degrees.
    pixels_per_cell : int
        Side of a cell in pixels; 0 for a quarter of the image's shorter side.
    cells_per_block : int
        Side, in cells, of the blocks that are normalised together.

    References
    ----------
    N. Dalal and B. Triggs (2005), Histograms of Oriented Gradients for Human Detection, CVPR,
    https://doi.org/10.1109/CVPR.2005.177
    """

    NAME: ClassVar[str] = "hog"
    SUMMARY: ClassVar[str] = "histograms of oriented gradients (scikit-image)"
    REQUIRES: ClassVar[tuple[str, ...]] = ("skimage",)
    chunk_size: ClassVar[int] = 1024

    orientations: int = option(9, "directions told apart, over 180 degrees")
    pixels_per_cell: int = option(0, "side of a cell in pixels; 0: a quarter of the image")
    cells_per_block: int = option(2, "side of a block in cells")

    def __post_init__(self) -> None:
        check_count("orientations", "hog", self.orientations, 1, 180)
        check_count("pixels_per_cell", "hog", self.pixels_per_cell, 0)
        check_count("cells_per_block", "hog", self.cells_per_block, 1)

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        return {"model": "Histograms of oriented gradients", "stand_in": False, **self.identity()}

    def load(self, progress: Progress = silent) -> Callable[[Images], NDArray[np.float32]]:
        """Give the function that extracts.

        Parameters
        ----------
        progress : Progress, optional
            Not used: there is nothing to load.

        Returns
        -------
        callable
            Takes images uint8 (h, w, c), returns features float32 (n, d), d the number of blocks
            times cells_per_block squared times orientations. Raises `ExtractorError` if the images are
            too small to hold one block.
        """
        return self._extract

    def _extract(self, images: Images) -> NDArray[np.float32]:
        """Give the features float32 (n, d) of images uint8 (h, w, c)."""
        from skimage.feature import hog

        pixels = as_array(images, FILES)
        cell = self._cell(min(pixels.shape[1:3]))
        descriptors = [
            hog(
                image,
                orientations=self.orientations,
                pixels_per_cell=(cell, cell),
                cells_per_block=(self.cells_per_block, self.cells_per_block),
                block_norm="L2-Hys",
            )
            for image in _grey(pixels)
        ]
        return np.asarray(descriptors, dtype=np.float32)

    def _cell(self, side: int) -> int:
        """Give a cell's side in pixels for images whose shorter side is ``side``."""
        cell = self.pixels_per_cell or max(1, side // CELLS_A_SIDE)
        if cell * self.cells_per_block > side:
            raise ExtractorError(
                f"Images must be at least {cell * self.cells_per_block} pixels a side, to hold a block of "
                f"{self.cells_per_block} cells of {cell} pixels. Got {side}.",
                remedy=Again({"--pixels-per-cell": 0, "--cells-per-block": 1}),
            )
        return cell


def _grey(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give images uint8 (n, h, w, c) as grey float64 (n, h, w), 0 to 1."""
    if images.shape[3] == 1:
        return images[..., 0] / 255.0
    return np.asarray(images @ (LUMA / 255.0))


PLUGIN = Hog
