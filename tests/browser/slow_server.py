"""Streamlit's command line, in a process whose live fits at a large C last long enough to be watched.

The fits are the real ones; each report of their progress takes its time, and can be cancelled meanwhile.
"""

from __future__ import annotations

import time

from streamlit.web.cli import main

from cache import Artefact, Run, Store
from pipeline.api import Retrainer
from pipeline.progress import Progress

SLOW_FROM = 100.0
SECONDS_A_WAIT = 0.5
WAITS = 240


class SlowRetrainer(Retrainer):
    """Fit as usual, but slowly where C is large."""

    def retrain(self, store: Store, run: Run, C: float, progress: Progress) -> tuple[Artefact, int]:
        """Give a run's classifier at some C."""

        def wait_and_tell(done: int, total: int, what: str) -> None:
            for _ in range(WAITS):  # told again and again, so that a cancel is heard
                progress(done, total, what)
                time.sleep(SECONDS_A_WAIT)
            progress(done, total, what)

        return Retrainer.retrain(self, store, run, C, wait_and_tell if C >= SLOW_FROM else progress)


if __name__ == "__main__":
    import pipeline.api

    pipeline.api.Retrainer = SlowRetrainer
    main()
