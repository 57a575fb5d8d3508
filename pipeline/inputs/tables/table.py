"""A table that somebody brought, whatever its format: its columns, and their rows in blocks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.types as kinds

from cache.foreign import foreign
from cache.limits import IMAGES
from pipeline.errors import SourceError, UnsafeInput

MAX_COLUMNS = 70_000
MAX_READ = 2 << 30  # bytes of all columns that are held at once: never vectors, never pictures
BLOCK = 256  # rows


class Table(ABC):
    """Give a table's columns, and their rows in blocks: a table of any length takes little memory.

    Parameters
    ----------
    path : Path
        The file.

    Attributes
    ----------
    types : mapping of str to DataType
        Columns in their order, with their types; a column of vectors has lists of numbers.
    class_names : mapping of str to tuple of str
        Names of the integers in a column, where the file tells them, as Hugging Face's do.
    passed_over : tuple of str
        What else is in the file.
    remedies : mapping of str to str
        Advice by words in what Arrow says of a damaged file.
    """

    types: Mapping[str, pa.DataType]
    class_names: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    passed_over: tuple[str, ...] = ()
    remedies: Mapping[str, str] = MappingProxyType({})

    def __init__(self, path: Path) -> None:
        self.path = path

    @abstractmethod
    def blocks(self, names: Sequence[str], size: int = BLOCK) -> Iterator[pa.RecordBatch]:
        """Give all rows of some columns, in order, in blocks of about ``size`` rows.

        Raises
        ------
        SourceError
            If the file is damaged.
        UnsafeInput
            If it has too many rows.
        """

    def blocks_around(
        self, row: int, names: Sequence[str], size: int
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Give blocks with the number of their first row, from ``row`` or some before it; parameters as `blocks`."""
        first = 0
        for block in self.blocks(names, size):
            yield first, block
            first += len(block)

    def cells(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Give all rows of some columns for `read`."""
        return self.blocks(names, 64 * BLOCK)

    def read(self, names: Sequence[str]) -> pa.Table:
        """Give some columns whole: not vectors, not pictures.

        Raises
        ------
        SourceError
            If the file is damaged.
        UnsafeInput
            If they take too much memory, or have too many rows.
        """
        found, size, rows = list[pa.RecordBatch](), 0, 0
        for block in self.cells(names):
            found.append(block)
            size, rows = size + block.nbytes, rows + len(block)
            self.check_rows(rows)
            if size > MAX_READ:
                raise UnsafeInput(
                    f"Columns of {self.path} must take at most {MAX_READ:,} bytes. Got more in {', '.join(names[:8])}."
                )
        schema = found[0].schema if found else pa.schema([(name, pa.string()) for name in names])
        with self.told():
            return pa.Table.from_batches(found, schema).unify_dictionaries()

    def read_typed(self, names: Sequence[str]) -> pa.Table:
        """Give some columns whole, as `read`; where the format has text only, with the types that the values have."""
        return self.read(names)

    def check_rows(self, rows: int) -> None:
        """Refuse a table that is too long."""
        if rows > IMAGES:
            raise UnsafeInput(f"{self.path} must have at most {IMAGES:,} rows. Got more.")

    def check_columns(self, names: Sequence[str]) -> None:
        """Refuse a table that is too wide, or has two columns of one name."""
        if len(names) > MAX_COLUMNS:
            raise UnsafeInput(f"{self.path} must have at most {MAX_COLUMNS:,} columns. Got {len(names):,}.")
        seen = set[str]()
        for name in names:
            if name in seen:
                raise SourceError(f"Columns of {self.path} must have a name each. Got {name!r} twice.")
            seen.add(name)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say in our words what is wrong with the file."""
        with foreign(self._refused):
            yield

    def _refused(self, got: str) -> SourceError:
        remedy = next((what for sign, what in self.remedies.items() if sign in got), None)
        return SourceError(f"{self.path} must be a whole table that can be read. Got: {got}.", remedy=remedy)


def is_list(kind: pa.DataType) -> bool:
    """Say whether a column's values are lists of numbers."""
    lists = kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind)
    return lists and is_number(kind.value_type)


def is_number(kind: pa.DataType) -> bool:
    """Say whether a column's values are integers or floating-point numbers."""
    return bool(kinds.is_integer(kind) or kinds.is_floating(kind))


def is_text(kind: pa.DataType) -> bool:
    """Say whether a column's values are text, each written out or numbered."""
    kind = kind.value_type if kinds.is_dictionary(kind) else kind
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind))
