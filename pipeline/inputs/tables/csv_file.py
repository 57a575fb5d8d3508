"""Tables of text: CSV, or with tabs between the columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as csv
import pyarrow.types as kinds

from pipeline.errors import SourceError
from pipeline.inputs.tables.table import BLOCK, Table, is_number

AT_ONCE = 16 << 20  # bytes; no line may be longer
MISSING = ["", "NaN", "nan", "NA", "<NA>", "null", "NULL"]  # unless in quotes
TRIED = (pa.int64(), pa.float64(), pa.timestamp("us"), pa.bool_())
VECTORS = pa.list_(pa.float64())
SEPARATORS = ";|\t"
"""Of other files of text: a single column whose name has one is a table that was not taken apart."""
REMEDIES = {
    "invalid UTF8": "save the file again in the encoding UTF-8",
    "columns, got": "give each line as many values as the first; a value with a comma in it stands in double quotes",
}


class CsvTable(Table):
    """Read a table of text, in UTF-8, with its columns' names in the first line.

    A column whose values look like JSON lists counts as one of vectors, a column of numbers as one of numbers; all
    others are text. The first 16 MiB decide.

    Parameters
    ----------
    path : Path
        The file; with tabs between its columns if it is called .tsv.

    Raises
    ------
    SourceError
        If it is no such file.
    UnsafeInput
        If it has too many columns.
    """

    remedies = MappingProxyType(REMEDIES)

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self.told(), self._open() as reader:
            names = reader.schema.names
            self.check_columns(names)
            self._check_separator(names)
            sample = next(iter(reader), None)
        self.types = (
            dict.fromkeys(names, pa.string())
            if sample is None
            else {
                name: _kind(values) for name, values in zip(sample.schema.names, sample.columns, strict=True)
            }
        )

    def blocks(self, names: Sequence[str], size: int = BLOCK) -> Iterator[pa.RecordBatch]:
        """Give all rows of some columns: numbers as float32, all else as text, JSON lists too."""
        wanted = {name: pa.float32() if is_number(self.types[name]) else pa.string() for name in names}
        for batch in self._batches(wanted):
            yield from (batch.slice(start, size) for start in range(0, len(batch), size))

    def cells(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Give all rows of some columns as text."""
        return self._batches(dict.fromkeys(names, pa.string()))

    def read_typed(self, names: Sequence[str]) -> pa.Table:
        """Give some columns whole: as integers, numbers, dates or truth values where all values are such."""
        found = self.read(names)
        return pa.table([_typed(values) for values in found.columns], names=found.schema.names)

    def _check_separator(self, names: Sequence[str]) -> None:
        """Refuse a table with something else than commas (tabs in a .tsv) between its columns."""
        if len(names) == 1 and any(sign in names[0] for sign in SEPARATORS):
            raise SourceError(
                f"{self.path} must have commas between its columns, or tabs if it is called .tsv. "
                f"Got a single column called {names[0][:80]!r}.",
                remedy="save the table with commas between the columns; one with tabs must be called .tsv",
            )

    def _batches(self, types: Mapping[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
        rows = 0
        with self.told(), self._open(types) as reader:
            for batch in reader:
                rows += len(batch)
                self.check_rows(rows)
                yield batch

    def _open(self, types: Mapping[str, pa.DataType] | None = None) -> csv.CSVStreamingReader:
        return csv.open_csv(
            self.path,
            read_options=csv.ReadOptions(block_size=AT_ONCE, use_threads=False),
            parse_options=csv.ParseOptions(
                delimiter="\t" if self.path.suffix.lower() == ".tsv" else ",", newlines_in_values=True
            ),
            convert_options=csv.ConvertOptions(
                column_types=types,
                include_columns=list(types or ()) or None,
                null_values=MISSING,
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )


def _kind(values: pa.Array) -> pa.DataType:
    """Give a column's type by its first values."""
    if not kinds.is_string(values.type):
        return values.type if is_number(values.type) else pa.string()
    there = values.drop_null()
    is_json = len(there) > 0 and compute.all(compute.match_substring_regex(there[:64], r"^\s*\[")).as_py()
    return VECTORS if is_json else pa.string()


def _typed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give text as what it says, where all of it is of one kind."""
    if values.null_count == len(values):
        return values
    for kind in TRIED:
        try:
            return values.cast(kind)
        except pa.ArrowInvalid:
            continue
    return values
