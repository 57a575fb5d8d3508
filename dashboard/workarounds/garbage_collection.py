"""Collect garbage now and then, when a page is out.

Needed for Streamlit 1.67. It collects at the end of every script run, and of every part of a page that follows a job:
60 ms each, in which no other session moves and the page's last words wait. ``dashboard/.streamlit/config.toml`` turns
that off (``runner.postScriptGC``); without this module cycles would then pile up. What is there after the first page,
modules mostly, stays for good and is not looked through again: Python itself collects now and then, in the middle of
a page. It may go when ``make bench`` shows the same times for ten sessions with ``postScriptGC = true`` and without
it.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

from dashboard.run.of_process import one_of_process

SECONDS_BETWEEN = 10.0
"""At least so long between two collections: what a page leaves in cycles must not pile up, but is little."""
SECONDS_AFTER = 0.5
"""So long after a page was drawn: it is on its way to the browser then."""

Later = Callable[[float, Callable[[], object]], None]


def _later(seconds: float, act: Callable[[], object]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


class Collector:
    """Collect what pages leave behind, for all sessions of the process.

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
        self._is_first = True
        self._lock = threading.Lock()

    def page_drawn(self) -> None:
        """Collect soon, unless that was done lately."""
        with self._lock:
            now = self._clock()
            if now < self._next:
                return
            self._next = now + SECONDS_BETWEEN
            first, self._is_first = self._is_first, False
        self._later(SECONDS_AFTER, _collect_and_keep if first else gc.collect)


def _collect_and_keep() -> None:
    gc.collect()
    gc.freeze()


@one_of_process
def collector() -> Collector:
    """Give the one that all sessions of this process share."""
    return Collector()
