"""Rows of features, a few at a time: from memory, from a file of the store, or from several below one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cache.arrays import StoredArray
from cache.commands import command
from pipeline.errors import InvalidParameter

ROWS_AT_ONCE = 1024
"""Rows read and multiplied at once. Fixed, so that the numbers do not depend on the memory there is."""


class Rows(Protocol):
    """Give rows of a matrix, a few at a time."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""

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


def as_rows(features: NDArray[Any] | Rows) -> Rows:
    """Give features as something to read a few rows of at a time.

    Parameters
    ----------
    features : ndarray of shape (n, d), or Rows
        Of an array in the store (`cache.arrays.StoredArray`), rows are read when they are needed, and dropped.

    Raises
    ------
    InvalidParameter
        If they are not a table with at least one column.
    """
    if len(features.shape) != 2 or features.shape[1] == 0:
        raise InvalidParameter(f"Features must have shape (rows, 1 or more). Got {features.shape}.")
    if isinstance(features, StoredArray) and not (features.has_rows and features.dtype == np.float32):
        return ArrayRows(features.whole())
    return ArrayRows(features) if isinstance(features, np.ndarray) else features


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
