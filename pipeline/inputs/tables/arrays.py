"""Arrays that somebody has in Python, written as a table that the source reads again."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image, ImageOps

from cache.files import absolute
from pipeline.errors import SourceError
from pipeline.inputs.files import file_digest
from pipeline.inputs.tables.roles import NONE

BRIGHTEST = 255
PNG_MODES = ("1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA")


@dataclass(frozen=True)
class Written:
    """Hold where a table was written, and which of its columns is for what.

    Attributes
    ----------
    path : Path
        An Arrow file.
    embedding, label, image : str
        Its columns; "none" for those that there are not.
    images : Path or None
        The folder that paths of pictures begin in, if there are any.
    """

    path: Path
    embedding: str
    label: str
    image: str
    images: Path | None


def write_arrays(
    folder: Path, name: str, features: Any, labels: Any = None, images: Any = None, table: Any = None
) -> Written:
    """Write arrays as an Arrow file, in a folder that is called as its content's digest.

    Parameters
    ----------
    folder : Path
        Where to write.
    name : str
        What to call the file.
    features : array-like of shape (n, d), or None
        Vectors.
    labels : array-like of shape (n,), optional
        Classes.
    images : sequence of n, optional
        Paths, pictures of Pillow, arrays, or files' content as bytes; None where a row has none.
    table : mapping, DataFrame or Arrow table, optional
        Further columns. Where all that is given has an index with the same values, rows belong together by it.

    Raises
    ------
    SourceError
        If they are not of one length, not what they should be, or have indexes that differ.
    """
    features, labels, images, table = _in_one_order(features, labels, images, table)
    further = _further(table)
    free = _Names(further)
    columns: dict[str, Any] = {}
    root = None
    if features is not None:
        columns[free("embedding")] = _vectors(features)
    if labels is not None:
        columns[free("label")] = _labels(labels)
    if images is not None:
        columns[free("image")], root = _pictures(list(images))
    lengths = {free.meant[column]: len(values) for column, values in columns.items()}
    lengths |= {"table": further.num_rows} if further.num_columns else {}
    if len({*lengths.values()}) != 1:
        got = ", ".join(f"{length:,} in {what}" for what, length in lengths.items()) or "nothing"
        raise SourceError(f"features, labels, images and table must have equally many rows. Got {got}.")
    columns |= {column: further.column(column) for column in further.column_names}
    found = {meant: column for column, meant in free.meant.items()}
    embedding, label, image = (found.get(role, NONE) for role in ("embedding", "label", "image"))
    return Written(_write(folder, name, pa.table(columns)), embedding, label, image, root)


def _in_one_order(features: Any, labels: Any, images: Any, table: Any) -> tuple[Any, Any, Any, Any]:
    """Put rows into the order of the first index, where there are several; without an index, they stay as they are."""
    given = {"features": features, "labels": labels, "images": images}
    for what, values in given.items():
        if isinstance(values, Mapping | set | frozenset):
            raise SourceError(
                f"{what} must be a sequence with a value a row. Got a {type(values).__name__}.",
                remedy="put the values into a list, in the order of the rows",
            )
    columns = {f"table's {name}": values for name, values in table.items()} if isinstance(table, dict) else {}
    given |= columns or {"table": table}
    given = {what: values for what, values in given.items() if values is not None}
    indexed = [what for what, values in given.items() if hasattr(values, "iloc")]
    for what in indexed[1:]:
        index, other = given[indexed[0]].index, given[what].index
        if index.equals(other):
            continue
        order = _order(index, other) if len(indexed) == len(given) else None
        if order is None:
            raise SourceError(
                f"{indexed[0]} and {what} must have the same index. Got indexes that differ.",
                remedy="reset_index(drop=True) for each, if rows belong together by their places; "
                "else bring them into one order first",
            )
        given[what] = given[what].iloc[order]
    further = {name: given.get(f"table's {name}") for name in table} if columns else given.get("table")
    return given.get("features"), given.get("labels"), given.get("images"), further


def _order(index: Any, other: Any) -> NDArray[np.intp] | None:
    """Give where the values of an index are in another; None if they are not the same, each once."""
    if len(index) != len(other) or not (index.is_unique and other.is_unique):
        return None
    order: NDArray[np.intp] = other.get_indexer(index)
    return order if (order >= 0).all() else None


class _Names:
    """Give names of columns that no other column has."""

    def __init__(self, taken: pa.Table) -> None:
        self._taken = set(taken.column_names)
        self.meant: dict[str, str] = {}

    def __call__(self, wanted: str) -> str:
        name = wanted
        while name in self._taken:
            name += "_"
        self.meant[name] = wanted
        return name


def _write(folder: Path, name: str, table: pa.Table) -> Path:
    """Write a table; once, however often it comes."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}.arrow"
    try:
        with pa.ipc.new_file(str(draft), table.schema.remove_metadata()) as writer:
            writer.write_table(table, max_chunksize=1024)
        target = folder / file_digest(draft, "sha256")[:16] / f"{name}.arrow"
        target.parent.mkdir(exist_ok=True)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _plain(values: Any) -> Any:
    """Give a tensor of PyTorch as an array, wherever it lies; all else as it is, unless values of it are masked."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise SourceError(
            f"Arrays must have no masked values. Got {int(np.ma.getmaskarray(values).sum()):,}.",
            remedy="fill them first: filled(numpy.nan) leaves out rows of features",
        )
    if hasattr(values, "detach") and hasattr(values, "cpu"):
        return np.asarray(values.detach().cpu())
    return values


def _vectors(features: Any) -> pa.Array:
    """Give vectors as a column of lists of one length."""
    try:
        whole = _plain(features)
        if (
            not hasattr(whole, "__array__") or str(getattr(whole, "dtype", "")) == "object"
        ):  # rows, each by itself
            whole = [np.asarray(_plain(row)) for row in whole]
        array = np.asarray(whole)
        if array.dtype.kind == "c":
            raise TypeError("complex numbers")
        array = np.ascontiguousarray(array, np.float32)
    except (ValueError, TypeError) as problem:
        raise SourceError(f"features must be numbers of shape (n, d). Got: {problem}.") from problem
    if array.ndim != 2 or 0 in array.shape:
        raise SourceError(f"features must be numbers of shape (n, d). Got the shape {array.shape}.")
    return pa.FixedSizeListArray.from_arrays(pa.array(array.reshape(-1)), array.shape[1])


def _labels(labels: Any) -> Any:
    """Give classes as a column."""
    labels = _plain(labels)
    plain = labels.reshape(-1) if isinstance(labels, np.ndarray) and labels.ndim == 2 else labels
    try:
        return pa.array(plain if hasattr(plain, "dtype") else list(plain), from_pandas=True)
    except (pa.ArrowException, ValueError, TypeError) as problem:
        raise SourceError(
            f"labels must be text, whole numbers, truth values or categories. Got: {problem}."
        ) from problem


def _pictures(images: Sequence[Any]) -> tuple[pa.Array, Path | None]:
    """Give pictures as a column of paths, with the folder that all are in, or of bytes."""
    there = [image for image in images if image is not None]
    if there and all(isinstance(image, str | os.PathLike) for image in there):
        paths = [None if image is None else str(absolute(Path(image))) for image in images]
        root = os.path.commonpath([str(Path(path).parent) for path in paths if path is not None])
        return pa.array(paths, pa.string()), Path(root)
    return pa.array(
        [None if image is None else _bytes(image, row) for row, image in enumerate(images)], pa.large_binary()
    ), None


def _bytes(image: Any, row: int) -> bytes:
    """Give a picture as a file's content."""
    if isinstance(image, bytes | bytearray | memoryview):
        return bytes(image)
    picture = image if isinstance(image, Image.Image) else Image.fromarray(_pixels(image, row))
    picture = ImageOps.exif_transpose(picture)
    if picture.mode not in PNG_MODES:
        picture = picture.convert("RGB")
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _pixels(image: Any, row: int) -> NDArray[np.uint8]:
    """Give an array as pixels uint8 (h, w) or (h, w, c), whether its colours come first or last."""
    array = np.asarray(_plain(image))
    if array.ndim == 3 and array.shape[0] in (1, 3, 4) and array.shape[2] not in (1, 3, 4):
        array = array.transpose(1, 2, 0)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    good = array.ndim in (2, 3) and array.shape[2:] in ((), (3,), (4,)) and 0 not in array.shape
    if good and array.dtype.kind == "f" and array.min() >= 0 and array.max() <= 1:
        array = np.rint(array * BRIGHTEST).astype(np.uint8)
    if not good or array.dtype.kind not in "ui" or array.min() < 0 or array.max() > BRIGHTEST:
        raise SourceError(
            "images must be paths, pictures of Pillow, bytes, or arrays (h, w) or (h, w, c) of 0 to 255, or of 0 to 1. "
            f"Got {array.dtype} of shape {array.shape} for image {row:,}."
        )
    return np.ascontiguousarray(array, np.uint8)


def _further(table: Any) -> pa.Table:
    """Give further columns as an Arrow table."""
    if table is None:
        return pa.table({})
    try:
        if isinstance(table, pa.Table):
            return table
        if hasattr(table, "to_arrow"):
            return table.to_arrow()
        if hasattr(table, "iloc"):
            return pa.Table.from_pandas(table, preserve_index=False)
        return pa.table(
            {str(name): pa.array(_plain(values), from_pandas=True) for name, values in dict(table).items()}
        )
    except (pa.ArrowException, ValueError, TypeError) as problem:
        raise SourceError(f"table must be columns of one length. Got: {problem}.") from problem
