"""What was read from files is read once for as long as the files are the same: to look at them costs far less."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

from cache.files import State, state_of

T = TypeVar("T")

SETTLED = 100_000_000
"""Nanoseconds after its last change from which on a file tells by its times if it changes again: clocks tick."""

Known = tuple[list[tuple[str, State | None]], T]
"""Each file with its state, and what was read."""


class Kept(Generic[T]):
    """Keep what was read, until one of the files that it was read from is another.

    Parameters
    ----------
    most : int
        Things to keep; the one that was read first goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Path, Known[T]] = {}

    def get(self, place: Path, read: Callable[[], T], others: Callable[[T], Iterable[Path]]) -> T:
        """Give what is read from a file or a folder's list of entries; raises what ``read`` raises.

        Parameters
        ----------
        place : Path
            The file or folder.
        read : callable
            Reads it.
        others : callable
            Lists the further files that what was read depends on.
        """
        known = self._kept.get(place)
        if known is not None and all(_state(path) == state for path, state in known[0]):
            return known[1]
        before = _state(str(place))
        found = read()
        states = [(str(place), before), *((str(path), _state(str(path))) for path in others(found))]
        if all(state is not None and time.time_ns() - state[2] > SETTLED for _, state in states):
            self._keep(place, (states, found))
        return found

    def _keep(self, place: Path, known: Known[T]) -> None:
        self._kept[place] = known
        while len(self._kept) > self._most:
            self._kept.pop(next(iter(self._kept)), None)


def _state(path: str) -> State | None:
    try:
        return state_of(path)
    except OSError:
        return None
