"""Raw pixels as features: the floor every other extractor is compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.progress import Progress, silent
from pipeline.stages.kinds import Extractor


@dataclass(frozen=True)
class Pixels(Extractor):
    """Flatten each image."""

    NAME: ClassVar[str] = "pixels"
    SUMMARY: ClassVar[str] = "raw pixels, flattened, 0 to 1"
    chunk_size: ClassVar[int] = 4096

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        return {"model": "Raw pixels", "stand_in": False}

    def load(self, progress: Progress = silent) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        """Give the function that extracts; there is nothing to load.

        Parameters
        ----------
        progress : Progress, optional
            Not used.

        Returns
        -------
        callable
            Takes images uint8 (n, h, w, c), returns features float32 (n, h * w * c), 0 to 1.
        """
        return _flatten


def _flatten(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give images uint8 (n, h, w, c) as float32 (n, h * w * c), 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


PLUGIN = Pixels
