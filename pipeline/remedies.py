"""Give every error a next step, also where it is raised far from the command that helps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cache.errors import LazybonesError


@contextmanager
def suggesting(remedy: str) -> Iterator[None]:
    """Add a remedy to errors that pass through without one.

    Parameters
    ----------
    remedy : str
        A command, as in `cache.errors.LazybonesError`.
    """
    try:
        yield
    except LazybonesError as error:
        error.remedy = error.remedy or remedy
        raise
