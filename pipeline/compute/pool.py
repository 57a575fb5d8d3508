"""Run tasks side by side, report from the calling thread, and stop promptly."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from pipeline.compute.progress import Progress
from pipeline.errors import Cancelled

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

SECONDS_BETWEEN_REPORTS = 0.1
MOST_AHEAD = 64

Item = TypeVar("Item")
Result = TypeVar("Result")


class Counter:
    """Count finished steps, and tell the threads that work to stop.

    Attributes
    ----------
    done : int
        Steps finished.
    """

    def __init__(self) -> None:
        self.done = 0
        self._lock = Lock()
        self._stopped = False

    def stop(self) -> None:
        """Make every further `step` and `check` raise."""
        self._stopped = True

    def check(self) -> None:
        """Go on, or not.

        Raises
        ------
        Cancelled
            If `stop` was called.
        """
        if self._stopped:
            raise Cancelled("The computation must run to its end. Got a request to stop.")

    def step(self, count: int = 1) -> None:
        """Count steps.

        Raises
        ------
        Cancelled
            If `stop` was called.
        """
        with self._lock:
            self.done += count
        self.check()


Task = Callable[[Counter], None]


def run_all(tasks: Sequence[Task], *, threads: int, total: int, what: str, progress: Progress) -> None:
    """Run every task.

    Parameters
    ----------
    tasks : sequence of callable
        Each is given a `Counter` to call `Counter.step` on, ``total`` times over all tasks.
    threads : int
        How many run side by side.
    total : int
        Number of steps.
    what : str
        What a step is, for ``progress``.
    progress : Progress
        Called from this thread a few times a second; what it raises stops all tasks, then goes through.

    Raises
    ------
    Exception
        What a task or ``progress`` raised first.
    """
    counter = Counter()
    with one_blas_thread(), ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(task, counter) for task in tasks]
        pending = set(futures)
        try:
            while pending:
                progress(counter.done, total, what)
                finished, pending = wait(pending, SECONDS_BETWEEN_REPORTS, FIRST_EXCEPTION)
                for future in finished:
                    future.result()
        except BaseException:
            counter.stop()
            pool.shutdown(cancel_futures=True)
            raise
    progress(counter.done, total, what)


def ahead(
    function: Callable[[Item], Result], items: Iterable[Item], most: int = MOST_AHEAD
) -> Generator[Result, None, None]:
    """Give what a function makes of each item, in order; threads work ahead of whoever takes the results.

    Parameters
    ----------
    function : callable
        Called from as many threads as there are processors.
    items : iterable
        Taken as they are needed.
    most : int
        Results that may wait to be taken, those being made included.

    Raises
    ------
    Exception
        What the function raised, in the place of its result; nothing further is begun.
    """
    remaining, waiting = iter(items), deque[Future[Result]]()
    with ThreadPoolExecutor(processors()) as pool:
        try:
            waiting.extend(pool.submit(function, item) for item in islice(remaining, most))
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(function, item) for item in islice(remaining, 1))
                yield result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def processors() -> int:
    """Give the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep matrix products to one thread each: the tasks are what runs side by side.

    It also makes a product's last bits independent of the number of processors.
    """
    with _libraries(len(sys.modules)).limit(limits=1, user_api="blas"):
        yield


@lru_cache(maxsize=1)
def _libraries(modules: int) -> ThreadpoolController:
    """Find the libraries that have threads; they come with modules, so with no other module there is no other library.

    Looking takes 5 ms, more than to fit two small classes.
    """
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
