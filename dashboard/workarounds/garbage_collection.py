"""Collect garbage now and then, when a page is out, and when a visitor has left.

Needed for Streamlit 1.67. It collects at the end of every script run, and of every part of a page that follows a job:
60 ms each, in which no other session moves and the page's last words wait. ``dashboard/.streamlit/config.toml`` turns
that off (``runner.postScriptGC``); without this module cycles would then pile up. What is there before the first
visitor, modules mostly, stays for good and is not looked through again: Python itself collects now and then, in the
middle of a page. It may go when ``make bench`` shows the same times for ten sessions with ``postScriptGC = true`` and
without it.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

from dashboard.run.of_process import one_of_process
from pipeline.api import memory

SECONDS_BETWEEN = 10.0
"""At least so long between two collections: what a page leaves in cycles must not pile up, but is little."""
SECONDS_AFTER = 0.5
"""So long after a page was drawn: it is on its way to the browser then."""

NEW_OBJECTS = 10_000
"""After which Python looks for cycles among them: a page is several thousand, of which few are in cycles."""

Later = Callable[[float, Callable[[], object]], None]


def _later(seconds: float, act: Callable[[], object]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


class Collector:
    """Collect what pages and sessions leave behind, for all of the process, and give its memory back.

    Parameters
    ----------
    clock : callable
        Gives seconds that only grow.
    later : callable
        Calls something after some seconds, on another thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, later: Later = _later) -> None:
        self._clock, self._later = clock, later
        self._next = 0.0
        self._asked = False
        self._lock = threading.Lock()

    def soon(self) -> None:
        """Collect soon: after a moment, and not before the last time is a while ago."""
        with self._lock:
            if self._asked:
                return
            self._asked = True
            wait = max(SECONDS_AFTER, self._next - self._clock())
        self._later(wait, self._collect)

    def _collect(self) -> None:
        with self._lock:
            self._asked = False
            self._next = self._clock() + SECONDS_BETWEEN
        gc.collect()
        memory.give_back()


def keep_modules() -> None:
    """Set aside what is there now, before anybody comes: nobody looks through it again; and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


@one_of_process
def collector() -> Collector:
    """Give the one that all sessions of this process share."""
    return Collector()
