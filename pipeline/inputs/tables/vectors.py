"""Vectors out of a table: a column of lists, or columns of numbers side by side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
from numpy.typing import NDArray

from cache import StoreError
from cache.arrays import StoredArray
from cache.counting import counted
from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.files import describe
from pipeline.inputs.tables.table import BLOCK, MAX_COLUMNS, Table, is_list, is_number

MAX_BYTES = 64 << 30  # of all vectors

LONGEST = 1e18  # of a vector: differences can still be squared and added in float32
LACKING, LARGE = 1, 2
"""What is wrong with a vector: it is not there or not finite; it is too long."""

Vectors = NDArray[np.float32]


def vectors_of(table: Table, names: Sequence[str]) -> Iterator[Vectors]:
    """Give the vectors of all rows, a block after the other.

    Parameters
    ----------
    table : Table
        Where they are.
    names : sequence of str
        One column of lists, or columns of numbers.

    Yields
    ------
    ndarray of float32, shape (k, d)
        With NaN where a value or a vector is missing, or a vector has another length than most; infinite where float32
        cannot hold a value.

    Raises
    ------
    SourceError
        If not most of the vectors have the length that most of the first ones have, or they are not of numbers.
    UnsafeInput
        If there are too many, or they are too long.
    """
    start, width, waiting, fitting, there = 0, 0, 0, 0, 0
    for block in table.blocks(names):
        if all(is_number(kind) for kind in block.schema.types):
            vectors = _side_by_side(block)
        else:
            vectors, lengths = _lists(f"{names[0]} of {table.path}", block.column(0), start, width)
            there, fitting = there + len(lengths), fitting + int((lengths == vectors.shape[1]).sum())
        start, width = start + len(block), vectors.shape[1]
        if start * width * 4 > MAX_BYTES:
            raise UnsafeInput(f"Vectors of {table.path} must take at most {MAX_BYTES:,} bytes. Got more.")
        if not width:  # nobody knows yet how long a vector is
            waiting += len(block)
            continue
        for first in range(0, waiting, BLOCK):
            yield np.full((min(BLOCK, waiting - first), width), np.nan, np.float32)
        waiting = 0
        yield vectors
    if there and not (width and fitting > there / 2):
        raise SourceError(
            f"{names[0]} of {table.path} must have vectors of one length. "
            f"Got {counted(width, 'value')} in {counted(fitting, 'row')} of {there:,}."
        )


def flaws_of(vectors: Vectors) -> NDArray[np.int8]:
    """Say what is wrong with each vector, int8 (k,): nothing (0), LACKING or LARGE."""
    with np.errstate(invalid="ignore", over="ignore"):
        squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    large = np.where(squares < LONGEST**2, 0, LARGE)
    return np.where(np.isfinite(vectors).all(axis=1), large, LACKING).astype(np.int8)


def vectors_of_file(path: Path, rows: int | None) -> Iterator[Vectors]:
    """Give the vectors of an .npy file in blocks, as `vectors_of` does.

    Raises
    ------
    SourceError
        If it is no array of numbers with ``rows`` rows and at least one column.
    """
    if not path.is_file():
        raise SourceError(f"{path} must be an .npy file of vectors. Got {describe(path)}.")
    try:
        array = StoredArray(path, "save it again")
    except StoreError as problem:
        raise SourceError(
            f"{path} must be an .npy file of vectors as NumPy saves it. Got: {problem.__cause__}."
        ) from problem
    good = len(array.shape) == 2 and array.dtype.kind in "iuf" and array.shape[1]
    if not good or (rows is not None and len(array) != rows):
        wanted = "rows" if rows is None else f"{rows:,} rows"
        raise SourceError(
            f"{path} must be an array of numbers with {wanted} and a vector in each. "
            f"Got {array.dtype} of shape {array.shape}."
        )
    for start in range(0, len(array), BLOCK):
        yield _narrow(array[start : start + BLOCK])


def _side_by_side(block: pa.RecordBatch) -> Vectors:
    """Give columns of numbers as the columns of a matrix; what is missing is NaN."""
    vectors = np.empty((len(block), block.num_columns), np.float32)
    for place, column in enumerate(block.columns):
        vectors[:, place] = _narrow(column.to_numpy(zero_copy_only=False))
    return vectors


def _lists(of: str, column: pa.Array, start: int, width: int) -> tuple[Vectors, NDArray[np.intp]]:
    """Give a column of lists as rows of a matrix, and how long each list is that is there.

    Rows are as wide as ``width`` says, or else most lists; 0 wide where all are missing.
    """
    if is_list(column.type):
        lengths = np.asarray(compute.list_value_length(column.drop_null())).astype(np.intp)
        flat = column.flatten().to_numpy(zero_copy_only=False)
    else:
        rows = [
            _parsed(of, text, start + row) for row, text in enumerate(column.to_pylist()) if text is not None
        ]
        lengths, flat = np.array([len(row) for row in rows], np.intp), np.concatenate([*rows, np.empty(0)])
    width = width or max(Counter(lengths[lengths > 0].tolist()).most_common(1), default=(0, 0))[0]
    if width > MAX_COLUMNS:
        raise SourceError(
            f"{of} must have vectors of up to {MAX_COLUMNS:,} values. Got {width:,} after row {start:,}."
        )
    fits = lengths == width
    vectors = np.full((len(column), width), np.nan, np.float32)
    if width:
        places = np.flatnonzero(np.asarray(column.is_valid()))[fits]
        vectors[places] = _narrow(flat[np.repeat(fits, lengths)]).reshape(-1, width)
    return vectors, lengths


def _parsed(of: str, text: str, row: int) -> NDArray[np.float64]:
    """Read a JSON list of numbers."""
    try:
        found = np.array(json.loads(text), np.float64)
    except (ValueError, TypeError, OverflowError, RecursionError):
        found = np.empty(())
    if found.ndim != 1:
        raise SourceError(
            f"{of} must have a JSON list of numbers in each row. Got {text[:40]!r} in row {row:,}.",
            remedy="write the lists with json.dumps(vector.tolist()), or save the table as Parquet",
        )
    return found


def _narrow(values: NDArray[Any]) -> Vectors:
    """Give numbers as float32; one that is too large becomes infinite."""
    with np.errstate(over="ignore"):
        return np.asarray(values, np.float32)
