"""Results that take a while: made once, though many ask at the same time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock


class Once:
    """Keep the last results of what was asked; who asks while one is being made waits for it.

    Parameters
    ----------
    kept : int
        Results kept; the one asked for least lately goes first.
    """

    def __init__(self, kept: int) -> None:
        self.kept = kept
        self._answers: OrderedDict[str, Future[bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Give the result of some name, making it if need be.

        Parameters
        ----------
        name : str
            Says what is made, so that equal names have equal results.
        make : callable
            Makes it. What it raises is raised to all who wait, and is not kept.
        """
        with self._lock:
            answer = self._answers.get(name)
            mine = answer is None
            if answer is None:
                answer = self._answers[name] = Future()
            self._answers.move_to_end(name)
        if mine:
            self._fulfil(name, answer, make)
        return answer.result()

    def _fulfil(self, name: str, answer: Future[bytes], make: Callable[[], bytes]) -> None:
        try:
            answer.set_result(make())
        except BaseException as error:
            with self._lock:
                del self._answers[name]
            answer.set_exception(error)
        with self._lock:
            done = [other for other, its in self._answers.items() if its.done()]
            for other in done[: max(0, len(done) - self.kept)]:
                del self._answers[other]
