"""Verdicts as a file, CSV, Parquet or JSON: what people open in a spreadsheet, written and read."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from cache.foreign import foreign
from pipeline.errors import InvalidParameter, SourceError
from pipeline.verdicts.database import MOST_EDITS

FORMATS = (".csv", ".parquet", ".json")
MOST_BYTES = 256 << 20
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_LONGEST = 100_000  # characters of a cell
_BETWEEN = ";"
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """Hold what is said of one image.

    Attributes
    ----------
    id, file : str
        The image's name, and its file's path below the folder of the data set; empty for none.
    split : str
        "test" or "train".
    given : str
        Name of the class that it has.
    judged : str or None
        Of the class that it should have had.
    verdict : str or None
        "keep", "wrong", "unsure", "excluded".
    tags : tuple of str
        In order.
    who : str
        Who said so last.
    when : datetime
        In UTC.
    score : float or None
        How suspicious the label is.
    note : str
        In words.
    key : str
        Of the image, by its content.
    """

    id: str
    file: str
    split: str
    given: str
    judged: str | None
    verdict: str | None
    tags: tuple[str, ...]
    who: str
    when: datetime | None
    score: float | None
    note: str
    key: str


NAMES = tuple(item.name for item in fields(Row))


def written(rows: Sequence[Row], ending: str) -> bytes:
    """Give the content of a file.

    Parameters
    ----------
    rows : sequence of Row
        What is to be in it.
    ending : str
        One of ``FORMATS``.

    Raises
    ------
    InvalidParameter
        If it is another.
    """
    writers: dict[str, Callable[[Sequence[Row]], bytes]] = {
        ".csv": _csv,
        ".parquet": _parquet,
        ".json": _json,
    }
    return writers[_checked_ending(ending)](rows)


def read(path: Path) -> list[Row]:
    """Read a file that `written` gave, or one with some of its columns: ``id`` or ``key``, and what is said.

    Raises
    ------
    SourceError
        If it cannot be read, is too large, or has other columns.
    InvalidParameter
        If its name ends in none of ``FORMATS``.
    """
    ending = _checked_ending(path.suffix.lower())
    readers: dict[str, Callable[[bytes], Iterable[Mapping[str, Any]]]] = {
        ".csv": _from_csv,
        ".parquet": _from_parquet,
        ".json": _from_json,
    }
    with foreign(lambda got: _unusable(path, got)):
        if path.stat().st_size > MOST_BYTES:
            raise _unusable(path, f"{path.stat().st_size:,} bytes")
        entries = readers[ending](path.read_bytes())
        return [_numbered(number, entry) for number, entry in enumerate(entries, start=1)]


def _csv(rows: Sequence[Row]) -> bytes:
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(NAMES)
    for row in rows:
        plain = {**asdict(row), "tags": _BETWEEN.join(row.tags), "when": row.when and row.when.isoformat()}
        plain["score"] = None if row.score is None else repr(row.score)
        table.writerow([_guarded("" if plain[name] is None else str(plain[name]), name) for name in NAMES])
    return file.getvalue().encode("utf-8-sig")


def _from_csv(content: bytes) -> Iterable[Mapping[str, Any]]:
    csv.field_size_limit(_LONGEST)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")  # as spreadsheets write it where nobody asks for more
    between = max(_SEPARATORS, key=text.partition("\n")[0].count)  # a spreadsheet writes its country's
    table = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    names = next(table, [])
    if not {"id", "key"} & set(names):
        raise ValueError(f"the columns {', '.join(map(repr, names))}" if names else "an empty file")
    for cells in table:
        if any(cells):
            entry = {name: _unguarded(cell, name) for name, cell in zip(names, cells, strict=True)}
            tags = entry.get("tags", "").split(_BETWEEN)
            yield {**entry, "tags": [tag.strip() for tag in tags if tag.strip()]}


def _guarded(text: str, column: str) -> str:
    """Make a text safe in a spreadsheet, which would run what begins like a formula."""
    return f"'{text}" if column != "score" and _FORMULA.match(text) else text


def _unguarded(text: str, column: str) -> str:
    return text[1:] if column != "score" and text.startswith("'") and _FORMULA.match(text) else text


def _json(rows: Sequence[Row]) -> bytes:
    plain = [{**asdict(row), "when": row.when and row.when.isoformat()} for row in rows]
    return json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8", "surrogatepass")


def _from_json(content: bytes) -> Iterable[Mapping[str, Any]]:
    found = json.loads(content.decode("utf-8", "surrogatepass"))
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ValueError("no list of objects")
    return found


def _parquet(rows: Sequence[Row]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"tags": pa.list_(pa.string()), "when": pa.timestamp("us", tz="UTC"), "score": pa.float64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in NAMES])
    sink = io.BytesIO()
    pq.write_table(
        pa.Table.from_pylist([{**asdict(row), "tags": list(row.tags)} for row in rows], schema), sink
    )
    return sink.getvalue()


def _from_parquet(content: bytes) -> Iterable[Mapping[str, Any]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(content))
    if file.metadata.num_rows > MOST_EDITS:  # it may unpack to much more than it is
        raise ValueError(f"{file.metadata.num_rows:,} rows")
    found: list[dict[str, Any]] = file.read(
        columns=[n for n in file.schema_arrow.names if n in NAMES]
    ).to_pylist()
    return found


def _numbered(number: int, entry: Mapping[str, Any]) -> Row:
    try:
        return _row(entry)
    except (ValueError, TypeError) as problem:
        raise ValueError(f"row {number:,}: {problem}") from problem


def _row(entry: Mapping[str, Any]) -> Row:
    """Check an entry's parts; score and time, which a spreadsheet writes its own way, may be anything.

    Raises
    ------
    ValueError
        If one has another form.
    """
    if not (entry.get("id") or entry.get("key")):
        raise ValueError("a row without id and key")
    texts = {name: _text(entry, name) for name in ("id", "file", "split", "given", "who", "note", "key")}
    judged = _text(entry, "judged") or None
    verdict = _text(entry, "verdict").strip().lower() or None
    tags = entry.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("tags that are no list of texts")
    return Row(
        **texts,
        judged=judged,
        verdict=verdict,
        tags=tuple(tags),
        when=_time(entry.get("when")),
        score=_number(entry.get("score")),
    )


def _number(value: Any) -> float | None:
    with suppress(ValueError, TypeError):
        return number if isfinite(number := float(value)) else None
    return None


def _time(value: Any) -> datetime | None:
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(UTC) if isinstance(at, datetime) else None
    return None


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if value is not None and not (isinstance(value, str) and len(value) <= _LONGEST):
        raise ValueError(f"{name} that is no text")
    return value or ""


def _checked_ending(ending: str) -> str:
    if ending not in FORMATS:
        raise InvalidParameter(
            f"A file of labels must end in {', '.join(FORMATS)}. Got {ending or 'no ending'}."
        )
    return ending


def _unusable(path: Path, got: str) -> SourceError:
    return SourceError(
        f"{path} must be a file of labels, with columns id or key, and verdict, judged, tags or note. Got: {got}."
    )
