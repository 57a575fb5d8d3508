"""Who is told how a run is going: a person at a terminal, and everybody who looks into the store."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Protocol

from cache import Artefact, LazybonesError, Store
from cache.commands import typed
from cache.making import Making, StageState, forget_making, write_making
from pipeline.compute.progress import Progress
from pipeline.errors import Cancelled
from pipeline.stages.contract import Stage

PAUSE = 0.5
"""Seconds between two notes of a stage's count; its beginning and end are noted at once."""


class Reporter(Protocol):
    """Tell how a run is going."""

    def working(self, stage: str, detail: str) -> AbstractContextManager[Progress]:
        """Show that a stage is being computed; gives where to report its progress."""

    def done(self, artefact: Artefact, *, reused: bool, seconds: float) -> None:
        """Show that a stage is there; ``seconds`` is the time it took now."""

    def left_out(self, stage: Stage, why: str) -> None:
        """Show that a run goes without a stage."""


class Recorder:
    """Note in the store how far a run is (`cache.making`), and tell a reporter of it.

    A context: what ends it with an error is noted as the run's error, a whole run's note is removed. Whatever else
    ends it (Ctrl-C, a kill) leaves the note: nobody holds the run's lock then.

    Parameters
    ----------
    reporter : Reporter
        Is told the same.
    store : Store
        Where the run is made.
    making : Making
        The run, as `begin` will note it first; its name may still be unknown.
    """

    def __init__(self, reporter: Reporter, store: Store, making: Making) -> None:
        self._reporter = reporter
        self._store = store
        self._making = making
        self._begun = False
        self._written = 0.0

    def begin(self, name: str) -> None:
        """Note under the run's name, from now on."""
        self._making = replace(self._making, run=name)
        self._begun = True
        self._write()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._begun:
            return
        if error is None:
            forget_making(self._store, self._making.run)
        elif isinstance(error, Exception) and not isinstance(error, Cancelled):
            self._making = self._failed(error)
            self._write()

    def _failed(self, error: Exception) -> Making:
        if not isinstance(error, LazybonesError):
            return replace(self._making, error=f"{type(error).__name__}: {error}")
        remedy = typed(error.remedy, None, self._making.command)
        return replace(self._making, error=error.message, remedy=remedy)

    @contextmanager
    def working(self, stage: str, detail: str) -> Iterator[Progress]:
        """Note how far a stage is, while it is computed; see `Reporter`."""
        before = next((state for state in self._making.stages if state.stage == stage), None)
        started = time.monotonic()
        with self._reporter.working(stage, detail) as tell:

            def progress(done: int, total: int, what: str) -> None:
                tell(done, total, what)
                if time.monotonic() >= self._written + PAUSE:
                    seconds = time.monotonic() - started
                    self._note(StageState(stage, detail, "working", done, total, what, seconds))

            self._note(StageState(stage, detail, "working"))
            yield progress
        if before is not None:
            self._note(before)

    def done(self, artefact: Artefact, *, reused: bool, seconds: float) -> None:
        """Note that a stage is there; see `Reporter`."""
        self._reporter.done(artefact, reused=reused, seconds=seconds)
        manifest = artefact.manifest
        self._note(StageState(manifest.stage, manifest.plugin, "done", seconds=seconds))

    def left_out(self, stage: Stage, why: str) -> None:
        """Note that a run goes without a stage; see `Reporter`."""
        self._reporter.left_out(stage, why)
        self._note(StageState(stage.STAGE, stage.NAME, "left out", what=why))

    def _note(self, now: StageState) -> None:
        """Take a stage's state in place of its last; what is no stage of the run (waiting for a lock) has none."""
        stages = tuple(now if state.stage == now.stage else state for state in self._making.stages)
        self._making = replace(self._making, stages=stages)
        self._write()

    def _write(self) -> None:
        if self._begun:
            write_making(self._store, self._making)
            self._written = time.monotonic()


def waiting(stages: Sequence[Stage]) -> tuple[StageState, ...]:
    """Give the states of stages that are all still to come."""
    return tuple(StageState(stage.STAGE, stage.NAME) for stage in stages)
