"""Raw pixels as features: the floor every other extractor is compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.progress import Progress, silent
from pipeline.networks.preprocessing import Images, Preprocessing, as_array
from pipeline.stages.kinds import Extractor

FILES = Preprocessing(side=32, fit="pad", interpolation="bicubic", mean=255, scale=1)
"""What is done to files, each of its own size."""


@dataclass(frozen=True)
class Pixels(Extractor):
    """Flatten each image; files are brought to 32 x 32 pixels first."""

    NAME: ClassVar[str] = "pixels"
    SUMMARY: ClassVar[str] = "raw pixels, flattened, 0 to 1"
    chunk_size: ClassVar[int] = 4096

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        return {"model": "Raw pixels", "stand_in": False}

    def load(self, progress: Progress = silent) -> Callable[[Images], NDArray[np.float32]]:
        """Give the function that extracts; there is nothing to load.

        Parameters
        ----------
        progress : Progress, optional
            Not used.

        Returns
        -------
        callable
            Takes images uint8 (h, w, c), returns features float32 (n, h * w * c), 0 to 1.
        """
        return _flatten


def _flatten(images: Images) -> NDArray[np.float32]:
    """Give images uint8 (h, w, c) as float32 (n, h * w * c), 0 to 1."""
    pixels = as_array(images, FILES)
    return pixels.reshape(len(pixels), -1).astype(np.float32) / np.float32(255)


PLUGIN = Pixels
