"""The vectors of a table as one matrix in a file, written while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.inputs.tables.vectors import Vectors

AT_ONCE = 1024  # rows


def write_matrix(path: Path, blocks: Iterable[Vectors], tell: Callable[[int], None]) -> NDArray[np.bool_]:
    """Write blocks of vectors as one ``.npy`` file: ordinary writes, with a block in memory.

    Parameters
    ----------
    path : Path
        The file.
    blocks : iterable of ndarray of float32, shape (k, d)
        One after the other.
    tell : callable (rows)
        Told how many rows there are so far.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which rows are finite.
    """
    good, width = list[NDArray[np.bool_]](), 0
    with path.open("wb") as file:
        _head(file, 0, 0)
        rows = 0
        for block in blocks:
            file.write(np.ascontiguousarray(block, np.float32).tobytes())
            good.append(np.asarray(np.isfinite(block).all(axis=1)))
            rows, width = rows + len(block), block.shape[1]
            tell(rows)
        file.seek(0)
        _head(file, rows, width)
    return np.concatenate(good) if good else np.empty(0, np.bool_)


def take_rows(path: Path, rows: NDArray[np.intp], target: Path) -> None:
    """Write some rows of a matrix, in their order, as another file; the first is gone then."""
    whole: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    if len(rows) == len(whole):
        path.rename(target)
        return
    with target.open("wb") as file:
        _head(file, len(rows), whole.shape[1])
        for start in range(0, len(rows), AT_ONCE):
            file.write(whole[rows[start : start + AT_ONCE]].tobytes())
    path.unlink()


def _head(file: IO[bytes], rows: int, width: int) -> None:
    """Write the beginning of a file, of the same length for any number of rows."""
    shape: dict[str, Any] = {"descr": "<f4", "fortran_order": False, "shape": (rows, width)}
    np.lib.format.write_array_header_1_0(file, shape)
