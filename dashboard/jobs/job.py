"""One piece of long work: where it stands, how far it is, and who waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

from cache.errors import LazybonesError
from dashboard.jobs.drawing import drawing
from dashboard.jobs.visitor import Visitor
from pipeline.api import Cancelled, Progress

_LOG = logging.getLogger(__name__)

Clock = Callable[[], float]
Work = Callable[[Progress], Any]


class JobState(StrEnum):
    """Name where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing will change any more."""
        return self not in (JobState.WAITING, JobState.RUNNING)


class QueueFull(LazybonesError):
    """Signal that too much is asked for at one time, by one visitor or by all."""


class TooLong(LazybonesError):
    """Signal that a job kept others waiting for too long."""


@dataclass(frozen=True)
class JobReport:
    """Hold what a job looked like at one moment.

    Attributes
    ----------
    state : JobState
        Where it stood.
    ahead : int
        Jobs to finish before it starts; 0 for the one that runs and those that are over.
    done, total : int
        Finished and all steps of ``what``; both 0 before the first word from the work.
    what : str
        What the steps are, for example ``"pairs"``.
    rate : float or None
        Steps a second, once there is something to measure.
    seconds_left : float or None
        Estimated seconds until the steps are finished.
    watchers : int
        Sessions that asked about it lately.
    """

    state: JobState
    ahead: int
    done: int
    total: int
    what: str
    rate: float | None
    seconds_left: float | None
    watchers: int

    @property
    def share(self) -> float:
        """Finished part of the steps, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


class Job:
    """Hold one piece of work; any thread may look at it, its queue alone moves it on.

    Parameters
    ----------
    key : hashable
        What makes two requests the same.
    title : str
        What people call it.
    work : callable
        Is called with a `Progress`, which raises `Cancelled` to stop it.
    clock : callable
        Gives seconds that only grow.
    patience : float
        Seconds after which a watcher who has not looked no longer counts.

    Attributes
    ----------
    state : JobState
        Where it stands.
    payer : Visitor
        Who asked for it first.
    askers : list of Visitor
        Who asked for it, and has not cancelled it unless nobody else asked.
    began : float
        When its turn came.
    stopping : bool
        Whether it was cancelled and nobody else looked: it is over, or will be at its next word.
    result : object
        What the work returned, once done.
    error : Exception or None
        What the work raised, once failed.
    """

    def __init__(self, key: Hashable, title: str, work: Work, clock: Clock, patience: float) -> None:
        self.key = key
        self.title = title
        self.state = JobState.WAITING
        self.payer = Visitor("")
        self.askers: list[Visitor] = []
        self.began = 0.0
        self.stopping = False
        self.result: Any = None
        self.error: Exception | None = None
        self._work = work
        self._clock = clock
        self._patience = patience
        self._lock = Lock()
        self._over: Future[None] = Future()
        self._seen: dict[Visitor, float] = {}
        self._withdrawn = False  # somebody cancelled, and nobody has looked since
        self._steps: tuple[int, int, str] = (0, 0, "")
        self._phase_began: tuple[float, int] = (0.0, 0)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the job is over; return whether it is. Other pages are drawn meanwhile."""
        with drawing().waiting():
            return bool(wait([self._over], seconds).done)

    async def ended(self) -> None:
        """Wait until the job is over, on no thread; whoever gives up waiting leaves the job alone."""
        await asyncio.shield(asyncio.wrap_future(self._over))

    def ask(self, visitor: Visitor) -> None:
        """Note that somebody asks for it, and waits for the result."""
        with self._lock:
            self.payer = self.payer if self.askers else visitor
            if visitor not in self.askers:
                self.askers.append(visitor)
        self.look(visitor)

    def look(self, visitor: Visitor) -> None:
        """Note that somebody waits for the result."""
        with self._lock:
            self._seen[visitor] = self._clock()
            self._withdrawn = False

    def withdraw(self, visitor: Visitor) -> bool:
        """Forget somebody, and stop if nobody else looks; return whether it stops."""
        with self._lock:
            self._seen.pop(visitor, None)
            if visitor in self.askers and len(self.askers) > 1:
                self.askers.remove(visitor)
            self._withdrawn = True
            self._stop_if_left()
            return self.stopping and not self.state.over

    def begin(self) -> None:
        """Note that its turn has come."""
        self.state, self.began = JobState.RUNNING, self._clock()
        self._phase_began = (self.began, 0)

    def run(self, check: Callable[[Job], None]) -> JobState:
        """Do the work, and return how it ended; ``check`` is called at each word from it, and may raise."""

        def progress(done: int, total: int, what: str) -> None:
            self._progress(done, total, what)
            check(self)

        try:
            self.result = self._work(progress)
        except Cancelled:
            return JobState.CANCELLED
        except Exception as error:  # whatever the work raises belongs to those who wait for it
            self.error = error
            expected = isinstance(error, LazybonesError)
            _LOG.warning("%s failed: %s", self.title, error, exc_info=None if expected else error)
            return JobState.FAILED
        return JobState.DONE

    def end(self, state: JobState, error: Exception | None = None) -> None:
        """Note how it ended, and why if its work did not say, and tell those who wait."""
        self.state, self.error = state, error or self.error
        self._work = _nothing  # it may hold on to arrays
        self._over.set_result(None)

    def report(self, ahead: int = 0) -> JobReport:
        """Describe it as it stands, with so many jobs to finish before it starts."""
        with self._lock:
            done, total, what = self._steps
            rate = self._rate()
            left = (total - done) / rate if rate else None
            return JobReport(self.state, ahead, done, total, what, rate, left, self._watchers())

    def _progress(self, done: int, total: int, what: str) -> None:
        with self._lock:
            if what != self._steps[2]:
                self._phase_began = (self._clock(), done)
            self._steps = (done, total, what)
            if self._withdrawn:
                self._stop_if_left()
        if self.stopping:
            raise Cancelled(f"{self.title} must run to its end to have a result. Got a request to stop.")

    def _stop_if_left(self) -> None:
        self.stopping |= not (self.state.over or self._watchers())

    def _watchers(self) -> int:
        since = self._clock() - self._patience
        return sum(seen >= since for seen in self._seen.values())

    def _rate(self) -> float | None:
        began, first = self._phase_began
        seconds, steps = self._clock() - began, self._steps[0] - first
        return steps / seconds if self.state is JobState.RUNNING and seconds > 0 and steps > 0 else None


def _nothing(progress: Progress) -> None:
    """Stand in for work that is over."""
