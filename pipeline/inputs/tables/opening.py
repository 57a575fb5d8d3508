"""Open a table by its first bytes, whatever its name."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import SourceError
from pipeline.inputs.files import describe
from pipeline.inputs.tables.arrow_files import ArrowTable, ParquetTable
from pipeline.inputs.tables.csv_file import CsvTable
from pipeline.inputs.tables.npz_file import NpzTable
from pipeline.inputs.tables.table import Table

BEGINS: dict[bytes, type[Table]] = {
    b"PAR1": ParquetTable,
    b"ARROW1": ArrowTable,
    b"\xff\xff\xff\xff": ArrowTable,  # a stream
    b"PK\x03\x04": NpzTable,
    b"PK\x05\x06": NpzTable,  # without an array
}
OTHERS = {
    b"\x80": "a pickle, which can run any program when it is read",
    b"\x93NUMPY": "a single array",
    b"\x89HDF": "an HDF5 file",
    b"FEA1": "a Feather file of version 1",
    b"\x1f\x8b": "a compressed file",
}


def open_table(path: Path) -> Table:
    """Open a Parquet, Arrow, .npz or CSV file.

    Raises
    ------
    SourceError
        If it is none, or damaged.
    UnsafeInput
        If it is too large.
    """
    wanted = "a Parquet, Arrow, CSV or .npz file"
    if not path.is_file():
        raise SourceError(f"table must be {wanted}. Got {path}: {describe(path)}.")
    try:
        with path.open("rb") as file:
            first = file.read(8)
    except OSError as problem:
        raise SourceError(f"table must be {wanted}. Got {path}: {problem.strerror or problem}.") from problem
    if kind := next((kind for begin, kind in BEGINS.items() if first.startswith(begin)), None):
        return kind(path)
    if other := next((what for begin, what in OTHERS.items() if first.startswith(begin)), None):
        raise SourceError(
            f"table must be {wanted}. Got {path}, {other}.",
            remedy="read it yourself in Python, and give lazybones.explore(features, labels) its arrays",
        )
    return CsvTable(path)
