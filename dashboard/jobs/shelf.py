"""Files to take away, made in the queue: the last few of a kind are kept until they are fetched."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keep what was made last, each in a folder of its own that goes with the process.

    Parameters
    ----------
    kind : str
        What is kept, for the folder's name.
    most : int
        How many are kept.
    """

    def __init__(self, kind: str, most: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=f"lazybones-{kind}-")
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Path, T]] = OrderedDict()

    def find(self, key: Hashable) -> T | None:
        """Give what was made under a key, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            return None if found is None else found[1]

    def make(self, key: Hashable, make: Callable[[Path], T]) -> T:
        """Have something made in a new folder, keep it, and let the oldest go; what fails leaves nothing."""
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        try:
            made = make(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._lock:
            gone = [self._kept.pop(key, None)]
            self._kept[key] = folder, made
            while len(self._kept) > self._most:
                gone.append(self._kept.popitem(last=False)[1])
        for old in filter(None, gone):
            shutil.rmtree(old[0], ignore_errors=True)
        return made
