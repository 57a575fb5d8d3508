"""Our own few threads: whatever waits there, the server's pool, which each page's own files need, is left alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 8
"""That read and encode files at one time; who comes meanwhile waits on none."""

_limiter: RunVar[CapacityLimiter] = RunVar("lazybones.threads")


async def in_thread(function: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Call a function on one of our threads, and wait for it on none."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(THREADS)
        _limiter.set(limiter)
    return await run_sync(partial(function, *given, **named), limiter=limiter)
