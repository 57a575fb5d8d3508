"""Few pages are drawn at one time; who waits for something else meanwhile lets the next one draw.

One processor runs Python. Fifty pages that are drawn together are all ready when the last one is, and what sends them
has a fiftieth of the processor; one after the other, half of them are ready in half of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, local

from dashboard.run.of_process import one_of_process

AT_ONCE = 3
"""Pages: some read files or wait for arrays, which takes no Python."""


class Drawing:
    """Give threads their turns to draw.

    Parameters
    ----------
    most : int
        That draw at one time.
    """

    def __init__(self, most: int = AT_ONCE) -> None:
        self._free = BoundedSemaphore(most)
        self._own = local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it for the block."""
        with self._free:
            self._own.has = True
            try:
                yield
            finally:
                self._own.has = False

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let another have the turn while the block waits for something; nothing where this thread has none."""
        if not getattr(self._own, "has", False):
            yield
            return
        self._own.has = False
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()
            self._own.has = True


@one_of_process
def drawing() -> Drawing:
    """Give the turns that all sessions share."""
    return Drawing()
