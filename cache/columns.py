"""Further columns of a data set's test images: categories, numbers, dates and text, in one JSON file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from cache.counting import counted
from cache.errors import ArtefactCorrupt
from cache.foreign import foreign
from cache.json_shape import shape_of
from cache.limits import CLASSES, NAME

FILE = "columns.json"
KINDS = ("category", "number", "date", "text")
MOST_BYTES = 32 << 20  # four times that in memory, with a letter that takes four bytes
MOST_COLUMNS = 50
MOST_NAMES = CLASSES
LONGEST_NAME = NAME  # of a column, or a category
LONGEST_TEXT = 1_000

_HEAD = re.compile(r'\s*\{\s*"columns"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"\s*,?\s*")


@dataclass(frozen=True, eq=False)
class Column:
    """Hold a column: a value an image, or none.

    Attributes
    ----------
    name : str
        What people call it.
    kind : str
        One of ``KINDS``.
    values : ndarray, shape (n,)
        Category: int16, a place in ``names``, -1 for none. Number: float64, NaN for none.
        Date: datetime64[ms], NaT for none. Text: object, a str or None.
    names : tuple of str
        Of the categories.
    """

    name: str
    kind: str
    values: NDArray[Any]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value, bool (n,)."""
        if self.kind == "category":
            return np.asarray(self.values < 0)
        if self.kind == "text":
            return np.array([value is None for value in self.values], bool)
        return np.asarray(np.isnan(self.values) if self.kind == "number" else np.isnat(self.values))

    def take(self, rows: NDArray[np.integer[Any]]) -> Column:
        """Give the column of other rows; -1 is a row without a value. Categories that nothing has are dropped."""
        gone = np.asarray(rows) < 0
        values = self.values[np.where(gone, 0, rows)] if len(self) else empty_values(self.kind, len(rows))
        values[gone] = empty_values(self.kind, 1)[0]
        if self.kind != "category":
            return replace(self, values=values)
        used = np.unique(values[values >= 0])
        places = np.full(len(self.names) + 1, -1, np.int16)  # the last one is what -1 finds
        places[used] = np.arange(len(used))
        return replace(self, values=places[values], names=tuple(self.names[place] for place in used))


def empty_values(kind: str, n: int) -> NDArray[Any]:
    """Give the values of ``n`` rows that have none."""
    nothing: Mapping[str, tuple[Any, Any]] = {
        "category": (-1, np.int16),
        "number": (np.nan, np.float64),
        "date": (np.datetime64("NaT"), "datetime64[ms]"),
        "text": (None, object),
    }
    value, dtype = nothing[kind]
    return np.full(n, value, dtype)


def columns_json(columns: list[Column]) -> Iterator[str]:
    """Write columns as JSON, a column at a time."""
    yield '{"columns": ['
    for place, column in enumerate(columns):
        kind = {"name": column.name, "kind": column.kind}
        names = {"names": list(column.names)} if column.kind == "category" else {}
        entry = {**kind, **names, "values": list(_plain(column))}
        yield f"{',' if place else ''}\n{json.dumps(entry, ensure_ascii=False, allow_nan=False)}"
    yield "\n]}\n"


def _plain(column: Column) -> Iterator[Any]:
    values: Any = column.values
    if column.kind == "date":
        days = values.astype("datetime64[D]")
        whole = bool((days == values)[~column.missing].all())
        values = np.datetime_as_string(days) if whole else np.datetime_as_string(values)
    elif column.kind == "number":
        values = [int(value) if value.is_integer() else value for value in values.tolist()]
    else:
        values = values.tolist()
    for value, gone in zip(values, column.missing.tolist(), strict=True):
        yield None if gone else value if not isinstance(value, np.str_) else str(value)


def read_columns(dataset: Artefact) -> tuple[Column, ...]:
    """Give the further columns of a data set's test images; none where it has none.

    Parameters
    ----------
    dataset : Artefact
        A data set.

    Raises
    ------
    ArtefactCorrupt
        If they are not what `columns_json` writes, or do not have a value for each test image.
    """
    if FILE not in dataset.manifest.files:
        return ()
    size = dataset.manifest.files[FILE]["size"]
    if size > MOST_BYTES:
        raise _damaged(dataset, f"{size:,} bytes, more than {MOST_BYTES:,}")
    found: dict[str, Column] = {}
    with foreign(lambda got: _damaged(dataset, got)):
        path = dataset.path(FILE)
        containers, commas = shape_of(path)
        most = MOST_COLUMNS * (dataset.manifest.dims["n_test"] + MOST_NAMES + 5)
        if containers > 2 + 3 * MOST_COLUMNS or commas > most:
            raise ValueError(f"{counted(commas, 'comma')} and {counted(containers, 'list')}")
        text = path.read_text("utf-8")
        for entry in _entries(text):
            column = _column(entry, dataset.manifest.dims["n_test"])
            if column.name in found or len(found) == MOST_COLUMNS:
                raise ValueError("two columns of one name, or too many")
            found[column.name] = column
    return tuple(found.values())


def _damaged(dataset: Artefact, got: str) -> ArtefactCorrupt:
    must = f"at most {MOST_COLUMNS} columns of {counted(dataset.manifest.dims['n_test'], 'value')} each"
    return ArtefactCorrupt(f"{dataset.folder / FILE} must have {must}. Got {got}.", remedy=dataset.repair)


def _entries(text: str) -> Iterator[Any]:
    """Read one column after the other, so that only one of them lies in memory as Python's objects."""
    decoder = json.JSONDecoder(parse_constant=_no_number)
    head = _HEAD.match(text)
    if head is None:
        raise ValueError("no list of columns")
    at = head.end()
    while text[at : at + 1] != "]":
        entry, at = decoder.raw_decode(text, at)
        at = _end(_BETWEEN, text, at)
        yield entry
    if text[at:].split() not in (["]", "}"], ["]}"]):
        raise ValueError("more than a list of columns")


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _no_number(constant: str) -> float:
    raise ValueError(constant)


def _column(entry: Any, n: int) -> Column:
    """Check what was read of a column, and give it as arrays."""
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
        raise ValueError(f"a column that is none of {', '.join(KINDS)}")
    name, values = entry.get("name"), entry.get("values")
    if not _is_text(name, LONGEST_NAME) or not name:
        raise ValueError(f"a column whose name has not 1 to {LONGEST_NAME} characters")
    if not isinstance(values, list) or len(values) != n:
        got = counted(len(values), "value") if isinstance(values, list) else "no list of values"
        raise ValueError(f"{got} in {name!r}")
    try:
        return _READERS[entry["kind"]](name, values, entry)
    except ValueError as problem:
        raise ValueError(f"{problem} in {name!r}") from problem


def _categories(name: str, values: list[Any], entry: Mapping[str, Any]) -> Column:
    names = entry.get("names")
    if not isinstance(names, list) or not all(_is_text(text, LONGEST_NAME) for text in names):
        raise ValueError("no names of categories")
    if len(names) > MOST_NAMES or len(set(names)) < len(names):
        raise ValueError(f"a name twice, or more than {MOST_NAMES:,} names,")
    if not all(value is None or (type(value) is int and 0 <= value < len(names)) for value in values):
        raise ValueError("a category without a name")
    numbers = np.array([-1 if value is None else value for value in values], np.int16)
    return Column(name, "category", numbers, tuple(names))


def _numbers(name: str, values: list[Any], _entry: Mapping[str, Any]) -> Column:
    if not all(value is None or type(value) in (int, float) for value in values):
        raise ValueError("a value that is no number")
    numbers = np.array([np.nan if value is None else float(value) for value in values], np.float64)
    if np.isinf(numbers).any():
        raise ValueError("a number that is too large")
    return Column(name, "number", numbers)


def _dates(name: str, values: list[Any], _entry: Mapping[str, Any]) -> Column:
    if not all(value is None or (_is_text(value, 30) and value[:4].isdecimal()) for value in values):
        raise ValueError("a value that is no date")
    return Column(name, "date", np.array([value or "NaT" for value in values], "datetime64[ms]"))


def _texts(name: str, values: list[Any], _entry: Mapping[str, Any]) -> Column:
    if not all(value is None or _is_text(value, LONGEST_TEXT) for value in values):
        raise ValueError(f"a value that is no text of at most {LONGEST_TEXT:,} characters")
    texts = empty_values("text", len(values))
    texts[:] = values
    return Column(name, "text", texts)


def _is_text(value: Any, longest: int) -> bool:
    """Say whether a value is a text that can be sent: one without half a surrogate pair."""
    return isinstance(value, str) and len(value) <= longest and not re.search("[\ud800-\udfff]", value)


_READERS: Mapping[str, Callable[[str, list[Any], Mapping[str, Any]], Column]] = {
    "category": _categories,
    "number": _numbers,
    "date": _dates,
    "text": _texts,
}
