"""Give every error a next step, also where it is raised far from the command that helps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cache.errors import LazybonesError
from pipeline.errors import SourceError


@contextmanager
def suggesting(remedy: str) -> Iterator[None]:
    """Add a remedy to errors that pass through without one, those of the file system included.

    Parameters
    ----------
    remedy : str
        A command, as in `cache.errors.LazybonesError`.

    Raises
    ------
    SourceError
        In place of an `OSError`.
    """
    try:
        yield
    except LazybonesError as error:
        error.remedy = error.remedy or remedy
        raise
    except OSError as problem:
        raise SourceError(
            f"{problem.filename or 'Files'} must be readable, and its folder writable. Got: {problem.strerror}.",
            remedy=remedy,
        ) from problem
