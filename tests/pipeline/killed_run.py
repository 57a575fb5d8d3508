"""A run whose extraction is slow enough to be killed; started as a process by `test_kill`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Store
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute.progress import Progress, silent
from pipeline.extractors.pixels import Pixels
from pipeline.plugins.options import option
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.stages.kinds import Classifier, Projection, Source

CHUNK = 32
SECONDS_A_CHUNK = 0.02


@dataclass(frozen=True)
class SlowPixels(Pixels):
    """Take a while for each chunk, and leave a line in a log for each."""

    chunk_size: ClassVar[int] = CHUNK
    log: Path | None = option(None, "where to leave a line for each chunk")

    def identity(self) -> dict[str, object]:
        """Give what changes the result: the log does not."""
        return {}

    def load(self, progress: Progress = silent) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        """Give the function that extracts."""
        extract = Pixels.load(self, progress)

        def slowly(images: NDArray[np.uint8]) -> NDArray[np.float32]:
            time.sleep(SECONDS_A_CHUNK)
            if self.log:
                with self.log.open("a") as log:
                    log.write(f"{len(images)}\n")
            return extract(images)

        return slowly


def recipe(log: Path | None) -> Recipe:
    """Digits, slow pixels, and the fastest of everything else."""
    parameters: dict[str, Any] = {"path": (0.1,)}
    return Recipe(
        source=Source.named("digits"),
        extractor=SlowPixels(log),
        classifier=Classifier.named("linear-svm", **parameters),
        projection=Projection.named("pca"),
        name="killed",
    )


if __name__ == "__main__":
    run(recipe(Path(sys.argv[2])), Store(Path(sys.argv[1])), TerminalReporter())
