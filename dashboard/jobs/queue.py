"""Run long work one piece at a time, where several sessions can watch, wait and cancel."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cache.errors import LazybonesError
from pipeline.api import Cancelled, Progress, give_back_memory

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
    """Signal that too many jobs wait already."""


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
    """Hold one piece of work; made by `JobQueue.submit`, which also locks it.

    Attributes
    ----------
    key : hashable
        What makes two requests the same.
    title : str
        What people call it.
    state : JobState
        Where it stands.
    result : object
        What the work returned, once done.
    error : Exception or None
        What the work raised, once failed.
    """

    def __init__(self, key: Hashable, title: str, work: Work) -> None:
        self.key = key
        self.title = title
        self.state = JobState.WAITING
        self.result: Any = None
        self.error: Exception | None = None
        self._work = work
        self._stop = threading.Event()
        self._over = threading.Event()
        self._seen: dict[str, float] = {}
        self._withdrawn = False  # somebody cancelled, and nobody has looked since
        self._progress: tuple[int, int, str] = (0, 0, "")
        self._phase_began: tuple[float, int] = (0.0, 0)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the job is over; return whether it is."""
        return self._over.wait(seconds)


class JobQueue:
    """Run jobs one after the other on one thread, which lives only while there is work.

    A request for a key that is alive joins its job. Cancelling withdraws one watcher, and stops the job unless
    another is still looking, that is, has called `report` in the last ``patience`` seconds. If none of those
    looks again, it stops once they are past. So one visitor cannot take work from another, and a tab that was
    closed or reloaded cannot keep one alive. Where nobody cancels, a job runs to its end even if nobody looks:
    its result goes to the store.

    Parameters
    ----------
    clock : callable
        Gives seconds that only grow.
    patience : float
        Seconds after which a watcher who has not asked no longer counts.
    longest : int
        Jobs that may wait at one time.
    history : int
        Finished jobs to remember.
    """

    def __init__(
        self, clock: Clock = time.monotonic, *, patience: float = 5.0, longest: int = 20, history: int = 20
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._longest = longest
        self._lock = threading.RLock()
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._finished: deque[Job] = deque(maxlen=history)

    def submit(self, key: Hashable, title: str, work: Work, watcher: str) -> Job:
        """Queue work, or join the job that does it already.

        Parameters
        ----------
        key : hashable
            What makes two requests the same.
        title : str
            What people call it.
        work : callable
            Is called with a `Progress` on the worker's thread; the progress raises `Cancelled` to stop it.
        watcher : str
            Who asks, for example a session's id.

        Raises
        ------
        QueueFull
            If too many jobs wait.
        """
        with self._lock:
            job = self._alive(key)
            if job is None:
                job = self._enqueue(Job(key, title, work))
            self._look(job, watcher)
            return job

    def find(self, key: Hashable) -> Job | None:
        """Give the latest job with a key: alive, or finished and not yet forgotten."""
        with self._lock:
            past = (job for job in reversed(self._finished) if job.key == key)
            return self._alive(key) or next(past, None)

    def alive(self) -> list[Job]:
        """List the job that runs and those that wait, in their order."""
        with self._lock:
            return [*([self._running] if self._running else []), *self._waiting]

    def report(self, job: Job, watcher: str | None = None) -> JobReport:
        """Describe a job as it stands, and note that ``watcher`` looks."""
        with self._lock:
            if watcher is not None and not job.state.over:
                self._look(job, watcher)
            done, total, what = job._progress
            rate = self._rate(job)
            left = (total - done) / rate if rate else None
            return JobReport(
                job.state, self._ahead(job), done, total, what, rate, left, len(self._watchers(job))
            )

    def cancel(self, job: Job, watcher: str) -> bool:
        """Withdraw a watcher, and stop the job if nobody else is looking.

        Returns
        -------
        bool
            Whether the job stops; a running one does at its next progress report. False: it goes on
            for as long as somebody else looks, or is over.
        """
        with self._lock:
            job._seen.pop(watcher, None)
            job._withdrawn = True
            if job.state.over or self._watchers(job):
                return False
            job._stop.set()
            if job.state is JobState.WAITING:
                self._waiting.remove(job)
                self._finish(job, JobState.CANCELLED)
            return True

    def _enqueue(self, job: Job) -> Job:
        if len(self._waiting) >= self._longest:
            raise QueueFull(
                f"At most {self._longest} jobs may wait at one time. Got one more.",
                remedy="wait until one of them is finished",
            )
        self._waiting.append(job)
        if self._running is None:
            first = self._take_next()
            threading.Thread(target=self._drain, args=(first,), name="lazybones-jobs", daemon=True).start()
        return job

    def _drain(self, job: Job | None) -> None:
        while job is not None:
            state = self._run(job)
            give_back_memory()  # else the next job begins with what this one held at most
            with self._lock:
                self._finish(job, state)
                job = self._take_next()

    def _take_next(self) -> Job | None:
        self._running = self._waiting.popleft() if self._waiting else None
        if self._running is not None:
            self._running.state = JobState.RUNNING
            self._running._phase_began = (self._clock(), 0)
        return self._running

    def _run(self, job: Job) -> JobState:
        try:
            job.result = job._work(self._progress_of(job))
        except Cancelled:
            return JobState.CANCELLED
        except Exception as error:  # whatever the work raises belongs to those who wait for it
            job.error = error
            _LOG.warning("%s failed", job.title, exc_info=error)
            return JobState.FAILED
        return JobState.DONE

    def _progress_of(self, job: Job) -> Progress:
        def progress(done: int, total: int, what: str) -> None:
            with self._lock:
                if what != job._progress[2]:
                    job._phase_began = (self._clock(), done)
                job._progress = (done, total, what)
                if job._withdrawn and not self._watchers(job):
                    job._stop.set()
            if job._stop.is_set():
                raise Cancelled(f"{job.title} must run to its end to have a result. Got a request to stop.")

        return progress

    def _finish(self, job: Job, state: JobState) -> None:
        job.state = state
        job._work = _nothing  # it may hold on to arrays
        self._finished.append(job)
        job._over.set()

    def _alive(self, key: Hashable) -> Job | None:
        return next((job for job in self.alive() if job.key == key and not job._stop.is_set()), None)

    def _ahead(self, job: Job) -> int:
        return self.alive().index(job) if job.state is JobState.WAITING else 0

    def _look(self, job: Job, watcher: str) -> None:
        job._seen[watcher] = self._clock()
        job._withdrawn = False

    def _watchers(self, job: Job) -> list[str]:
        since = self._clock() - self._patience
        return [watcher for watcher, seen in job._seen.items() if seen >= since]

    def _rate(self, job: Job) -> float | None:
        began, first = job._phase_began
        seconds, steps = self._clock() - began, job._progress[0] - first
        return steps / seconds if job.state is JobState.RUNNING and seconds > 0 and steps > 0 else None


def _nothing(progress: Progress) -> None:
    """Stand in for work that is over."""
