"""A table of your own embeddings: vectors, with labels, pictures and further columns where it has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft, Store
from cache.arrays import StoredArray
from cache.pictures import write_files
from cache.remedies import REPAIR
from pipeline.compute.forest import Groups
from pipeline.compute.near_duplicates import near_rows
from pipeline.compute.packing import Drawn, write_pictures
from pipeline.compute.progress import Progress, silent
from pipeline.compute.reuse import KnownThumbnails
from pipeline.errors import SourceError
from pipeline.inputs.columns import columns_of, write_columns
from pipeline.inputs.datasets import empty_classes
from pipeline.inputs.files import bytes_digest, check_unchanged, describe, file_digest, list_briefly
from pipeline.inputs.folders.drawing import drawn
from pipeline.inputs.folders.oddities import report
from pipeline.inputs.image_folders import inside
from pipeline.inputs.known_files import KnownFiles
from pipeline.inputs.tables.card import card
from pipeline.inputs.tables.labels import Classes
from pipeline.inputs.tables.matrix import take_rows, write_vectors
from pipeline.inputs.tables.opening import open_table
from pipeline.inputs.tables.roles import NONE, find_roles
from pipeline.inputs.tables.rows import Rows, listed
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_path, reject
from pipeline.stages.contract import Inputs
from pipeline.stages.images import alike
from pipeline.stages.source import Source

TEXTS = ("embedding", "label", "image", "id", "split")
LONGEST = 1000  # characters of a column's name


@dataclass(frozen=True, kw_only=True)
class TableSource(Source):
    """Give the rows of a table as images: its vectors are their features, its pictures what is shown.

    A row without a picture is shown as a card with its name. Columns that are not named are found by their types and
    names; "none" is no column.

    Parameters
    ----------
    table : Path
        A Parquet, Arrow, CSV or .npz file.
    embedding : str
        Its column of vectors, or what the names of numbered columns begin with.
    features : Path
        An .npy file of vectors, in place of a column.
    label, image, id, split : str
        Columns of classes, of pictures (paths or bytes), of names, and of "train" and "test".
    images : Path
        The folder that paths of pictures begin in; the table's own without it.
    """

    NAME: ClassVar[str] = "table"
    SUMMARY: ClassVar[str] = (
        "your own embeddings: Parquet, Arrow, CSV or .npz, with labels and pictures if it has them"
    )
    EXTRACTOR: ClassVar[str] = "given"

    table: Path | None = option(None, "Parquet, Arrow, CSV or .npz file, a row an image")
    embedding: str | None = option(
        None, "column of vectors, or the prefix of numbered columns; found by its type", told=False
    )
    features: Path | None = option(None, ".npy file of vectors, in place of a column")
    label: str | None = option(None, "column of classes; found by its name, none for none", told=False)
    image: str | None = option(None, "column of pictures: paths or bytes; likewise", told=False)
    id: str | None = option(None, "column of names; likewise", told=False)
    split: str | None = option(None, "column that says train or test; likewise", told=False)
    images: Path | None = option(None, "folder that paths of pictures begin in; the table's own without it")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("table", "features", "images"):
            check_path(name, self.NAME, getattr(self, name))
        for name in TEXTS:
            value = getattr(self, name)
            good = isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST
            if value is not None and not good:
                raise reject(name, self.NAME, "the name of a column", value)

    @property
    def short_name(self) -> str:
        """The table's own name."""
        return self.table.stem if self.table else self.NAME

    @property
    def place(self) -> Path | None:
        """The folder of its pictures, or the table itself where it holds them."""
        if not self.table or not self._rows.roles.image:
            return None
        return self._folder if self._rows.has_paths else self.table.expanduser().resolve()

    @property
    def has_split(self) -> bool:
        """Whether a column says which rows to test on."""
        return bool(self._rows.roles.split)

    def prepare(self, progress: Progress = silent, store: Store | None = None) -> None:
        """Look at the table and find the digests of its pictures' files: `content` is made of these.

        Raises
        ------
        SourceError
            If there is no such table, or its columns will not do.
        """
        if self._rows.has_paths:
            self._known.look([path for path in self._pictures[0] if path], store, progress)

    def content(self) -> dict[str, object]:
        """Give what changes the images: the table, the vectors and the pictures, and which column is for what."""
        found: dict[str, object] = {"sha256": self._table_digest, "columns": self._rows.roles.as_json()}
        if self.features:
            found["features"] = file_digest(self.features.expanduser(), "sha256")
        if self._rows.has_paths:
            files = "\n".join(f"{path}\0{self._digest(path)}" for path in self._pictures[0])
            found["pictures"] = bytes_digest(files.encode("utf-8", "surrogateescape"), "sha256")
        return found

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write the vectors, labels, names, thumbnails or cards, and further columns of all rows that can be used.

        Raises
        ------
        SourceError
            If not one row can.
        """
        flaws = write_vectors(draft.partial / "vectors.npy", self._rows, self.features, progress)
        paths, called = self._pictures
        n = len(flaws) if flaws is not None else self._rows.count or len(paths)
        names, classes = self._rows.names(n, called), self._rows.classes(n)
        reasons = self._rows.unusable(flaws, classes.labels)
        usable = np.setdiff1d(np.arange(n), list(reasons))
        cards = [(names[row], paths[row] if paths else "") for row in usable]
        shown = KnownThumbnails(draft, (self._digest(path) for _, path in cards))
        packed = write_pictures(draft, len(cards), lambda i: self._draw(shown, *cards[i]), progress)
        reasons |= {int(usable[number]): reason for number, reason in packed.refused.items()}
        rows, left_out = usable[packed.kept], listed(reasons, names)
        self._check_kept(len(rows), left_out)
        draft.facts.update(self._facts(classes, rows, left_out, packed.traits))
        if flaws is not None:
            take_rows(draft.partial / "vectors.npy", rows, draft.path("embeddings.npy"))
        if paths:
            used = [paths[row] for row in rows]
            write_files(draft, used, [self._digest(path) for path in used], packed.traits)
        self._assign(draft, rows, classes.labels[rows], np.array(names)[rows], progress)
        check_unchanged(self.table, file_digest(self._path, "sha256"), self._table_digest)

    def _draw(self, shown: KnownThumbnails, name: str, path: str) -> Drawn | str:
        """Give a row's thumbnail, or its card, or the reason why there is none."""
        if not path or self.place is None:
            return card(name), ()
        digest = self._digest(path)
        return shown.get(digest) or drawn(self.place, path, digest)

    def _assign(
        self,
        draft: Draft,
        rows: NDArray[np.intp],
        labels: NDArray[np.int16],
        names: NDArray[np.str_],
        progress: Progress,
    ) -> None:
        """Put each row where it belongs, and write its place and what else the table says of it."""

        def groups() -> Groups:
            paths = self._pictures[0]
            if paths and all(paths[row] for row in rows):
                return alike(draft, progress)
            return near_rows(StoredArray(draft.path("embeddings.npy"), REPAIR), progress)

        is_test = self._rows.is_test[rows] == 1 if self.has_split else None
        assigned = self.assign(draft, labels, names, is_test, groups)
        assigned.save_rows(draft)
        if further := self._rows.roles.further:
            frame = self._rows.table.read_typed(further).to_pandas()
            write_columns(draft, columns_of(frame), rows[assigned.test])

    def _facts(
        self,
        classes: Classes,
        rows: NDArray[np.intp],
        left_out: list[dict[str, str]],
        traits: list[list[str]],
    ) -> dict[str, Any]:
        labels, paths = classes.labels[rows], self._pictures[0]
        said = report(
            {paths[row]: own for row, own in zip(rows, traits, strict=True) if own},
            [file["path"] for file in left_out],
        )
        return {
            "title": self.short_name,
            "class_names": list(classes.names),
            "images": len(rows),
            "notes": [
                f"Columns of {self._path.name}: {self._rows.roles.in_words()}.",
                *classes.notes(),
                *said.notes,
            ],
            "odd": said.odd,
            "empty_classes": empty_classes(labels, classes.names),
            "refused": left_out,
            **({"split": f"column {self._rows.roles.split}"} if self.has_split else {}),
        }

    def _check_kept(self, kept: int, left_out: list[dict[str, str]]) -> None:
        if not kept:
            reasons = list_briefly([f"{row['path']}: {row['reason']}" for row in left_out], 3)
            remedy = "mend the rows as the reasons say; too long vectors may be divided by the longest length"
            if self._rows.roles.image:
                remedy = (
                    "the same command with the option images and the folder that the paths begin in; "
                    "paths have / between folders; with image none for no pictures"
                )
            raise SourceError(
                f"{self._path} must have one row at least that can be used. Got none. {reasons}",
                remedy=remedy,
            )

    @property
    def _path(self) -> Path:
        if self.table is None:
            raise SourceError(
                "table of table must be a file with a row an image. Got none.",
                remedy="the same command with the option table and the file",
            )
        return self.table.expanduser()

    @property
    def _folder(self) -> Path:
        """Where paths of pictures begin."""
        folder = self.images.expanduser() if self.images else self._path.parent
        if not folder.is_dir():
            raise SourceError(f"images of table must be a folder. Got {folder}: {describe(folder)}.")
        return folder.resolve()

    @cached_property
    def _rows(self) -> Rows:
        table = open_table(self._path)
        asked = {name: getattr(self, name) for name in TEXTS}
        roles = find_roles(table, asked, vectors_elsewhere=self.features is not None)
        rows = Rows(table, roles)
        if "image" in roles.guessed and rows.has_paths and not self._leads_somewhere(rows):
            return Rows(
                table,
                find_roles(table, {**asked, "image": NONE}, vectors_elsewhere=self.features is not None),
            )
        return rows

    def _leads_somewhere(self, rows: Rows) -> bool:
        """Whether the first path of a column that nobody named leads to a file."""
        path = next(filter(None, rows.pictures(self._folder)[0]), "")
        return inside(self._folder / path, self._folder) is not None and bool(path)

    @cached_property
    def _pictures(self) -> tuple[list[str], list[str]]:
        return self._rows.pictures(self._folder) if self._rows.roles.image else ([], [])

    @cached_property
    def _table_digest(self) -> str:
        return file_digest(self._path, "sha256")

    @cached_property
    def _known(self) -> KnownFiles:
        return KnownFiles(self.place or self._folder)

    def _digest(self, path: str) -> str:
        """Give the SHA-256 of a row's picture; nothing where it has none."""
        return self._known.digest(path) if path else ""


PLUGIN = TableSource
