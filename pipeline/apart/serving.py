"""What a process apart does: it answers who has started it, and ends when nobody asks, or nobody is there."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psutil

from cache.errors import LazybonesError
from pipeline.apart.errors import told
from pipeline.apart.frames import BrokenFrame, read_frame, write_frame
from pipeline.compute import memory

LATE = 3
"""Seconds after which the system ends a process whose time is over, if who has started it does not."""

Said = tuple[dict[str, Any], list[bytes]]
Answer = Callable[[Mapping[str, Any], list[bytes]], Said]
"""Gives the answer, header and bodies, to a header and bodies; errors of ours are told, others end the process."""


class Watch:
    """End the process when nobody has asked for anything for some time, or who has started it has ended."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._since: float | None = None
        self.idle = 60.0
        threading.Thread(target=self._watch, daemon=True).start()

    def work(self, seconds: float) -> None:
        """Note that something was asked for, which may take so long: if this thread cannot run, the system looks."""
        self._since = None
        if hasattr(signal, "alarm"):
            signal.alarm(int(seconds) + LATE)

    def rest(self) -> None:
        """Note that it is done."""
        self._since = time.monotonic()
        if hasattr(signal, "alarm"):
            signal.alarm(0)

    def _watch(self) -> None:
        while True:
            time.sleep(min(1.0, self.idle))
            since = self._since
            over = since is not None and time.monotonic() > since + self.idle
            if over or os.getppid() != self._parent or not psutil.pid_exists(self._parent):
                os._exit(0)


def serve(start: Callable[[Mapping[str, Any]], Answer], most: int) -> None:
    """Answer requests until there are no more; then end the process.

    Parameters
    ----------
    start : callable
        Is given the first request, and gives what answers all others.
    most : int
        Bytes that a request's bodies may have together.
    """
    memory.return_promptly()
    with suppress(BrokenFrame):  # whoever started it has ended
        _serve(start, most, *_own_pipes())
    sys.stdout.flush()
    os._exit(0)


def _serve(
    start: Callable[[Mapping[str, Any]], Answer], most: int, requests: IO[bytes], answers: IO[bytes]
) -> None:
    watch, answer = Watch(), None
    while True:
        watch.rest()
        header, bodies = read_frame(requests, most)
        watch.work(float(header["within"]))
        try:
            if answer is None:
                watch.idle = float(header["idle"])
                answer = start(header)
                said: Said = {"ready": True}, []
            else:
                said = answer(header, bodies)
        except LazybonesError as problem:
            said = told(problem), []
        write_frame(answers, said[0], *said[1])


def limit(room: int) -> None:
    """Take at most so many bytes beyond what is taken now, and leave no core; where the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        most = pages * resource.getpagesize() + room
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def write_nothing() -> None:
    """Write no file any more, where the system can see to it; libraries try whether they can while they are loaded."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take the process's input and output, and leave others nowhere to write to: libraries print."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    return requests, answers
