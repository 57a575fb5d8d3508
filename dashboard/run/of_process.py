"""What the process has one of, for all sessions.

It must not lie in one of Streamlit's caches: those keep what can be made again, and may be cleared at any time. Two
queues would run two jobs at once, each with all the memory there is.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import TypeVar

from cache import Store, open_store
from cache.roots import VARIABLE

Made = TypeVar("Made")


def one_of_process(make: Callable[[], Made]) -> Callable[[], Made]:
    """Have a function make something at its first call, and give the same at every other, on any thread."""
    lock = threading.Lock()
    made: list[Made] = []

    @functools.wraps(make)
    def give() -> Made:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return give


def the_store() -> Store:
    """Give the store of this process, which remembers the files that it has verified."""
    return _store_at(os.environ.get(VARIABLE))


@functools.lru_cache(maxsize=4)
def _store_at(location: str | None) -> Store:
    """Open the store that an environment names; only tests have more than one."""
    return open_store()
