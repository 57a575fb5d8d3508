"""Reading what anybody may have made: whatever its parser raises becomes an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cache.errors import LazybonesError

LONGEST = 300  # characters of what a parser says


@contextmanager
def foreign(refused: Callable[[str], LazybonesError]) -> Iterator[None]:
    """Read a foreign file in the block; errors of ours pass through.

    Parsers document what they raise of files that are damaged. Of files that were made to confuse them they raise
    anything: a chain of long names in an archive overflows the stack, a number in the wrong place is an index beyond a
    list.

    Parameters
    ----------
    refused : callable
        Makes our error of what the parser says.

    Raises
    ------
    LazybonesError
        What ``refused`` made.
    """
    try:
        yield
    except LazybonesError:
        raise
    except Exception as problem:
        raise refused(said_of(problem)) from problem


def said_of(problem: Exception) -> str:
    """Give what an exception says, in one line without a stop; what it is where it says nothing."""
    if isinstance(problem, RecursionError):
        return "parts within parts, more than can be followed"
    if isinstance(problem, MemoryError):
        return "more than there is memory for"
    text = (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
    return " ".join(text.split())[:LONGEST].rstrip(". ") or type(problem).__name__
