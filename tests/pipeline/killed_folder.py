"""A run of a folder that kills itself at a moment; started as a process by `test_kill`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cache import Store, digests
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute.progress import Progress
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.sources.folder import Folder
from tests.pipeline.killed_run import SlowPixels

digests.SECONDS_BETWEEN_NOTES = 0


class Killing(TerminalReporter):
    """Note how far each stage is, and kill this very process when one is as far as it was told.

    Parameters
    ----------
    log : Path
        Where a line is left for each report.
    stage, what : str
        Where it dies.
    at : int
        When so many are done.
    """

    def __init__(self, log: Path, stage: str, what: str, at: int) -> None:
        super().__init__()
        self.log, self.moment, self.at = log, (stage, what), at

    @contextmanager
    def working(self, stage: str, detail: str) -> Iterator[Progress]:
        """Tell, note and kill."""
        with super().working(stage, detail) as tell, self.log.open("a") as log:

            def progress(done: int, total: int, what: str) -> None:
                log.write(f"{stage}\t{what}\t{done}\t{total}\n")
                log.flush()
                if (stage, what) == self.moment and done >= self.at:
                    os.kill(os.getpid(), signal.SIGKILL)
                tell(done, total, what)

            yield progress


if __name__ == "__main__":
    store, folder, log, stage, what, at = sys.argv[1:]
    recipe = Recipe(Folder(Path(folder)), SlowPixels(), LinearSVM(C=0.1, path=(0.1,)), PCA(), name="killed")
    run(recipe, Store(Path(store)), Killing(Path(log), stage, what, int(at)))
