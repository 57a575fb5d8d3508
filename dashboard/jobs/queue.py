"""Run long work one piece at a time, where several sessions can watch, wait and cancel, and visitors take turns."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Hashable

from dashboard.jobs.job import Clock, Job, JobReport, JobState, QueueFull, TooLong, Work
from dashboard.jobs.permission import permission
from dashboard.jobs.turns import Turns
from dashboard.jobs.visitor import Visitor
from pipeline.api import memory


class JobQueue:
    """Run jobs one after the other on one thread, which lives only while there is work.

    A request for a key that is alive joins its job. Cancelling withdraws one visitor, and stops the job unless
    another is still looking, that is, has called `report` in the last ``patience`` seconds. If none of those
    looks again, it stops once they are past. So one visitor cannot take work from another, and a tab that was
    closed or reloaded cannot keep one alive. Where nobody cancels, a job runs to its end even if nobody looks:
    its result goes to the store.

    Visitors take turns (`Turns`). Where more wait than may, the one whose turn would come last is refused, be it the
    newest or not: whoever has asked for much makes room for whoever has asked for nothing yet.

    Parameters
    ----------
    clock : callable
        Gives seconds that only grow.
    patience : float
        Seconds after which a watcher who has not asked no longer counts.
    longest : int
        Jobs that may wait at one time.
    each : int or None
        Jobs of one visitor that may be alive at one time; None: any number.
    limit : float
        Seconds that a job may take while others wait; one that nobody waits for may take any time.
    history : int
        Finished jobs to remember; the one asked for least lately goes first.
    """

    def __init__(
        self,
        clock: Clock = time.monotonic,
        *,
        patience: float = 5.0,
        longest: int = 20,
        each: int | None = 2,
        limit: float = 600.0,
        history: int = 20,
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._longest, self._each, self._limit = longest, each, limit
        self._lock = threading.RLock()
        self._running: Job | None = None
        self._waiting: list[Job] = []  # in the order of their turns
        self._turns = Turns(clock)
        self._finished: deque[Job] = deque(maxlen=history)

    def submit(self, key: Hashable, title: str, work: Work, visitor: Visitor) -> Job:
        """Queue work, or join the job that does it already.

        Parameters
        ----------
        key : hashable
            What makes two requests the same.
        title : str
            What people call it.
        work : callable
            Is called with a `Progress` on the worker's thread; the progress raises `Cancelled` to stop it.
        visitor : Visitor
            Who asks.

        Raises
        ------
        QueueFull
            If too many jobs wait, too many of this visitor's are alive, or they may have nothing computed now
            (`Permission`).
        """
        with self._lock:
            job = self._joinable(key)
            if job is None:
                return self._enqueue(Job(key, title, work, self._clock, self._patience), visitor)
            job.ask(visitor)
            self._waiting = self._turns.ordered(self._waiting)
            return job

    def obtain(self, key: Hashable, title: str, work: Work, visitor: Visitor) -> Job:
        """Give the job that has a result already, else submit it; one that failed is not kept.

        Parameters and errors as `submit`.
        """
        with self._lock:
            job = self.find(key)
            known = job is not None and job.state is JobState.DONE
            return job if job is not None and known else self.submit(key, title, work, visitor)

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
            return [*([self._running] if self._running is not None else []), *self._waiting]

    def report(self, job: Job, visitor: Visitor | None = None) -> JobReport:
        """Describe a job as it stands, and note that ``visitor`` looks."""
        with self._lock:
            if visitor is not None and not job.state.over:
                job.look(visitor)
            return job.report(0 if job.state.over else self.alive().index(job))

    def cancel(self, job: Job, visitor: Visitor) -> bool:
        """Withdraw a visitor, and stop the job if nobody else is looking.

        Returns
        -------
        bool
            Whether the job stops; a running one does at its next progress report. False: it goes on
            for as long as somebody else looks, or is over.
        """
        with self._lock:
            stops = job.withdraw(visitor)
            if stops and job.state is JobState.WAITING:
                self._waiting.remove(job)
                self._finish(job, JobState.CANCELLED)
            self._waiting = self._turns.ordered(self._waiting)
            return stops

    def _enqueue(self, job: Job, visitor: Visitor) -> Job:
        self._turns.ask(visitor)
        permission().check(visitor)
        self._check_share(visitor)
        job.ask(visitor)
        if self._running is None:
            self._begin(job)
            threading.Thread(target=self._drain, args=(job,), name="lazybones-jobs", daemon=True).start()
        else:
            self._waiting = self._turns.ordered([*self._waiting, job])
            if len(self._waiting) > self._longest:
                self._refuse_last(job)
        return job

    def _check_share(self, visitor: Visitor) -> None:
        places = [
            f"number {place} in the queue" if place else "the one being computed"
            for place, job in enumerate(self.alive(), start=self._running is None)
            if visitor in job.askers and not job.stopping
        ]
        if self._each is not None and len(places) >= self._each:
            raise QueueFull(
                f"Computations that you wait for must be at most {self._each}, so that everybody has a turn. "
                f"Got one more. Yours are {' and '.join(places)}: ask again when one of them is done or cancelled."
            )

    def _refuse_last(self, newest: Job) -> None:
        last = self._waiting.pop()
        full = QueueFull(
            f"Computations that wait must be at most {self._longest}. Got one more, and visitors take turns: "
            "this one's would come last. Please ask again in a few minutes."
        )
        if last is newest:
            raise full
        self._finish(last, JobState.FAILED, full)

    def _begin(self, job: Job) -> None:
        self._running = job
        self._turns.note(job.askers)
        job.begin()

    def _drain(self, job: Job | None) -> None:
        while job is not None:
            state = job.run(self._check_time)
            permission().charge(job.payer, self._clock() - job.began)
            memory.give_back()  # else the next job begins with what this one held at most
            with self._lock:
                self._finish(job, state)
                self._running = None
                job = self._waiting.pop(0) if self._waiting else None
                if job is not None:
                    self._begin(job)

    def _check_time(self, job: Job) -> None:
        permission().check_time(self._clock() - job.began)
        if self._clock() > job.began + self._limit and self._waiting:
            raise TooLong(
                f"A computation must take at most {self._limit / 60:.0f} minutes while others wait. Got more.",
                remedy="again when nobody waits, or less of it, or the same by the command line",
            )

    def _finish(self, job: Job, state: JobState, error: Exception | None = None) -> None:
        self._finished.append(job)
        job.end(state, error)

    def _joinable(self, key: Hashable) -> Job | None:
        return next((job for job in self.alive() if job.key == key and not job.stopping), None)
