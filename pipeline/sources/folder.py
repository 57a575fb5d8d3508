"""A folder of your own: a folder a class, or images without classes, of any kind and size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft, Store
from cache.pictures import write_files
from pipeline.compute.packing import Drawn, write_pictures
from pipeline.compute.progress import Progress, silent
from pipeline.compute.reuse import KnownThumbnails
from pipeline.errors import SourceError
from pipeline.inputs.columns import write_columns
from pipeline.inputs.datasets import empty_classes
from pipeline.inputs.files import bytes_digest, list_briefly
from pipeline.inputs.folders.drawing import drawn
from pipeline.inputs.folders.oddities import report
from pipeline.inputs.image_folders import FoundFile, FoundFolder, readable, search
from pipeline.inputs.known_files import KnownFiles
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_path, reject
from pipeline.stages.contract import Inputs
from pipeline.stages.images import alike
from pipeline.stages.kinds import Source

if TYPE_CHECKING:
    from pipeline.inputs.tables.listed_files import LabelTable


@dataclass(frozen=True)
class _File:
    """A file that was found, and what tells it from another."""

    found: FoundFile
    sha256: str


@dataclass(frozen=True)
class Folder(Source):
    """Give the images of a folder: ``<class>/**/*``, ``{train,test}/<class>/**/*`` with a split, or without classes.

    Images stay where they are: the store keeps thumbnails, and each file's path and digest. A file that is no
    image is left out and listed.

    Parameters
    ----------
    path : Path
        The folder, or a zip file of it, which is not unpacked.
    labels : Path
        A table that lists the files to take and says the class of each, whatever their folders.
    image, label, split : str
        Its columns, where their names do not say so.
    """

    NAME: ClassVar[str] = "folder"
    SUMMARY: ClassVar[str] = (
        "your own images: a folder a class, JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, of any size"
    )

    EXTRACTOR: ClassVar[str] = "efficientnet-lite0"

    path: Path | None = option(
        None,
        "folder, or zip file of one, with a folder a class, with train/ and test/ of such, or with images alone",
    )
    labels: Path | None = option(
        None,
        "CSV or Parquet file with columns path and label, instead of class folders; maybe split, and others",
    )
    image: str | None = option(None, "column of the paths, if another", told=False)
    label: str | None = option(None, "column of the classes, if another; none for no classes", told=False)
    split: str | None = option(None, "column of the splits, if another; none for no split", told=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_path("path", self.NAME, self.path)
        check_path("labels", self.NAME, self.labels)
        for name in ("image", "label", "split"):
            value = getattr(self, name)
            if value is not None and (self.labels is None or not isinstance(value, str) or not value):
                raise reject(name, self.NAME, "a column of the table that labels names", value)

    @property
    def short_name(self) -> str:
        """The folder's own name; a zip file's without its ending."""
        own = self.path and self.path.expanduser().resolve()
        return (own and (own.stem if own.is_file() else own.name)) or self.NAME

    @property
    def place(self) -> Path | None:
        """Where the files lie, for those who want an image in full."""
        return self.path and self._found.root

    def prepare(self, progress: Progress = silent, store: Store | None = None) -> None:
        """Find the files and their digests, of which `identity` is made; what is unchanged since is not read again.

        Raises
        ------
        SourceError
            If there is no such folder, or no file in it.
        """
        self._known.look([file.path for file in self._found.files], store, progress)

    def content(self) -> dict[str, object]:
        """Give what changes the images: the files' names and content."""
        names = [f"{file.found.path}\0{file.sha256}" for file in self._files]
        names += [path for path, _ in self._found.refused]
        content = "\n".join([*self._found.class_names, "", *names])
        listed = {"labels": self._table.identity()} if self._table else {}
        return {"sha256": bytes_digest(content.encode("utf-8", "surrogateescape"), "sha256"), **listed}

    @property
    def has_split(self) -> bool:
        """Whether folders or the table say which images to test on."""
        return bool(self._found.splits)

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Decode every file once, and write thumbnails, labels, names and the list of what was left out.

        Raises
        ------
        SourceError
            If not one file is a usable image, or a file or the table has changed meanwhile.
        """
        known = KnownThumbnails(draft, (file.sha256 for file in self._files))
        packed = write_pictures(draft, len(self._files), partial(self._draw, known), progress)
        kept = [self._files[row] for row in packed.kept]
        refused = [
            {"path": readable(self._files[row].found.path), "reason": reason}
            for row, reason in packed.refused.items()
        ]
        refused += [{"path": readable(path), "reason": reason} for path, reason in self._found.refused]
        refused.sort(key=lambda file: file["path"])
        names = list(self._found.class_names)
        number = {name: label for label, name in enumerate(names)} | {"": -1}
        _check(len(kept), refused)
        labels = np.array([number[file.found.class_name] for file in kept], np.int16)
        draft.facts.update(self._facts(labels, refused), class_names=names)
        ids = np.array([readable(file.found.path) for file in kept])
        is_test = np.array([file.found.split == "test" for file in kept], bool)
        assigned = self.assign(draft, labels, ids, is_test, lambda: alike(draft, progress))
        assigned.save_rows(draft)
        if self._table:
            shown = np.array([kept[row].found.row for row in assigned.test], np.intp)
            write_columns(draft, self._table.further(), shown)
        self._list_files(draft, kept, packed.traits, refused)

    def _list_files(
        self, draft: Draft, kept: list[_File], traits: list[list[str]], refused: list[dict[str, str]]
    ) -> None:
        """Write what is known of each file that is used, and note what people should know of them."""
        write_files(draft, [file.found.path for file in kept], [file.sha256 for file in kept], traits)
        names = (readable(file.found.path) for file in kept)
        said = report(
            dict(zip(names, traits, strict=True)), [file["path"] for file in refused], self._found.unlisted
        )
        notes = self._table.notes() if self._table else []
        draft.facts.update(odd=said.odd, notes=[*said.notes, *notes])

    def _facts(self, labels: NDArray[np.int16], refused: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "title": self.short_name,
            "images": len(labels),
            "split": "folders",
            "empty_classes": empty_classes(labels, self._found.class_names),
            "refused": refused,
        }

    def _draw(self, known: KnownThumbnails, row: int) -> Drawn | str:
        """Give a file's thumbnail and its traits, or the reason why there is none."""
        file = self._files[row]
        if self._found.class_names and not file.found.class_name:
            return "It lies in no class folder."
        if there := known.get(file.sha256):
            return there
        try:
            return drawn(self._found.root, file.found.path, file.sha256)
        except SourceError:  # it has changed without looking different, or just now
            self._known.forget()
            raise

    @property
    def _root(self) -> Path:
        if self.path is None:
            raise SourceError(
                "path of folder must be the folder of your images. Got none.",
                remedy="the same command with the option path and the folder",
            )
        return self.path.expanduser()

    @cached_property
    def _found(self) -> FoundFolder:
        found = search(self._root)
        return self._table.choose(found) if self._table else found

    @cached_property
    def _table(self) -> LabelTable | None:
        if self.labels is None:
            return None
        from pipeline.inputs.tables.listed_files import LabelTable

        return LabelTable(self.labels.expanduser(), self.image, self.label, self.split)

    @cached_property
    def _known(self) -> KnownFiles:
        return KnownFiles(self._found.root)

    @cached_property
    def _files(self) -> list[_File]:
        return [_File(file, self._known.digest(file.path)) for file in self._found.files]


def _check(kept: int, refused: list[dict[str, str]]) -> None:
    """Check that there is an image.

    Raises
    ------
    SourceError
        If there is none.
    """
    if not kept:
        reasons = list_briefly([f"{file['path']}: {file['reason']}" for file in refused], 3)
        raise SourceError(
            f"A data set must have one image at least. Got none. {reasons}",
            remedy="a folder with images that can be read; paths in a table of labels begin there, with / in them",
        )


PLUGIN = Folder
