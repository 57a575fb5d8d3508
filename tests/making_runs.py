"""Runs that are not finished: planted ones with some stages taken away, and what their maker said last."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace

from cache import Run, Store
from cache.making import Making, StageState, write_making
from tests.planted import planted_run

STAGES = (
    "dataset",
    "thumbnails",
    "features",
    "neighbours",
    "projection",
    "faithfulness",
    "classifier",
    "validation",
)


def unfinished_run(
    store: Store,
    there: Sequence[str],
    name: str = "planted",
    *,
    extractor: str = "planted",
    error: str = "",
    remedy: str = "",
) -> Run:
    """Plant a run of which only some stages are there; the first of the others is being computed.

    Parameters
    ----------
    store : Store
        A writable store.
    there : sequence of str
        The stages that are there.
    name : str
        The run's name.
    extractor : str
        As `planted_run`.
    error, remedy : str
        Why it failed, and what to do.
    """
    run = replace(planted_run(store, name, extractor=extractor), finished=False)
    store.save_run(run)
    for stage in set(run.stages) - set(there):
        shutil.rmtree(store.root / "artefacts" / stage / run.stages[stage])
    say(store, run, there, error=error, remedy=remedy)
    return run


def say(store: Store, run: Run, there: Sequence[str], *, error: str = "", remedy: str = "") -> None:
    """Write how far a run is."""
    states, working = [], True
    for stage in STAGES:
        if stage in there:
            states.append(StageState(stage, "planted", "done", 80, 80, "images", 0.5))
        else:
            states.append(
                StageState(stage, "planted", "working" if working else "waiting", 20 * working, 80, "images")
            )
            working = False
    write_making(store, Making(run.name, run.command, run.title, tuple(states), error, remedy))
