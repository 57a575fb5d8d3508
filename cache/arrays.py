"""Opening and writing ``.npy`` files: no pickle, no zip, no map, no more memory than the file has bytes.

A file is read, never mapped into memory: one that is cut short while it is mapped, as when somebody copies over it,
ends the whole process without a word (SIGBUS), and what is mapped and touched counts as its memory all the same.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cache.disk import read_error

AT_ONCE = 4 << 20
"""Bytes that are read at a time where all rows are looked at, one after another."""

_HEADERS = Lock()
"""One header is parsed at a time: up to Python 3.11.7 two syntax trees that are built at once fail (cpython 106905)."""
_FORMATS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


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


class StoredArray:
    """Give an array in a file: some rows when they are asked for, or all of them, by ordinary reads.

    What is read is a copy. The file is opened at each reading, and must look as it did at first.

    Parameters
    ----------
    path : Path
        The ``.npy`` file; its header need not be trusted.
    repair : str
        The command to name if it is damaged.

    Attributes
    ----------
    shape : tuple of int
        Of the array.
    dtype : numpy.dtype
        Of its values.
    has_rows : bool
        Whether its rows lie one after another, so that some can be read without the others.

    Raises
    ------
    ArtefactCorrupt
        If it is not a ``.npy`` file, or has fewer bytes than its header promises.
    StoreError
        If it cannot be read now, for example for lack of permission.
    """

    def __init__(self, path: Path, repair: str) -> None:
        self._path, self._repair = path, repair
        try:
            with path.open("rb") as file:
                self._state = _state(file)
                self.shape, turned, self.dtype = _header(file)
                self._start = file.tell()
            size = _size(self.shape, self.dtype)
            if size > self._state[0] - self._start:
                raise ValueError(f"{self._state[0]:,} bytes, too few for {self.dtype} of {self.shape}")
        except Exception as error:  # a hostile header makes NumPy's parser raise nearly anything
            raise read_error(path, error, repair) from error
        self.has_rows = not turned or len(self.shape) < 2

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        count = max(1, AT_ONCE // max(1, _size(self.shape[1:], self.dtype)))
        for start in range(0, len(self), count):
            yield from self[start : start + count]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Read all of it, as NumPy asks."""
        if copy is False:
            raise ValueError("An array in a file must be read. Got a wish for no copy.")
        return np.asarray(self.whole(), dtype)

    def __getitem__(self, key: Any) -> Any:
        """Give rows by their numbers, a slice or a mask, or one row by its number, as an array would."""
        if isinstance(key, slice):
            return self.rows(np.arange(*key.indices(len(self))))
        wanted = np.asarray(key)
        if wanted.dtype == np.bool_ and wanted.ndim:
            wanted = np.flatnonzero(wanted)
        wanted = wanted.astype(
            np.intp, casting="safe" if wanted.size else "unsafe"
        )  # an empty list is of floats
        if wanted.size and not -len(self) <= wanted.min() <= wanted.max() < len(self):
            raise IndexError(f"Rows must be below {len(self)}. Got {wanted.min()} to {wanted.max()}.")
        found = self.rows(np.where(wanted < 0, wanted + len(self), wanted).ravel())
        return found.reshape((*wanted.shape, *self.shape[1:]))[()]  # of a row of numbers, one is a number

    def part(self, rows: slice) -> StoredArray | NDArray[Any]:
        """Give some rows that follow one another, with nothing read yet where they can be read alone."""
        start, stop, _ = rows.indices(len(self))
        if not self.has_rows:
            return self.whole()[start:stop]
        return self._other((max(stop - start, 0), *self.shape[1:]), start * _size(self.shape[1:], self.dtype))

    def column(self, number: int) -> NDArray[Any]:
        """Read one value of each row of a matrix; errors as `rows`."""
        n, width = self.shape
        if not self.has_rows:
            return self.whole()[:, number]
        return self._other((n * width,), 0).rows(np.arange(n) * width + number)

    def blocks(self, count: int, dtype: np.dtype[Any]) -> Iterator[NDArray[Any]]:
        """Read all of it in the order of the file, so many numbers of a type at a time; errors as `rows`."""
        size = _size(self.shape, self.dtype)
        with self._opened() as file:
            for start in range(0, size, count * dtype.itemsize):
                content = np.empty(min(count * dtype.itemsize, size - start), np.uint8)
                _fill(content, file, self._start + start)
                yield content.view(dtype)

    def whole(self) -> NDArray[Any]:
        """Read all of it; errors as `rows`."""
        with self._opened() as file:
            content = np.empty(_size(self.shape, self.dtype), np.uint8)
            _fill(content, file, self._start)
        return np.ndarray(self.shape, self.dtype, content.data, order="C" if self.has_rows else "F")

    def rows(self, indices: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Read the rows at ``indices``, in that order.

        Raises
        ------
        ArtefactCorrupt
            If the file is not what it was: cut short, changed or gone.
        StoreError
            If it cannot be read now.
        """
        if not self.has_rows:
            return self._turned(indices)
        size = _size(self.shape[1:], self.dtype)
        with self._opened() as file:
            content = np.empty(len(indices) * size, np.uint8)
            for start, stop in _runs(indices):
                _fill(content[start * size : stop * size], file, self._start + int(indices[start]) * size)
        return np.ndarray((len(indices), *self.shape[1:]), self.dtype, content.data)

    def _turned(self, indices: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Read rows whose values lie apart, as an array in Fortran's order has them."""
        starts = np.arange(math.prod(self.shape[1:])) * len(self)
        values = self._other((math.prod(self.shape),), 0).rows(np.add.outer(starts, indices).ravel())
        return values.reshape((*self.shape[:0:-1], len(indices))).T

    def _other(self, shape: tuple[int, ...], start: int) -> StoredArray:
        """Give other rows of the same file, which begin so many bytes later."""
        other = copy(self)
        other.shape, other._start, other.has_rows = shape, self._start + start, True
        return other

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            with self._path.open("rb", buffering=0) as file:
                if _state(file) != self._state:
                    raise EOFError("another file, or other content, than when it was opened")
                yield file
        except (OSError, EOFError, MemoryError) as error:
            raise read_error(self._path, error, self._repair) from error


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read what a file says of its array, and leave it where the values begin."""
    with _HEADERS, np.errstate(over="ignore"):  # an absurd shape overflows, and is refused after that
        version = np.lib.format.read_magic(file)
        if version not in _FORMATS:
            raise ValueError(f"an array's file of version {version}")
        shape, turned, dtype = _FORMATS[version](file)
    if dtype.hasobject or any(length < 0 for length in shape):
        raise ValueError(f"{dtype} of {shape}")
    return shape, turned, dtype


def _size(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    return math.prod(shape) * dtype.itemsize


def _state(file: IO[bytes]) -> tuple[int, int, int]:
    """Give what tells a file from what it may become."""
    found = os.fstat(file.fileno())
    return found.st_size, found.st_ino, found.st_mtime_ns


def _fill(content: NDArray[np.uint8], file: IO[bytes], start: int) -> None:
    file.seek(start)
    wanted = content.data
    while wanted:
        count = file.readinto(wanted)  # type: ignore[attr-defined]  # a file without a buffer has it
        if not count:
            raise EOFError("fewer bytes than it had: it was cut short")
        wanted = wanted[count:]


def _runs(indices: NDArray[np.integer[Any]]) -> Iterator[tuple[int, int]]:
    """Give the stretches of ``indices`` that count up by one, as (start, stop)."""
    breaks = np.flatnonzero(np.diff(indices) != 1) + 1
    edges = [0, *breaks.tolist(), len(indices)]
    return ((a, b) for a, b in pairwise(edges) if b > a)
