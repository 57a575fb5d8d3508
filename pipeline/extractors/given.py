"""Vectors that somebody brought: features that need no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from cache.arrays import StoredArray
from cache.commands import Again
from pipeline.compute.progress import Progress, silent
from pipeline.errors import ExtractorError
from pipeline.stages.kinds import Extractor

VECTORS = "embeddings"
"""The array of a data set that has them: float32 (pictures, d)."""


@dataclass(frozen=True)
class Given(Extractor):
    """Give the vectors that came with a table, as they are."""

    NAME: ClassVar[str] = "given"
    SUMMARY: ClassVar[str] = "the vectors that a table brings, as they are"
    chunk_size: ClassVar[int] = 1024
    SEES: ClassVar[bool] = False

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        return {"model": "Given vectors", "stand_in": False}

    def look_at(self, dataset: Artefact, split: str) -> Any:
        """Give the vectors of a split in place of its images.

        Raises
        ------
        ExtractorError
            If the data set has none.
        """
        if f"{VECTORS}.npy" not in dataset.manifest.files:
            raise ExtractorError(
                f"{dataset.manifest.facts.get('title', 'The data set')} must bring vectors. Got images alone.",
                remedy=Again({"--extractor": "efficientnet-lite0"}),
            )
        return _Rows(dataset.rows(VECTORS), dataset.array(f"{split}_rows"))

    def load(self, progress: Progress = silent) -> Callable[[Any], NDArray[np.float32]]:
        """Give what takes vectors float32 (n, d) and returns them."""
        return lambda vectors: np.asarray(vectors, np.float32)


class _Rows:
    """Give some rows of a matrix, read when they are asked for."""

    def __init__(self, matrix: StoredArray, rows: NDArray[np.int32]) -> None:
        self._matrix, self._rows = matrix, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, part: slice) -> NDArray[np.float32]:
        return self._matrix.rows(self._rows[part])


PLUGIN = Given
