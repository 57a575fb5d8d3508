"""Runs that are not finished: planted ones with some stages taken away, and what their maker said last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cache import Run, Store
from cache.making import Making, StageState, forget_making, write_making
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
        aside = _aside(store, run, stage)
        aside.parent.mkdir(parents=True, exist_ok=True)
        _place(store, run, stage).rename(aside)
    say(store, run, there, error=error, remedy=remedy)
    return run


def arrive(store: Store, run: Run, *stages: str) -> None:
    """Let stages of an unfinished run be there, as if they had been computed now."""
    for stage in stages:
        _aside(store, run, stage).rename(_place(store, run, stage))
    say(store, run, [stage for stage in STAGES if store.has(stage, run.stages[stage])])


def finish(store: Store, run: Run) -> None:
    """Write an unfinished run anew, as finished."""
    store.save_run(replace(run, finished=True))
    forget_making(store, run.name)


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


def _place(store: Store, run: Run, stage: str) -> Path:
    return store.root / "artefacts" / stage / run.stages[stage]


def _aside(store: Store, run: Run, stage: str) -> Path:
    return store.root / "aside" / run.name / stage
