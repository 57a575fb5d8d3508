"""Extractors whose network somebody brought: what its file makes happen, happens in a process of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from pipeline.apart.network import Limits, Network
from pipeline.apart.process import is_apart
from pipeline.compute.pool import ahead
from pipeline.compute.progress import Progress, silent
from pipeline.networks.preprocessing import Images, Preprocessing
from pipeline.stages.contract import Inputs
from pipeline.stages.extraction import Extract
from pipeline.stages.kinds import Extractor

Describe = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Takes images uint8 (n, h, w, c) as `Foreign.parts` gives them, returns features float32 (n, d)."""


@dataclass(frozen=True)
class Foreign(Extractor):
    """Describe each image by a network that somebody brought as a file.

    The file may be damaged, or made to do harm: what parses it and runs it may end its process, never return, or take
    all memory. So `open` and `sight` are called in a process apart; in that one itself `load` calls `open`.

    Attributes
    ----------
    LIMITS : Limits
        Of that process.
    """

    LIMITS: ClassVar[Limits] = Limits()

    @property
    @abstractmethod
    def brought(self) -> str:
        """What was brought, as messages call it."""

    @property
    def downloads(self) -> bool:
        """Whether `open` or `sight` fetch something and keep it as a file."""
        return False

    @abstractmethod
    def parts(self, images: Images) -> Iterator[NDArray[np.uint8]]:
        """Give images as `open` takes them, uint8 (n, h, w, c): some at a time, as many as it computes at once."""

    @abstractmethod
    def open(self) -> Describe:
        """Load the network into this very process."""

    def sight(self) -> dict[str, Any]:
        """Look into the file, in this very process: what has to be known of it before it is loaded, as JSON."""
        return {}

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What `sight` gives, of a process apart."""
        self.require_packages()
        return self.sight() if is_apart() else self._apart.sight()

    def load(self, progress: Progress = silent) -> Extract:
        """Load the network.

        Parameters
        ----------
        progress : Progress, optional
            Not used.

        Returns
        -------
        callable
            Takes images uint8 (h, w, c), returns features float32 (n, d).

        Raises
        ------
        ExtractorError, UnsafeInput, InvalidParameter, DownloadError
            If the file cannot be used, or not in this way; or if it ends the process that loads it, or lets it take
            too long or too much memory. So does what is returned.
        """
        describe = self.open() if is_apart() else self._apart.load(self.identity())
        return lambda images: np.concatenate([describe(part) for part in self.parts(images)])

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write the features of both splits, in chunks; then the process ends, and its memory is free."""
        try:
            super().compute(draft, inputs, progress)
        finally:
            self.close()

    def close(self) -> None:
        """End the process of the network, if there is one; it comes again when it is needed."""
        if "_apart" in self.__dict__:
            self._apart.close()

    @cached_property
    def _apart(self) -> Network:
        return Network(self)


def resized(images: Images, preprocessing: Preprocessing, size: int) -> Iterator[NDArray[np.uint8]]:
    """Bring images, each of its own size, to that of a network, by as many threads as there are processors.

    Parameters
    ----------
    images : sequence of ndarray of uint8, shape (h, w, c)
        Some are prepared ahead of whoever takes the result.
    preprocessing : Preprocessing
        Of the network.
    size : int
        Images at a time.

    Yields
    ------
    ndarray of uint8, shape (n, height, width, 3)
    """
    squares = ahead(lambda row: preprocessing.resize(images[row]), range(len(images)), 2 * size)
    while part := list(islice(squares, size)):
        yield np.stack(part)
