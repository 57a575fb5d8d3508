"""What each column of a table is for: as somebody said, or as its name and type suggest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.types as kinds

from cache.commands import Again
from cache.counting import counted
from pipeline.errors import SourceError
from pipeline.inputs.files import list_briefly
from pipeline.inputs.tables.table import Table, is_list, is_number, is_text

NONE = "none"
"""What people write for a column that they do not want, though it looks like one."""
MOST_FURTHER = 50
NAMES = {
    "embedding": ("embedding", "embeddings", "features", "feature", "vector", "vectors", "x"),
    "label": ("label", "labels", "class", "target", "category", "y", "fine_label"),
    "image": (
        "image",
        "img",
        "picture",
        "photo",
        "image_path",
        "filepath",
        "file_path",
        "path",
        "filename",
        "file",
    ),
    "id": ("id", "ids", "name", "names", "key", "uid"),
    "split": ("split", "subset", "partition"),
}
"""Names that suggest what a column is for, the likeliest first."""
_NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)


@dataclass(frozen=True)
class Roles:
    """Hold the columns by what they are for.

    Attributes
    ----------
    embedding : tuple of str
        One column of lists, or columns of numbers side by side; empty without vectors.
    label, image, id, split : str
        A column each; empty without.
    further : tuple of str
        All others that have values which can be shown.
    guessed : tuple of str
        Of which of these nobody had said it: "label".
    """

    embedding: tuple[str, ...] = ()
    label: str = ""
    image: str = ""
    id: str = ""
    split: str = ""
    further: tuple[str, ...] = ()
    guessed: tuple[str, ...] = field(default=(), compare=False)

    def as_json(self) -> dict[str, object]:
        """Give what the data set's key depends on: columns of a long row by its ends."""
        found = {name: getattr(self, name) for name in ("label", "image", "id", "split")}
        ends = [self.embedding[0], self.embedding[-1], len(self.embedding)] if self.embedding else []
        return {"embedding": ends, "further": list(self.further), **found}

    def in_words(self) -> str:
        """Say which column was taken for what: "embedding from f0 to f2047, label from species (guessed)"."""
        taken = [
            f"{name} from {self._named(name)}{' (guessed)' if name in self.guessed else ''}"
            for name in NAMES
            if getattr(self, name)
        ]
        more = f"{counted(len(self.further), 'further column')}" if self.further else ""
        return ", ".join([*taken, *([more] if more else [])])

    def _named(self, name: str) -> str:
        columns = self.embedding if name == "embedding" else (getattr(self, name),)
        return columns[0] if len(columns) == 1 else f"{columns[0]} to {columns[-1]}"


def find_roles(table: Table, asked: Mapping[str, str | None], *, vectors_elsewhere: bool) -> Roles:
    """Find which column of a table is for what.

    Parameters
    ----------
    table : Table
        The table.
    asked : mapping of str to str or None
        Column by role, as `NAMES` has them, where somebody said so; "none" for no column. For ``embedding``, the common
        prefix of numbered columns will do.
    vectors_elsewhere : bool
        Whether the vectors are in another file.

    Raises
    ------
    SourceError
        If there is no such column, it cannot be used for that, or several could be.
    """
    if vectors_elsewhere and asked.get("embedding"):
        raise SourceError(
            "Vectors must come from one place. Got a column and a file.", remedy=Again({"--features": None})
        )
    finder = _Finder(table, asked)
    found = {role: finder.column(role, fits) for role, fits in _FITS.items()}
    embedding = () if vectors_elsewhere else finder.embedding()
    taken = {*embedding, *found.values()}
    others = [name for name, kind in table.types.items() if name not in taken and _can_be_shown(kind)]
    spare = {
        name for names in _numbered(table, others).values() if len(names) > MOST_FURTHER for name in names
    }
    further = tuple(name for name in others if name not in spare)[:MOST_FURTHER]
    return Roles(embedding, **found, further=further, guessed=tuple(finder.guessed))


class _Finder:
    """Find columns, and note which of them nobody had named."""

    def __init__(self, table: Table, asked: Mapping[str, str | None]) -> None:
        self._table = table
        self._asked = {role: name for role, name in asked.items() if name}
        self._low = {name.lower(): name for name in reversed(list(table.types))}
        self.guessed: list[str] = []

    def column(self, role: str, fits: Callable[[pa.DataType], bool]) -> str:
        """Give the column for a role; nothing where there is none and nobody asked."""
        name = self._asked.get(role)
        if name == NONE and NONE not in self._table.types:
            return ""
        if name is not None:
            if name not in self._table.types or not fits(self._table.types[name]):
                raise self._refusal(
                    role, name, [column for column, kind in self._table.types.items() if fits(kind)]
                )
            return name
        named = {*self._asked.values()}
        likely = (self._low[low] for low in NAMES[role] if low in self._low)
        found = next((name for name in likely if name not in named and fits(self._table.types[name])), "")
        self.guessed += [role] if found else []
        return found

    def embedding(self) -> tuple[str, ...]:
        """Give the column of vectors, or the columns that make them up."""
        lists = [name for name, kind in self._table.types.items() if is_list(kind)]
        runs = _numbered(self._table, list(self._table.types))
        name = self._asked.get("embedding")
        if name == NONE:
            return ()
        if name is not None:
            chosen = (name,) if name in lists else tuple(runs.get(name, ()))
            if not chosen:
                raise self._refusal("embedding", name, [*lists, *runs])
            return chosen
        self.guessed += ["embedding"] if lists or runs else []
        likely = [name for low in NAMES["embedding"] if (name := self._low.get(low)) in lists]
        choices = likely[:1] or lists or list(runs)
        if len(choices) > 1:
            raise SourceError(
                f"embedding must be one of {list_briefly(choices)}. Got none, and {counted(len(choices), 'column')} "
                "with vectors.",
                remedy="the same command with the option embedding and one of these columns",
            )
        return tuple(runs[choices[0]]) if choices and choices[0] not in lists else tuple(choices)

    def _refusal(self, role: str, name: str, choices: Sequence[str]) -> SourceError:
        there = "a column of another kind" if name in self._table.types else "no such column"
        allowed = (
            list_briefly(list(choices), 20)
            if choices
            else f"left out: no column of {self._table.path.name} fits"
        )
        return SourceError(
            f"{role} must be {'one of ' if choices else ''}{allowed}. Got {name!r}: {there}. "
            f"Its columns: {list_briefly(list(self._table.types), 20)}."
        )


def _numbered(table: Table, names: Sequence[str]) -> dict[str, list[str]]:
    """Give the columns of numbers whose names are a common prefix and 0, 1, 2, ... (or from 1), by prefix, in order."""
    found = defaultdict[str, dict[int, str]](dict)
    for name in names:
        match = _NUMBERED.fullmatch(name) if is_number(table.types[name]) else None
        if match and len(match[2]) < 8:
            found[match[1]][int(match[2])] = name
    runs = {prefix: [numbers[n] for n in sorted(numbers)] for prefix, numbers in found.items()}
    return {
        prefix: run
        for prefix, run in runs.items()
        if len(run) > 1
        and min(found[prefix]) <= 1
        and max(found[prefix]) - min(found[prefix]) == len(run) - 1
    }


def _is_class(kind: pa.DataType) -> bool:
    kind = kind.value_type if kinds.is_dictionary(kind) else kind
    return is_text(kind) or is_number(kind) or bool(kinds.is_boolean(kind))


def is_bytes(kind: pa.DataType) -> bool:
    """Say whether a column's values are bytes."""
    return bool(kinds.is_binary(kind) or kinds.is_large_binary(kind))


def _is_image(kind: pa.DataType) -> bool:
    """Say whether a column can be pictures: paths, files' content, or both, as Hugging Face has it."""
    if kinds.is_struct(kind):
        fields = {kind.field(place).name: kind.field(place).type for place in range(kind.num_fields)}
        return "bytes" in fields and is_bytes(fields["bytes"])
    return is_text(kind) or is_bytes(kind)


def _is_name(kind: pa.DataType) -> bool:
    return is_text(kind) or bool(kinds.is_integer(kind))


def _can_be_shown(kind: pa.DataType) -> bool:
    return _is_class(kind) or bool(kinds.is_temporal(kind) or kinds.is_decimal(kind))


_FITS: dict[str, Callable[[pa.DataType], bool]] = {
    "label": _is_class,
    "image": _is_image,
    "id": _is_name,
    "split": is_text,
}
