"""The rows of a table: their names, classes, splits and pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.types as kinds
from numpy.typing import NDArray

from cache.counting import counted
from pipeline.errors import SourceError
from pipeline.inputs.files import list_briefly
from pipeline.inputs.image_folders import TEST, TRAIN, inside, readable
from pipeline.inputs.tables.labels import Classes, classes_of
from pipeline.inputs.tables.pictures import AT_ONCE, bytes_in, cell_path
from pipeline.inputs.tables.roles import Roles
from pipeline.inputs.tables.table import Table, is_text
from pipeline.inputs.tables.vectors import LACKING, LARGE

LONGEST_NAME = 255
TRAINING, TESTING = (*TRAIN, "training"), (*TEST, "testing", "dev")
MOST_ALIKE, MOST_LISTED = 20, 1000
"""Rows that are listed one by one: with the same reason, and in all."""

NO_VECTOR = (
    "Its vector must be there, finite, and as long as most. Got none, NaN, infinity or another length."
)
TOO_LARGE = "Its vector must be small enough to be squared in float32: shorter than 1e18. Got a longer one."
NO_LABEL = "It must have a label as others have one. Got none; --label none shows all, without a classifier."
NO_SPLIT = "The column of splits must say whether it is to train or to test. Got nothing."


@dataclass(frozen=True)
class Rows:
    """Give what a table says of each of its rows, but for the vectors.

    Attributes
    ----------
    table : Table
        The table.
    roles : Roles
        What its columns are for.
    """

    table: Table
    roles: Roles

    @cached_property
    def cells(self) -> pa.Table:
        """The columns that say something of each row, but for vectors and bytes."""
        names = [self.roles.label, self.roles.id, self.roles.split]
        names += [self.roles.image] if self.has_paths else []
        wanted = list(dict.fromkeys(filter(None, names))) or list(
            self.roles.further[:1]
        )  # to count the rows by
        return self.table.read(wanted) if wanted else pa.table({})

    @cached_property
    def has_paths(self) -> bool:
        """Whether its pictures are files of their own."""
        image = self.roles.image
        if not image or not kinds.is_struct(self.table.types[image]):
            return bool(image) and is_text(self.table.types[image])
        there = (len(bytes_in(block).drop_null()) for block in self.table.blocks([image], AT_ONCE))
        return not any(there) and self.table.types[image].get_field_index("path") >= 0

    @property
    def count(self) -> int | None:
        """How many rows there are; None where nobody has counted yet."""
        return self.cells.num_rows if self.cells.num_columns else None

    def classes(self, n: int) -> Classes:
        """Give the class of each of ``n`` rows."""
        label = self.roles.label
        if not label:
            return Classes((), np.full(n, -1, np.int16))
        return classes_of(self.cells.column(label), label, self.table.class_names.get(label, ()))

    @cached_property
    def is_test(self) -> NDArray[np.float64]:
        """Say of each row whether it is one to test on: 1, 0, or NaN where nothing is said.

        Of several splits to test on, the first that is there counts; the others count as training images.

        Raises
        ------
        SourceError
            If the column has other words than those that are known, or has not both splits.
        """
        words = [str(word or "").strip().lower() for word in self.cells.column(self.roles.split).to_pylist()]
        there = set(filter(None, words))
        test = next((word for word in TESTING if word in there), None)
        if test is None or not there & {*TRAINING} or there - {*TRAINING, *TESTING}:
            raise SourceError(
                f"split must be a column of train and {', '.join(TEST)}. "
                f"Got {self.roles.split}, with {list_briefly(sorted(map(readable, there)))}.",
                remedy="the same command with split none: then images are judged out of fold",
            )
        return np.array([np.nan if not word else float(word == test) for word in words])

    def unusable(self, flaws: NDArray[np.int8] | None, labels: NDArray[np.int16]) -> dict[int, str]:
        """Give the rows that cannot be used, with the reason.

        Parameters
        ----------
        flaws : ndarray of int8, shape (n,), or None
            Of each vector, as `write_matrix` gives them; None where there are no vectors.
        labels : ndarray of int16, shape (n,)
            The class of each; -1 without one.
        """
        none = np.zeros(len(labels), bool)
        lacking = {
            NO_SPLIT: np.isnan(self.is_test) if self.roles.split else none,
            NO_LABEL: (labels < 0) & (labels >= 0).any(),
            TOO_LARGE: none if flaws is None else flaws == LARGE,
            NO_VECTOR: none if flaws is None else flaws == LACKING,
        }
        return {row: reason for reason, rows in lacking.items() for row in np.flatnonzero(rows).tolist()}

    def pictures(self, folder: Path) -> tuple[list[str], list[str]]:
        """Give where each row's picture is, in a folder or in the table itself, and what it is called there.

        Parameters
        ----------
        folder : Path
            Where paths begin; without links in its own.

        Returns
        -------
        paths, names : list of str
            Nothing where a row has none.
        """
        if self.has_paths:
            column = self.cells.column(self.roles.image)
            column = compute.struct_field(column, "path") if kinds.is_struct(column.type) else column
            texts = [text or "" for text in column.to_pylist()]
            return [_below(text, folder) for text in texts], texts
        paths, names = list[str](), list[str]()
        for block in self.table.blocks([self.roles.image], AT_ONCE):
            names += _names_in(block.column(0))
            there = bytes_in(block).is_valid().to_pylist()
            paths += [
                cell_path(self.roles.image, len(paths) + i) if there[i] else "" for i in range(len(block))
            ]
        return paths, names

    def names(self, n: int, pictures: Sequence[str]) -> list[str]:
        """Give each of ``n`` rows a name of its own: what the table or its picture calls it, or its number.

        Parameters
        ----------
        n : int
            How many rows there are.
        pictures : sequence of str
            What their pictures are called; empty without any.
        """
        given = self.cells.column(self.roles.id).to_pylist() if self.roles.id else pictures or [""] * n
        shown = [readable(str(name).strip())[:LONGEST_NAME] if name is not None else "" for name in given]
        counts = Counter(shown)
        return [_own_name(name, row, counts[name]) for row, name in enumerate(shown)]


def _own_name(name: str, row: int, count: int) -> str:
    if not name:
        return f"row {row}"
    return name if count == 1 else f"{name} (row {row})"


def _names_in(column: pa.Array) -> list[str]:
    """Give what a block of pictures calls them: the paths that Hugging Face keeps beside the bytes."""
    has_paths = kinds.is_struct(column.type) and column.type.get_field_index("path") >= 0
    return (
        [str(name or "") for name in compute.struct_field(column, "path").to_pylist()]
        if has_paths
        else [""] * len(column)
    )


def listed(reasons: Mapping[int, str], names: Sequence[str]) -> list[dict[str, str]]:
    """List rows that are left out with the reasons; many of one reason together."""
    rows = defaultdict[str, list[int]](list)
    for row in sorted(reasons):
        rows[reasons[row]].append(row)
    found = list[dict[str, str]]()
    for reason, some in rows.items():
        if len(some) > MOST_ALIKE:
            what = f"{counted(len(some), 'row')}, the first is row {some[0]:,}"
            found.append({"path": what, "reason": reason})
        else:
            found += [{"path": _called(row, names[row]), "reason": reason} for row in some]
    if len(found) > MOST_LISTED:
        more = counted(len(found) - MOST_LISTED, "more row")
        found[MOST_LISTED:] = [{"path": more, "reason": "They are left out for reasons of the same kinds."}]
    return found


def _called(row: int, name: str) -> str:
    return name if name.endswith(f"row {row}") else f"{name}, row {row:,}"


def _below(text: str, root: Path) -> str:
    """Give a path below a folder, whether it was written so or from the top of the disk."""
    path = Path(text)
    if not path.is_absolute():
        return text
    found = inside(path, root)
    return str(found.relative_to(root)) if found else text  # which is refused when it is read
