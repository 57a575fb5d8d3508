"""The vectors of a table as one matrix in a file, written while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cache.arrays import StoredArray
from cache.remedies import REPAIR
from pipeline.compute.progress import Progress
from pipeline.errors import SourceError
from pipeline.inputs.files import list_briefly
from pipeline.inputs.tables.rows import Rows
from pipeline.inputs.tables.vectors import Vectors, flaws_of, vectors_of, vectors_of_file

AT_ONCE = 1024  # rows


def write_vectors(
    path: Path, rows: Rows, features: Path | None, progress: Progress
) -> NDArray[np.int8] | None:
    """Write the vectors of all rows of a table, and say which cannot be used; None where it has pictures only.

    Parameters
    ----------
    path : Path
        An .npy file to be; its folder is made.
    rows : Rows
        What the table says.
    features : Path or None
        An .npy file that has the vectors in place of the table.
    progress : Progress
        Told the rows read.

    Raises
    ------
    SourceError
        If there are none and no pictures either, or not as many as rows.
    """
    table, count = rows.table, rows.count
    if features:
        blocks = vectors_of_file(features.expanduser(), count)
    elif rows.roles.embedding:
        blocks = vectors_of(table, rows.roles.embedding)
    elif rows.roles.image:
        return None
    else:
        raise SourceError(
            f"{table.path} must have a column of vectors, or one of pictures. "
            f"Got {list_briefly(list(table.types), 20)}.",
            remedy="the same command with the option embedding or features",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    flaws = write_matrix(path, blocks, lambda done: progress(done, max(done, count or 0), "rows"))
    if count is not None and len(flaws) != count:
        raise SourceError(
            f"Columns of {table.path} must have equally many rows. Got {count:,} and {len(flaws):,}."
        )
    return flaws


def write_matrix(path: Path, blocks: Iterable[Vectors], tell: Callable[[int], None]) -> NDArray[np.int8]:
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
    ndarray of int8, shape (n,)
        0 for rows that are good, LACKING for such that are not finite, LARGE for such that cannot be squared.
    """
    flaws, width = list[NDArray[np.int8]](), 0
    with path.open("wb") as file:
        _head(file, 0, 0)
        rows = 0
        for block in blocks:
            file.write(np.ascontiguousarray(block, np.float32).tobytes())
            flaws.append(flaws_of(block))
            rows, width = rows + len(block), block.shape[1]
            tell(rows)
        file.seek(0)
        _head(file, rows, width)
    return np.concatenate(flaws) if flaws else np.empty(0, np.int8)


def take_rows(path: Path, rows: NDArray[np.intp], target: Path) -> None:
    """Write some rows of a matrix, in their order, as another file; the first is gone then."""
    whole = StoredArray(path, REPAIR)
    if len(rows) == len(whole):
        path.rename(target)
        return
    with target.open("wb") as file:
        _head(file, len(rows), whole.shape[1])
        for start in range(0, len(rows), AT_ONCE):
            file.write(whole.rows(rows[start : start + AT_ONCE]).tobytes())
    path.unlink()


def _head(file: IO[bytes], rows: int, width: int) -> None:
    """Write the beginning of a file, of the same length for any number of rows."""
    shape: dict[str, Any] = {"descr": "<f4", "fortran_order": False, "shape": (rows, width)}
    np.lib.format.write_array_header_1_0(file, shape)
