"""Pictures that a table holds itself: the bytes of their files, in a column."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.types as kinds

from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.tables.opening import open_table
from pipeline.inputs.tables.table import Table

AT_ONCE = 16  # rows
KEPT = 64 << 20  # bytes of blocks that are kept for those who read nearly in order


def cell_path(column: str, row: int) -> str:
    """Give what a picture in a table is called, as a file in a folder has a path."""
    return f"{column}/{row}"


def read_cell(path: Path, cell: str, max_bytes: int) -> bytes:
    """Give the content of a picture that a table holds; from several threads at once, if need be.

    Parameters
    ----------
    path : Path
        The table.
    cell : str
        From `cell_path`.
    max_bytes : int
        Size cap.

    Raises
    ------
    SourceError
        If there is none, or the table is damaged.
    UnsafeInput
        If it is larger than ``max_bytes``.
    """
    column, _, row = cell.rpartition("/")
    if not row.isdecimal():
        raise SourceError(f"{cell!r} must be a picture of a table. Got no such row.")
    content = _cells(path, column).read(int(row))
    if len(content) > max_bytes:
        raise UnsafeInput(f"{cell!r} must be at most {max_bytes:,} bytes. Got {len(content):,}.")
    return content


def bytes_in(block: pa.RecordBatch) -> pa.Array:
    """Give the bytes of a block of one column of pictures, whether it has them alone or in a structure."""
    column = block.column(0)
    return compute.struct_field(column, "bytes") if kinds.is_struct(column.type) else column


class Cells:
    """Give the pictures of a column by row: fast where the rows that are asked for nearly follow one another.

    Parameters
    ----------
    table : Table
        A table.
    column : str
        One with bytes.

    Raises
    ------
    SourceError
        If there is no such column.
    """

    def __init__(self, table: Table, column: str) -> None:
        if column not in table.types:
            raise SourceError(f"{table.path} must have a column {column!r}. Got none.")
        self._table, self._column = table, column
        self._lock = Lock()
        self._kept = deque[tuple[int, pa.RecordBatch]]()
        self._ahead: Iterator[tuple[int, pa.RecordBatch]] = iter(())

    def read(self, row: int) -> bytes:
        """Give the picture of a row.

        Raises
        ------
        SourceError
            If there is none.
        """
        with self._lock:
            first, block = self._block(row)
        value = bytes_in(block)[row - first]
        if not value.is_valid:
            raise SourceError(f"Row {row:,} of {self._table.path} must have a picture. Got none.")
        return bytes(value.as_py())

    def _block(self, row: int) -> tuple[int, pa.RecordBatch]:
        """Give the block that has a row, and its first row."""
        if not self._kept or row < self._kept[0][0]:
            self._kept.clear()
            self._ahead = self._table.blocks_around(row, [self._column], AT_ONCE)
        while True:
            for first, block in self._kept:
                if first <= row < first + len(block):
                    return first, block
            found = next(self._ahead, None)
            if found is None:
                raise SourceError(f"{self._table.path} must have a row {row:,}. Got fewer rows.")
            self._kept.append(found)
            while len(self._kept) > 1 and sum(block.nbytes for _, block in self._kept) > KEPT:
                self._kept.popleft()


def _cells(path: Path, column: str) -> Cells:
    """Open a table, or give it again while it is the same file."""
    try:
        found = path.stat()
    except OSError as problem:
        raise SourceError(f"{path} must be a table that can be read. Got: {problem.strerror}.") from problem
    return _opened(path, column, found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2)
def _opened(path: Path, column: str, _inode: int, _changed: int, _size: int) -> Cells:
    return Cells(open_table(path), column)
