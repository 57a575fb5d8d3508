"""Run long work one piece at a time, where several sessions can watch, wait and cancel."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Hashable
from typing import Any

from dashboard.jobs.job import Clock, Job, JobReport, JobState, QueueFull, Work
from pipeline.api import memory


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
        Finished jobs to remember; the one asked for least lately goes first.
    """

    def __init__(
        self, clock: Clock = time.monotonic, *, patience: float = 5.0, longest: int = 20, history: int = 20
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._longest = longest
        self._lock = threading.RLock()
        self._alive: list[Job] = []  # the first runs
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
            job = self._joinable(key) or self._enqueue(Job(key, title, work, self._clock, self._patience))
            job.look(watcher)
            return job

    def result(self, key: Hashable, title: str, work: Work) -> Any:
        """Give what work returns: as a finished job has it, or once that is done; who asks meanwhile waits too.

        Parameters as `submit`.

        Raises
        ------
        QueueFull
            If too many jobs wait.
        Exception
            What the work raised; that is not kept, so the next to ask may have more luck.
        """
        with self._lock:
            job = self.find(key)
            if job is None or (job.state.over and job.state is not JobState.DONE):
                job = self.submit(key, title, work, "")
        job.wait()
        if job.error is not None:
            raise job.error
        return job.result

    def find(self, key: Hashable) -> Job | None:
        """Give the latest job with a key: alive, or finished and not yet forgotten."""
        with self._lock:
            past = next((job for job in reversed(self._finished) if job.key == key), None)
            if past is not None:
                self._finished.remove(past)
                self._finished.append(past)
            return self._joinable(key) or past

    def alive(self) -> list[Job]:
        """List the job that runs and those that wait, in their order."""
        with self._lock:
            return list(self._alive)

    def report(self, job: Job, watcher: str | None = None) -> JobReport:
        """Describe a job as it stands, and note that ``watcher`` looks."""
        with self._lock:
            if watcher is not None and not job.state.over:
                job.look(watcher)
            return job.report(0 if job.state.over else self._alive.index(job))

    def cancel(self, job: Job, watcher: str) -> bool:
        """Withdraw a watcher, and stop the job if nobody else is looking.

        Returns
        -------
        bool
            Whether the job stops; a running one does at its next progress report. False: it goes on
            for as long as somebody else looks, or is over.
        """
        with self._lock:
            stops = job.withdraw(watcher)
            if stops and job.state is JobState.WAITING:
                self._finish(job, JobState.CANCELLED)
            return stops

    def _enqueue(self, job: Job) -> Job:
        if len(self._alive[1:]) >= self._longest:
            raise QueueFull(
                f"Jobs that wait must be at most {self._longest}. Got one more.",
                remedy="wait until one of them is finished",
            )
        self._alive.append(job)
        if len(self._alive) == 1:
            job.begin()
            threading.Thread(target=self._drain, args=(job,), name="lazybones-jobs", daemon=True).start()
        return job

    def _drain(self, job: Job | None) -> None:
        while job is not None:
            state = job.run()
            memory.give_back()  # else the next job begins with what this one held at most
            with self._lock:
                self._finish(job, state)
                job = next(iter(self._alive), None)
                if job is not None:
                    job.begin()

    def _finish(self, job: Job, state: JobState) -> None:
        self._alive.remove(job)
        self._finished.append(job)
        job.end(state)

    def _joinable(self, key: Hashable) -> Job | None:
        return next((job for job in self._alive if job.key == key and not job.stopping), None)
