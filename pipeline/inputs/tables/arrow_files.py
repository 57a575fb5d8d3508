"""Parquet and Arrow files."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from pipeline.compute.memory import require
from pipeline.errors import UnsafeInput
from pipeline.inputs.tables.table import BLOCK, MAX_COLUMNS, Table, is_text

BUFFERS = 64 << 20  # bytes, of all columns together
LONGEST_NOTE = 16 << 20  # bytes, of what a file says about itself
ARROW_FILE = b"ARROW1"


class ParquetTable(Table):
    """Read a Parquet file.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    SourceError
        If it is no whole Parquet file.
    UnsafeInput
        If it has too many rows or columns.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self.told(), self._open() as file:
            schema = file.schema_arrow
            self.check_rows(file.metadata.num_rows)
            self._check_lists(file.metadata)
            _describe(self, schema)

    def blocks(self, names: Sequence[str], size: int = BLOCK) -> Iterator[pa.RecordBatch]:
        """Give all rows of some columns; one text that is there a million times is read once."""
        for _, block in self.blocks_around(0, names, size):
            yield block

    def blocks_around(
        self, row: int, names: Sequence[str], size: int
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Give blocks from the group of rows on that has ``row``."""
        texts = [name for name in names if is_text(self.types[name])]
        with self.told(), self._open(texts, BUFFERS // max(len(names), 1)) as file:
            ends = np.cumsum([file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)])
            group = int(np.searchsorted(ends, row, "right"))
            first = int(ends[group - 1]) if group else 0
            groups = range(group, file.num_row_groups)
            for block in file.iter_batches(size, row_groups=groups, columns=list(names), use_threads=False):
                yield first, block
                first += len(block)

    def _check_lists(self, said: parquet.FileMetaData) -> None:
        """Refuse lists that are too long, before any is unpacked."""
        groups = (said.row_group(number) for number in range(said.num_row_groups))
        longest = max(
            (
                group.column(place).num_values / max(group.num_rows, 1)
                for group in groups
                for place in range(group.num_columns)
            ),
            default=0,
        )
        if longest > MAX_COLUMNS:
            raise UnsafeInput(
                f"Lists in {self.path} must have at most {MAX_COLUMNS:,} values. Got {longest:,.0f} on average."
            )

    def _open(self, texts: Sequence[str] = (), buffer: int = 0) -> parquet.ParquetFile:
        return parquet.ParquetFile(
            self.path,
            read_dictionary=list(texts) or None,
            buffer_size=min(max(buffer, 1 << 14), 1 << 20),
            thrift_string_size_limit=LONGEST_NOTE,
            thrift_container_size_limit=1 << 20,
            arrow_extensions_enabled=False,
            page_checksum_verification=True,
        )


class ArrowTable(Table):
    """Read an Arrow file, also one that is a stream, as Hugging Face's `datasets` keeps them.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    SourceError
        If it is no whole Arrow file.
    UnsafeInput
        If it has too many columns.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self.told(), path.open("rb") as file:
            self._is_file = file.read(len(ARROW_FILE)) == ARROW_FILE
        with self.told(), self._source() as source:
            _describe(self, self._open(source).schema)
        self._places = {name: place for place, name in enumerate(self.types)}

    def blocks(self, names: Sequence[str], size: int = BLOCK) -> Iterator[pa.RecordBatch]:
        """Give all rows of some columns; what the file says of their lengths is checked before it is believed."""
        wanted, rows = [self._places[name] for name in names], 0
        with self.told(), self._source() as source:
            for batch in self._batches(self._open(source, sorted(wanted))):
                batch.validate(full=True)
                rows += len(batch)
                self.check_rows(rows)
                chosen = batch.select(list(names))
                yield from (chosen.slice(start, size) for start in range(0, len(chosen), size))

    def _source(self) -> pa.NativeFile:
        """Open the file: only what is wanted is read of one, of a stream a whole batch at a time."""
        return pa.OSFile(str(self.path)) if self._is_file else pa.PythonFile(_Stream(self.path), "r")

    def _open(self, source: pa.NativeFile, fields: Sequence[int] | None = None) -> Any:
        options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
        return (pa.ipc.open_file if self._is_file else pa.ipc.open_stream)(source, options=options)

    def _batches(self, reader: Any) -> Iterator[pa.RecordBatch]:
        if self._is_file:
            yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
        else:
            yield from reader


class _Stream(io.BufferedReader):
    """Read a stream, whose batches are read with all their columns and may be as long as it says.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self._size, self._title = path.stat().st_size, path.name

    def read(self, size: int | None = -1, /) -> bytes:
        """Give some bytes, if there is memory for them."""
        wanted = self._size if size is None or size < 0 else size
        if wanted > BUFFERS:
            require(f"a batch of {self._title}", wanted)
        return super().read(size)


def _describe(table: Table, schema: pa.Schema) -> None:
    """Note what columns a table has; their names may be no text."""
    table.check_columns(schema.names)
    table.types = dict(zip(schema.names, schema.types, strict=True))
    table.class_names = _class_names(schema)


def _class_names(schema: pa.Schema) -> dict[str, tuple[str, ...]]:
    """Give the names of classes that Hugging Face's `datasets` notes beside a table."""
    noted = (schema.metadata or {}).get(b"huggingface", b"{}")
    if len(noted) > LONGEST_NOTE:
        raise UnsafeInput(f"A table's notes must be at most {LONGEST_NOTE:,} bytes. Got {len(noted):,}.")
    try:
        features = json.loads(noted)["info"]["features"]
        return {
            name: tuple(features[name]["names"])
            for name in schema.names
            if name in features and _is_names(features[name].get("names"))
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _is_names(names: object) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names)
