"""The files of a folder that a table lists: it says which class and which split each is of, whatever the folders do."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from cache.columns import Column
from pipeline.errors import SourceError
from pipeline.inputs.columns import columns_of
from pipeline.inputs.files import check_unchanged, file_digest, list_briefly
from pipeline.inputs.image_folders import TEST, TRAIN, FoundFile, FoundFolder
from pipeline.inputs.tables.labels import Classes, classes_of
from pipeline.inputs.tables.opening import open_table
from pipeline.inputs.tables.roles import NONE, Roles, find_roles
from pipeline.inputs.tables.table import Table

LONGEST_PATH = 4096
ABSENT = "A file in the table must be in the folder. Got none, or one that is hidden."
BACKSLASHES = "A path in the table must have / between its folders. Got backslashes."


@dataclass(frozen=True)
class LabelTable:
    """Give what a table says of files; it is looked at several times, and must be the same each time.

    Parameters
    ----------
    path : Path
        A CSV, Parquet, Arrow or .npz file.
    image, label, split : str or None
        Columns of the files' paths, of their classes and of their splits; found by their names where nobody says so.
        "none" for no classes, or no splits.

    Raises
    ------
    SourceError
        If it is no such table, lacks one of these columns, or has changed since the first look.
    UnsafeInput
        If it is too large.
    """

    path: Path
    image: str | None = None
    label: str | None = None
    split: str | None = None

    def roles(self, table: Table) -> Roles:
        """Find what its columns are for."""
        given = {"image": self.image, "label": self.label, "split": self.split}
        asked = {**given, "embedding": NONE, "id": NONE}
        roles = find_roles(table, asked, vectors_elsewhere=False)
        lacking = [name for name in ("image", "label") if not getattr(roles, name)]
        if lacking and not (lacking == ["label"] and self.label == NONE):
            wanted = {"image": "path", "label": "label"}[lacking[0]]
            raise SourceError(
                f"labels must have a column called {wanted}. Got {list_briefly(list(table.types), 20)}.",
                remedy="the same command with the options image and label, which name the columns; "
                "label none for images without classes",
            )
        return roles

    def identity(self) -> dict[str, object]:
        """Give what changes what it says: its content, and what its columns are taken for."""
        with self._look() as table:
            return {"sha256": self._digest, **self.roles(table).as_json()}

    def choose(self, found: FoundFolder) -> FoundFolder:
        """Keep the files that the table lists, with its classes and splits.

        Parameters
        ----------
        found : FoundFolder
            What is in the folder.

        Returns
        -------
        FoundFolder
            The listed files, each with its row of the table; refused is also what is listed and not there, listed
            again, or listed without a class.
        """
        with self._look() as table:
            roles = self.roles(table)
            read = table.read([name for name in (roles.image, roles.label, roles.split) if name])
        splits = _splits(_texts(read, roles.split)) if roles.split else [""] * len(read)
        names: tuple[str, ...] = ("",)
        labels = np.zeros(len(read), np.int16)
        if roles.label:
            classes = _classes(table, read, roles.label)
            names, labels = classes.names, classes.labels
        chooser = _Chooser(found)
        for row, (path, label, split) in enumerate(
            zip(_texts(read, roles.image), labels.tolist(), splits, strict=True)
        ):
            chooser.take(row, path, names[label] if label >= 0 else None, split)
        return chooser.chosen(names if roles.label else ())

    def notes(self) -> list[str]:
        """Give what people should know of its classes."""
        table = open_table(self.path)
        label = self.roles(table).label
        return _classes(table, table.read([label]), label).notes() if label else []

    def further(self) -> list[Column]:
        """Give its further columns, a value a row of the table."""
        with self._look() as table:
            further = self.roles(table).further
            return columns_of(table.read_typed(further).to_pandas()) if further else []

    @contextmanager
    def _look(self) -> Iterator[Table]:
        """Open it for a look, after which it must be what it was before the first one."""
        known = self._digest
        try:
            yield open_table(self.path)
        finally:
            check_unchanged(self.path, self._digest_now(), known)

    @cached_property
    def _digest(self) -> str:
        return self._digest_now()

    def _digest_now(self) -> str:
        """Give the SHA-256 of its content; nothing where it cannot be read, as whoever opens it hears."""
        try:
            return file_digest(self.path, "sha256") if self.path.is_file() else ""
        except OSError:
            return ""


class _Chooser:
    """Hold what is chosen of a folder so far, and why the rest is not."""

    def __init__(self, found: FoundFolder) -> None:
        self._found = found
        self._there = {file.path for file in found.files}
        self._files: dict[str, FoundFile] = {}
        self._refused = list[tuple[str, str]](found.refused)

    def take(self, row: int, written: str, name: str | None, split: str | None) -> None:
        """Choose a row's file, unless something is wrong with it."""
        path = _inside(written, self._found.root)
        reason = ""
        if path is None:
            reason = "A path in the table must lead into the folder. Got one that leads elsewhere."
        elif path not in self._there:
            reason = BACKSLASHES if "\\" in path else ABSENT
        elif path in self._files:
            reason = "A file must be in the table once. Got it again: the first row counts."
        elif name is None:
            reason = "An image in the table must have a label. Got none."
        elif split is None:
            reason = "A split in the table must be train, test, val, valid or validation. Got another."
        if path is None or name is None or split is None or reason:
            self._refused.append((path or written[:LONGEST_PATH], reason))
        else:
            self._files[path] = FoundFile(path, name, split, row)

    def chosen(self, names: Sequence[str]) -> FoundFolder:
        """Give all files that were chosen, in the order of their paths."""
        files = tuple(self._files[path] for path in sorted(self._files))
        splits = tuple(sorted({file.split for file in files} - {""}))
        return FoundFolder(
            files,
            tuple(names),
            splits if len(splits) == 2 else (),
            tuple(sorted(self._refused)),
            self._found.root,
            len(self._there) - len(files),
        )


def _inside(written: str, root: Path) -> str | None:
    """Give a path below a folder; None where it leads elsewhere."""
    path = posixpath.normpath(written.strip()) if len(written) <= LONGEST_PATH else ".."
    if posixpath.isabs(path):
        path = posixpath.relpath(path, str(root)) if Path(path).is_relative_to(root) else ".."
    return None if path == ".." or path.startswith("../") else path


def _classes(table: Table, read: pa.Table, label: str) -> Classes:
    return classes_of(read.column(label), label, table.class_names.get(label, ()))


def _texts(read: pa.Table, name: str) -> list[str]:
    column = read.column(name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    texts: list[str] = compute.fill_null(column.cast(kind).cast(pa.string()), "").to_pylist()
    return texts


def _splits(written: Iterable[str]) -> list[str | None]:
    """Give "train" or "test" for each row, as folders of these names would be taken; None for another word."""
    words = [word.strip().lower() for word in written]
    test = next((word for word in TEST if word in words), None)
    known: Mapping[str, str] = {
        word: "test" if word == test else "train" for word in (*TRAIN, "training", *TEST)
    }
    return [known.get(word) for word in words]
