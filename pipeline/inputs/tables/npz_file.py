"""Arrays that NumPy saved together: an .npz file."""

from __future__ import annotations

import math
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from numpy.lib import format as npy
from numpy.typing import NDArray

from cache.foreign import foreign
from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.tables.table import BLOCK, Table

MAX_MEMBERS = 1000
MAX_TURNED = 4 << 30  # bytes of an array whose columns, not rows, follow one another: it is read whole
MAX_CELL = 4096  # bytes of a text


@dataclass(frozen=True)
class _Member:
    """What an array's header says."""

    file: str
    shape: tuple[int, ...]
    turned: bool
    dtype: np.dtype[Any]


class NpzTable(Table):
    """Read an .npz file: its two-dimensional arrays of numbers are columns of vectors, one-dimensional ones columns.

    The largest two-dimensional array says how many rows there are; arrays of another length, or another shape, are
    passed over. Nothing is unpickled.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    SourceError
        If it is no .npz file.
    UnsafeInput
        If it has too many arrays or rows.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self._archive() as archive:
            found = dict(self._members(archive))
        if {"x_train", "y_train"} <= found.keys():
            raise SourceError(
                f"{path} must be a table, with a row an image. Got x_train and y_train, as Keras has images.",
                remedy="the same command with npz, a colon and the file as its source, and without the option table",
            )
        rows = _rows(found)
        self.check_rows(rows)
        self._found = {
            name: member
            for name, member in found.items()
            if member.shape[:1] == (rows,) and _is_column(member)
        }
        self.passed_over = tuple(name for name in found if name not in self._found)
        self.types = {name: _kind(member) for name, member in self._found.items()}
        self._count = rows

    def blocks(self, names: Sequence[str], size: int = BLOCK) -> Iterator[pa.RecordBatch]:
        """Give all rows of some arrays."""
        with self._archive() as archive:
            rows = [self._rows_of(archive, self._found[name], size) for name in names]
            for parts in zip(*rows, strict=True):
                yield pa.record_batch([_column(part) for part in parts], names=list(names))

    def _members(self, archive: zipfile.ZipFile) -> Iterator[tuple[str, _Member]]:
        files = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        if len(files) > MAX_MEMBERS:
            raise UnsafeInput(f"{self.path} must have at most {MAX_MEMBERS:,} arrays. Got {len(files):,}.")
        self.check_columns([info.filename for info in files])
        for info in files:
            with archive.open(info) as file:
                yield info.filename.removesuffix(".npy"), _header(info.filename, file)

    def _rows_of(self, archive: zipfile.ZipFile, member: _Member, size: int) -> Iterator[NDArray[Any]]:
        """Read an array's rows as they follow one another."""
        width = math.prod(member.shape[1:]) * member.dtype.itemsize
        with archive.open(member.file) as file:
            _header(member.file, file)
            if member.turned and width * self._count > MAX_TURNED:
                raise UnsafeInput(
                    f"{member.file} in {self.path} must be in C order, or at most {MAX_TURNED:,} bytes. Got more.",
                    remedy="save it with np.ascontiguousarray(...)",
                )
            whole = self._turned(file, member, width) if member.turned else None
            for start in range(0, self._count, size):
                stop = min(start + size, self._count)
                if whole is not None:
                    yield whole[start:stop]
                    continue
                content = self._exactly(file, member, (stop - start) * width)
                yield np.frombuffer(content, member.dtype).reshape(stop - start, *member.shape[1:])

    def _turned(self, file: IO[bytes], member: _Member, width: int) -> NDArray[Any]:
        content = self._exactly(file, member, width * self._count)
        return np.frombuffer(content, member.dtype).reshape(member.shape[::-1]).T

    def _exactly(self, file: IO[bytes], member: _Member, count: int) -> bytes:
        content = file.read(count)
        if len(content) != count:
            raise SourceError(
                f"{member.file} in {self.path} must have {member.shape} values. Got fewer: it is cut short."
            )
        return content

    @contextmanager
    def _archive(self) -> Iterator[zipfile.ZipFile]:
        whole = foreign(
            lambda got: SourceError(f"{self.path} must be an .npz file as NumPy saves it. Got: {got}.")
        )
        with whole, zipfile.ZipFile(self.path) as archive:
            yield archive


def _header(name: str, file: IO[bytes]) -> _Member:
    """Read what an array's file says of it, and leave the file where its values begin."""
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    version = npy.read_magic(file)
    if version not in read:
        raise ValueError(f"{name} is an array of a version that is not known")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a header that Python 2 wrote
        shape, turned, dtype = read[version](file)
    return _Member(name, shape, turned and len(shape) > 1, dtype)


def _rows(found: dict[str, _Member]) -> int:
    """Say how many rows the table has."""
    matrices = [member.shape for member in found.values() if len(member.shape) == 2 and _is_column(member)]
    if matrices:
        return max(matrices, key=math.prod)[0]
    lengths = Counter(member.shape[0] for member in found.values() if _is_column(member))
    return lengths.most_common(1)[0][0] if lengths else 0


def _is_column(member: _Member) -> bool:
    """Say whether an array can be a column: numbers, truth values or text; in two dimensions, vectors."""
    wide = len(member.shape) == 2 and member.shape[1] > 0
    text = member.dtype.kind in "US" and member.dtype.itemsize <= MAX_CELL
    return (wide and member.dtype.kind in "iuf") or (
        len(member.shape) == 1 and (text or member.dtype.kind in "iufb")
    )


def _kind(member: _Member) -> pa.DataType:
    cell = pa.string() if member.dtype.kind in "US" else pa.from_numpy_dtype(_plain(member.dtype))
    return pa.list_(cell) if len(member.shape) == 2 else cell


def _plain(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Give a type as Arrow knows it: in this machine's order of bytes, and of 64 bits at most."""
    return np.dtype(np.float64) if dtype.kind == "f" and dtype.itemsize > 8 else dtype.newbyteorder("=")


def _column(rows: NDArray[Any]) -> pa.Array:
    """Give rows of an array as a column."""
    if rows.dtype.kind == "S":
        return pa.array([text.decode("utf-8", "backslashreplace") for text in rows.tolist()], pa.string())
    if rows.dtype.kind == "U":
        return pa.array(rows.tolist(), pa.string())
    rows = np.ascontiguousarray(rows, _plain(rows.dtype))
    if rows.ndim == 1:
        return pa.array(rows, from_pandas=True)
    return pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), rows.shape[1])
