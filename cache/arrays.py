"""Opening and writing ``.npy`` files: no pickle, no zip, no more memory than the file has bytes."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cache.disk import read_error

_HEADERS = Lock()
"""One header is parsed at a time: up to Python 3.11.7 two syntax trees that are built at once fail (cpython 106905)."""


class _Plain:
    """Hide from NumPy that a file is one: its own writing loses the reason why a disk refused."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array as a ``.npy`` file.

    Raises
    ------
    OSError
        If the disk is full; with ``errno``.
    ValueError
        If the array holds Python objects.
    """
    with path.open("wb") as file:
        np.lib.format.write_array(_Plain(file), np.asanyarray(array), allow_pickle=False)


def open_array(path: Path, repair: str, *, mmap: bool = True) -> NDArray[Any]:
    """Open a ``.npy`` file.

    Parameters
    ----------
    path : Path
        The file; its header need not be trusted.
    repair : str
        The command to name if it is damaged.
    mmap : bool
        Map the file into memory, read-only, instead of reading it.

    Raises
    ------
    ArtefactCorrupt
        If it is not a ``.npy`` file, or has fewer bytes than its header promises.
    StoreError
        If it cannot be read now, for example for lack of memory.
    """
    try:
        with _HEADERS, np.errstate(over="ignore"):  # an absurd shape overflows, and is refused after that
            array = np.lib.format.open_memmap(path, mode="r")
        return array if mmap else np.array(array)
    except Exception as error:  # a hostile header makes NumPy's parser raise nearly anything
        raise read_error(path, error, repair) from error
