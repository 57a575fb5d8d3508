"""What is the same for all visitors: made once, kept for all sessions, and forgotten in its turn.

It lies outside Streamlit's caches, whose keys take longer to make than most of what pages want kept. What is kept must
not be changed by who gets it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Condition
from typing import Any, ParamSpec, TypeVar

from cachetools import Cache, LRUCache, cached

P = ParamSpec("P")
T = TypeVar("T")

_ALL: list[tuple[Cache[Hashable, object], Condition]] = []


def shared(
    key: Callable[P, Hashable], most: int = 200, size: Callable[[Any], int] | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Have a function's results kept for all sessions; who asks for one that is being made waits for it.

    Parameters
    ----------
    key : callable
        Gives, from the function's arguments, what tells its results apart.
    most : int
        Results that are kept, or the sum of their sizes; those that nobody asked for lately go first.
    size : callable, optional
        Gives the size of a result; without it each counts one.
    """

    def keep(make: Callable[P, T]) -> Callable[P, T]:
        kept: LRUCache[Hashable, T] = LRUCache(most, size)
        waiting = Condition()
        _ALL.append((kept, waiting))  # type: ignore[arg-type]
        made: Callable[P, T] = cached(kept, key=key, condition=waiting)(make)
        return made

    return keep


def forget_all() -> None:
    """Forget what is kept: whoever asks again has it made anew."""
    for kept, waiting in _ALL:
        with waiting:
            kept.clear()
