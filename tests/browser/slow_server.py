"""Streamlit's command line, in a process whose work lasts long enough to be watched: fits at a large C, some maps.

The work is the real one; each report of its progress takes its time, and can be cancelled meanwhile.
"""

from __future__ import annotations

import time

from streamlit.web.cli import main

from cache import Artefact, Run, Store
from pipeline.api import Keys, Retrainer, Setting, Stage, ensure
from pipeline.compute.progress import Progress

SLOW_FROM = 100.0
SLOW_PERPLEXITY = 100.0
SECONDS_A_WAIT = 0.5
WAITS = 240


def slowly(progress: Progress) -> Progress:
    """Report again and again, so that a cancel is heard."""

    def wait_and_tell(done: int, total: int, what: str) -> None:
        for _ in range(WAITS):
            progress(done, total, what)
            time.sleep(SECONDS_A_WAIT)
        progress(done, total, what)

    return wait_and_tell


class SlowRetrainer(Retrainer):
    """Fit as usual, but slowly where C is large."""

    def retrain(self, store: Store, run: Run, setting: Setting, progress: Progress) -> tuple[Artefact, int]:
        """Give a run's classifier at some setting."""
        slow = setting.C >= SLOW_FROM
        return Retrainer.retrain(self, store, run, setting, slowly(progress) if slow else progress)


def slow_ensure(store: Store, stage: Stage, keys: Keys, progress: Progress) -> Artefact:
    """Compute as usual, but slowly where the perplexity of a map is high."""
    slow = getattr(stage, "perplexity", 0) >= SLOW_PERPLEXITY
    return ensure(store, stage, keys, slowly(progress) if slow else progress)


if __name__ == "__main__":
    import pipeline.api

    pipeline.api.Retrainer = SlowRetrainer
    pipeline.api.ensure = slow_ensure
    main()
