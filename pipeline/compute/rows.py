"""Read the rows of a features file without mapping it: mapped pages count as the process's memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cache.commands import command
from pipeline.errors import InvalidParameter

ROWS_AT_ONCE = 1024
"""Rows read and multiplied at once. Fixed, so that the numbers do not depend on the memory there is."""


class Rows(Protocol):
    """Give rows of a matrix, a few at a time."""

    shape: tuple[int, int]

    def rows(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Give the rows at ``indices``, in that order, float32 (len(indices), d), in memory of their own."""


class ArrayRows:
    """Give rows of an array in memory.

    Parameters
    ----------
    array : ndarray of shape (n, d)
        Any real dtype.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self.shape: tuple[int, int] = (array.shape[0], array.shape[1])
        self._array = array

    def rows(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Give the rows at ``indices``, float32 (len(indices), d)."""
        return np.ascontiguousarray(self._array[indices], dtype=np.float32)


class FileRows:
    """Give rows of a C-ordered float32 matrix in a file, by ordinary reads.

    Parameters
    ----------
    path : Path
        The file.
    offset : int
        Where the first row begins, in bytes.
    shape : tuple of int
        Rows and columns.
    """

    def __init__(self, path: Path, offset: int, shape: tuple[int, int]) -> None:
        self.shape = shape
        self._path = path
        self._offset = offset

    def rows(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Give the rows at ``indices``, float32 (len(indices), d).

        Raises
        ------
        EOFError
            If the file is shorter than its shape says.
        """
        block = np.empty((len(indices), self.shape[1]), np.float32)
        with self._path.open("rb", buffering=0) as file:
            for start, stop in _runs(indices):
                file.seek(self._offset + int(indices[start]) * block.strides[0])
                wanted = memoryview(block[start:stop].data).cast("B")
                while wanted:
                    count = file.readinto(wanted)
                    if not count:
                        raise EOFError(f"{self._path} ends before row {indices[start]}")
                    wanted = wanted[count:]
        return block


class Stacked:
    """Give rows of several matrices as if they were one below the other.

    Parameters
    ----------
    parts : sequence of Rows
        With the same number of columns.
    """

    def __init__(self, *parts: Rows) -> None:
        self.shape: tuple[int, int] = (sum(part.shape[0] for part in parts), parts[0].shape[1])
        self._parts = parts
        self._starts = np.cumsum([0, *(part.shape[0] for part in parts)])

    def rows(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Give the rows at ``indices``, float32 (len(indices), d)."""
        found = np.empty((len(indices), self.shape[1]), np.float32)
        for part, start in zip(self._parts, self._starts.tolist(), strict=False):
            own = (indices >= start) & (indices < start + part.shape[0])
            if own.any():
                found[own] = part.rows(indices[own] - start)
        return found

    def __getitem__(self, key: Any) -> NDArray[np.float32]:
        """Give rows by numbers, a slice, or one row by its number, as an array would."""
        indices = np.arange(*key.indices(self.shape[0])) if isinstance(key, slice) else np.asarray(key)
        return self.rows(np.atleast_1d(indices)).reshape(*np.shape(indices), self.shape[1])


def _runs(indices: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Give the stretches of ``indices`` that count up by one, as (start, stop)."""
    breaks = np.flatnonzero(np.diff(indices) != 1) + 1
    edges = [0, *breaks.tolist(), len(indices)]
    return ((a, b) for a, b in pairwise(edges) if b > a)


def as_rows(features: NDArray[Any] | Rows) -> Rows:
    """Give features as something to read a few rows of at a time.

    Parameters
    ----------
    features : ndarray of shape (n, d), numpy.memmap or Rows
        A memory map of a whole C-ordered float32 file is read by ordinary reads instead: what a process
        maps and touches counts as its memory, what it reads into a buffer and drops does not.

    Raises
    ------
    InvalidParameter
        If they are not a table with at least one column.
    """
    if len(features.shape) != 2 or features.shape[1] == 0:
        raise InvalidParameter(f"Features must have shape (rows, 1 or more). Got {features.shape}.")
    if not isinstance(features, np.ndarray):
        return features
    if isinstance(features, np.memmap) and _is_whole_file(features):
        return FileRows(Path(str(features.filename)), features.offset, (features.shape[0], features.shape[1]))
    return ArrayRows(features)


def _is_whole_file(features: np.memmap[Any, Any]) -> bool:
    """Tell whether row i is at ``offset + i * d`` in the file; a slice of a map keeps the map's offset."""
    is_slice = isinstance(features.base, np.ndarray)
    return not is_slice and features.dtype == np.float32 and features.flags.c_contiguous


def blocks_of(n: int, size: int = ROWS_AT_ONCE) -> Iterator[NDArray[np.intp]]:
    """Give the row numbers 0..n-1 in blocks."""
    return (np.arange(i, min(i + size, n)) for i in range(0, n, size))


def finite(block: NDArray[np.float32], numbers: NDArray[np.intp], split: str) -> NDArray[np.float32]:
    """Give ``block`` back if every value is finite.

    Raises
    ------
    InvalidParameter
        Naming the first row that is not.
    """
    good = np.isfinite(block).all(axis=1)
    if not good.all():
        row = int(numbers[np.argmin(good)])
        raise InvalidParameter(
            f"Features must be finite. Got NaN or infinity in row {row} of the {split} split.",
            remedy=command("verify"),
        )
    return block
