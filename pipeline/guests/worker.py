"""A process that decodes and describes what strangers send, so that this one never does.

It is started with the first guest, limited in memory and time, and ended when idle. What it is sent may crash it: then
that guest has no answer, and the next one has a new process.
"""

from __future__ import annotations

import threading

from pipeline.compute.progress import Progress, silent
from pipeline.errors import ExtractorError
from pipeline.guests.process import Described, Describing, Ended, Limits, Task


class Worker:
    """Describe guests in another process, one at a time; other threads wait.

    Parameters
    ----------
    limits : Limits, optional
        Of the process.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._running: Describing | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        running = self._running
        return running.process.pid if running is not None and running.process.is_alive else None

    def describe(self, task: Task, content: bytes, progress: Progress = silent) -> Described:
        """Describe a picture.

        Parameters
        ----------
        task : Task
            How.
        content : bytes
            Of its file, which nobody has looked at.
        progress : Progress, optional
            Told what is under way; raises `Cancelled` to stop.

        Raises
        ------
        UnusablePicture
            If it is no picture that can be described within the limits.
        ExtractorError
            If none can: something is missing.
        Cancelled
            If ``progress`` raises it.
        """
        with self._lock:
            for _ in range(2):  # one that was idle for long may end in this very moment
                running = self._started(task, progress)
                try:
                    return running.describe(content, progress)
                except Ended:
                    self._running = None
            raise ExtractorError(
                "The process that describes guests must stay while it is asked. Got one that ends.",
                remedy="again",
            )

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _started(self, task: Task, progress: Progress) -> Describing:
        """Give the process for a task; one for another is ended: networks are large."""
        if self._running is None or not self._running.process.is_alive or self._running.task != task:
            self._end()
            self._running = Describing(task, self.limits)
            try:
                self._running.load(progress)
            except BaseException:
                self._end()
                raise
        return self._running

    def _end(self) -> None:
        if self._running is not None:
            self._running.process.end()
            self._running = None
