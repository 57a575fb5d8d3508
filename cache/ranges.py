"""Which values an array of the store may hold, and whether the file of one does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.arrays import StoredArray
from cache.errors import LayoutError

AT_ONCE = 2**18
"""Numbers that are looked at together: two MB, whatever the size of the file."""

ABOVE_0 = 5e-324
"""The least number above 0."""

Sizes = Mapping[str, int]
"""Named dimensions; ``k`` classes, and ``no_label``: what an image without a class has, 0 where each has one."""


@dataclass(frozen=True)
class Values:
    """Say which values are allowed; those that are no finite numbers never are, unless it is said.

    Attributes
    ----------
    low, high : float or str, optional
        The least and the greatest, or the name of a size that is.
    below : str
        The name of a size below which they are: they are indices.
    nan : bool
        Whether NaN stands for something that is not known.
    rising : str
        "": in any order; "equal": none is below the one before; "strict": each is above it.
    """

    low: float | str | None = None
    high: float | str | None = None
    below: str = ""
    nan: bool = False
    rising: str = ""

    def bounds(self, sizes: Sizes) -> tuple[float | None, float | None]:
        """Give the least and the greatest value; None where there is no bound, or the size is not known."""
        top = sizes.get(self.below)
        return _bound(self.low, sizes), _bound(self.high, sizes) if top is None else top - 1

    def in_words(self, sizes: Sizes) -> str:
        """Say what they must be, after "must have"."""
        low, high = self.bounds(sizes)
        if low is None:
            text = "finite values"
        elif high is None:
            text = "values above 0" if low == ABOVE_0 else f"values of {low:,} or more"
        else:
            text = f"values from {low:,} to {high:,}"
        return f"{text}{', or NaN' if self.nan else ''}{', ascending' if self.rising else ''}"


Allowed = Values | tuple[Values, ...]
"""Of all values of an array, or of each place along its last dimension."""


def check_values(name: str, array: StoredArray, values: Allowed, sizes: Sizes) -> None:
    """Check every value of an array.

    Parameters
    ----------
    name : str
        What it is called, in messages.
    array : StoredArray
        It is read piece by piece: nothing of it stays in memory.
    values : Values or tuple of Values
        Which are allowed.
    sizes : mapping of str to int
        Those that are known.

    Raises
    ------
    LayoutError
        If one is not allowed; it is told.
    """
    if isinstance(values, tuple):
        for place, of_place in enumerate(values):
            _check(name, [array.whole()[..., place].ravel()], of_place, sizes)
    elif array.dtype.kind == "U":
        _check_text(name, array)
    elif values.rising and not array.has_rows:
        raise LayoutError(f"{name} must be stored row by row. Got column by column.")
    else:
        _check(name, array.blocks(AT_ONCE, array.dtype), values, sizes)


def _check(name: str, blocks: Iterable[NDArray[Any]], values: Values, sizes: Sizes) -> None:
    low, high = values.bounds(sizes)
    last = None
    for block in blocks:
        wrong = _outside(block, low, high, nan=values.nan)
        if wrong is None and values.rising:
            wrong = _falling(block, last, strict=values.rising == "strict")
        if wrong is not None:
            raise LayoutError(f"{name} must have {values.in_words(sizes)}. Got {wrong}.")
        last = block[-1] if len(block) else last


def _bound(end: float | str | None, sizes: Sizes) -> float | None:
    return sizes.get(end) if isinstance(end, str) else end


def _outside(block: NDArray[Any], low: float | None, high: float | None, *, nan: bool) -> Any:
    """Give a value that is not allowed; None where all are."""
    if nan:
        block = block[~np.isnan(block)]
    if not len(block):
        return None
    least, most = block.min(), block.max()  # both are NaN if one is
    if not (np.isfinite(least) and (low is None or least >= low)):
        return least
    return None if np.isfinite(most) and (high is None or most <= high) else most


def _falling(block: NDArray[Any], last: Any, *, strict: bool) -> str | None:
    """Say where a value is not above, or below, the one before; None where none is."""
    line = block if last is None else np.concatenate([[last], block])
    wrong = np.flatnonzero(line[1:] <= line[:-1] if strict else line[1:] < line[:-1])
    return f"{line[wrong[0] + 1]} after {line[wrong[0]]}" if len(wrong) else None


def _check_text(name: str, array: StoredArray) -> None:
    """Check that all characters are some; half of a surrogate pair cannot be shown, nor sent."""
    for block in array.blocks(AT_ONCE, np.dtype(f"{array.dtype.byteorder.replace('|', '=')}u4")):
        wrong = (block > 0x10FFFF) | ((block >= 0xD800) & (block < 0xE000))
        if wrong.any():
            code = int(block[wrong][0])
            raise LayoutError(f"{name} must have texts of Unicode's characters. Got number {code:,}.")
