"""The images of a data set: pixels that the store keeps, or files that it knows by their digests."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from copy import copy
from functools import lru_cache
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cache import Artefact, Draft
from cache.arrays import StoredArray
from cache.errors import ArtefactCorrupt
from cache.originals import OriginalFiles
from cache.pictures import read_ends, read_files, read_rows
from cache.places import place_of
from pipeline.compute.forest import Groups
from pipeline.compute.near_duplicates import grids_of, near_duplicates
from pipeline.compute.progress import Progress, silent
from pipeline.errors import SourceError
from pipeline.inputs.files import bytes_digest, check_unchanged
from pipeline.inputs.folders.drawing import THUMBNAIL
from pipeline.inputs.image_folders import read_inside
from pipeline.inputs.pictures import MAX_BYTES, decode
from pipeline.stages.evaluation import train_in_test

_NO_FILE = {"path": "", "sha256": ""}

Pixels = NDArray[np.uint8]
Stored = StoredArray | Pixels
"""Pixels uint8 (n, h, w, c) of which some are read when they are asked for, or that are in memory."""


class Thumbnails:
    """Give the thumbnails of a split by row, as an array of all would: unpacked when they are asked for.

    Parameters
    ----------
    dataset : Artefact
        A data set of files.
    split : str
        "train" or "test".

    Attributes
    ----------
    shape : tuple of int
        (n, 160, 160, 4): each image fills a transparent square from side to side; small ones are enlarged.

    Raises
    ------
    ArtefactCorrupt
        If the data set's files do not fit together.
    """

    def __init__(self, dataset: Artefact, split: str) -> None:
        self._rows = read_rows(dataset, split)
        self._ends = read_ends(dataset, "picture_ends", "pictures.bin")
        self._path = dataset.path("pictures.bin")
        self._repair = dataset.repair
        self.shape = (len(self._rows), THUMBNAIL, THUMBNAIL, 4)

    def __len__(self) -> int:
        return self.shape[0]

    @overload
    def __getitem__(self, rows: int) -> Pixels: ...
    @overload
    def __getitem__(self, rows: slice | Sequence[int] | NDArray[Any]) -> Pixels: ...
    def __getitem__(self, rows: Any) -> Pixels:
        """Give uint8 (160, 160, 4) of one row, or (k, 160, 160, 4) of several."""
        with self._path.open("rb") as file:
            if np.ndim(rows) == 0 and not isinstance(rows, slice):
                return self._unpack(file, rows)
            wanted = np.arange(len(self))[rows]
            squares = np.empty((len(wanted), *self.shape[1:]), np.uint8)
            for square, row in zip(squares, wanted, strict=True):
                square[...] = self._unpack(file, row)
        return squares

    def content(self, row: int) -> bytes:
        """Give the WebP file of a row's thumbnail."""
        with self._path.open("rb") as file:
            return self._read(file, row)

    def _read(self, file: Any, row: int) -> bytes:
        number = int(self._rows[row])
        start = int(self._ends[number - 1]) if number else 0
        file.seek(start)
        content: bytes = file.read(int(self._ends[number]) - start)
        return content

    def picture(self, row: int) -> Image.Image:
        """Give a row's thumbnail in its own shape, in colour."""
        return self._picture(self.content(row))

    def _unpack(self, file: Any, row: int) -> Pixels:
        return _square(self._picture(self._read(file, row)))

    def _picture(self, content: bytes) -> Image.Image:
        try:
            with Image.open(io.BytesIO(content), formats=["WEBP"]) as picture:
                if max(picture.size) > THUMBNAIL:
                    raise ValueError(f"{picture.width} x {picture.height} pixels")
                return picture.convert("RGB")
        except (OSError, ValueError) as problem:
            raise ArtefactCorrupt(
                f"{self._path} must have WebP files of at most {THUMBNAIL} pixels. Got {problem}.",
                remedy=self._repair,
            ) from problem


class Originals(Sequence[Pixels]):
    """Give the images of a split from their files, as a person sees them: uint8 (h, w, 3), each of its own size.

    A file is read and decoded when its image is asked for, by the thread that asks; none is kept. A small WebP file is
    its own thumbnail, and so the store has it; a bundle may have all files.

    Parameters
    ----------
    dataset : Artefact
        A data set of files.
    split : str
        "train" or "test".

    Raises
    ------
    ArtefactCorrupt
        If the data set's files do not fit together.
    """

    def __init__(self, dataset: Artefact, split: str) -> None:
        self._title = dataset.manifest.facts.get("title", "the data set")
        self._dataset = dataset
        self._thumbnails = Thumbnails(dataset, split)
        self._originals, self._numbers = OriginalFiles(dataset), read_rows(dataset, split)
        files = read_files(dataset)
        self._files: list[dict[str, Any]] = [files[row] if files else _NO_FILE for row in self._numbers]
        self._rows = np.arange(len(self._files))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def digests(self) -> list[str]:
        """The SHA-256 of each file."""
        return [self._files[row]["sha256"] for row in self._rows]

    @property
    def paths(self) -> list[str]:
        """The path of each file below its folder; empty for a picture without one."""
        return [self._files[row]["path"] for row in self._rows]

    @property
    def numbers(self) -> list[int]:
        """Which picture of the data set each is."""
        return [int(self._numbers[row]) for row in self._rows]

    @overload
    def __getitem__(self, rows: int) -> Pixels: ...
    @overload
    def __getitem__(self, rows: slice | NDArray[np.intp]) -> Originals: ...
    def __getitem__(self, rows: int | slice | NDArray[np.intp]) -> Pixels | Originals:
        """Read and decode one file; of several give a part of this sequence, with nothing read yet.

        Raises
        ------
        SourceError
            If one is gone, is no longer the same, or nobody noted here where it was; or if a row has no picture.
        """
        if isinstance(rows, int | np.integer):
            return decode(self.file(int(rows))[1])
        part = copy(self)
        part._rows = self._rows[rows]
        return part

    def file(self, row: int) -> tuple[str, bytes]:
        """Give a file's path below its folder, and its content; errors as `__getitem__`."""
        row = int(self._rows[row])
        path, digest = self._files[row]["path"], self._files[row]["sha256"]
        number = int(self._numbers[row])
        for kept in (self._thumbnails.content(row), self._originals.read(number, MAX_BYTES)):
            if bytes_digest(kept, "sha256") == digest:
                return path, kept
        if not path:
            raise SourceError(
                f"{self._title} must have a picture in each row to be looked at. Got a row without.",
                remedy="the same command with given as its extractor, which takes the table's vectors",
            )
        folder = place_of(self._dataset)
        if folder is None:
            raise SourceError(
                f"The files of {self._title} must be where they were. Got no such folder.",
                remedy="the command that made the run, with the folder's new place",
            )
        content = read_inside(folder, path, MAX_BYTES)
        check_unchanged(path, bytes_digest(content, "sha256"), digest)
        return path, content


def thumbnails_of(dataset: Artefact, split: str) -> Stored | Thumbnails:
    """Give what pages show of a split: its pixels where the store has them, thumbnails where it knows files."""
    return _pixels_of(dataset, split) if has_pixels(dataset) else Thumbnails(dataset, split)


def originals_of(dataset: Artefact, split: str) -> Stored | Originals:
    """Give what a network sees of a split: pixels of one size, uint8 (n, h, w, c), or files, each of its own size."""
    return _pixels_of(dataset, split) if has_pixels(dataset) else Originals(dataset, split)


def _pixels_of(dataset: Artefact, split: str) -> Stored:
    part = train_in_test(dataset) if split == "train" else None
    return dataset.rows(f"{split}_images") if part is None else dataset.rows("test_images").part(part)


def original_of(dataset: Artefact, split: str, row: int) -> Pixels | None:
    """Give an image in full from its file; None where the store has the pixels, or the file is gone or has changed.

    Raises
    ------
    ArtefactCorrupt
        If the data set's files do not fit together.
    """
    if has_pixels(dataset):
        return None
    try:
        return _originals(dataset, split)[row]
    except SourceError:
        return None


@lru_cache(maxsize=2)
def _originals(dataset: Artefact, split: str) -> Originals:
    """Keep what is noted of a data set's files: reading it takes half a second where they are 50,000."""
    return Originals(dataset, split)


def files_of(dataset: Artefact) -> Iterator[bytes]:
    """Give the content of each picture's file, in their order; nothing of a picture that has none.

    Raises
    ------
    SourceError
        If one is gone, or is no longer the same.
    """
    splits = [Originals(dataset, split) for split in ("train", "test")]
    where = {
        number: (images, path, row)
        for images in splits
        for row, (number, path) in enumerate(zip(images.numbers, images.paths, strict=True))
    }
    for number in sorted(where):
        images, path, row = where[number]
        yield images.file(row)[1] if path else b""


def has_pixels(dataset: Artefact) -> bool:
    """Say whether the store has a data set's pixels themselves."""
    return "test_images.npy" in dataset.manifest.files


def as_picture(image: Pixels) -> Image.Image:
    """Give an image uint8 (h, w, 1, 3 or 4) as a picture in colour; with four channels it may be transparent."""
    if image.shape[2] == 1:
        image = np.broadcast_to(image, (*image.shape[:2], 3))
    return Image.fromarray(np.ascontiguousarray(image))


def alike(draft: Draft, progress: Progress = silent) -> Groups:
    """Find near-duplicates among the pictures of a data set that is being written; a number each, intp (pictures,)."""
    ends = np.load(draft.path("picture_ends.npy"), allow_pickle=False).tolist()
    with draft.path("pictures.bin").open("rb") as file:

        def picture(number: int) -> Image.Image:
            start = ends[number - 1] if number else 0
            content = os.pread(file.fileno(), ends[number] - start, start)
            return Image.open(io.BytesIO(content), formats=["WEBP"]).convert("L")

        return near_duplicates(grids_of(len(ends), picture, progress), progress)


def _square(picture: Image.Image) -> Pixels:
    """Give a picture in the middle of a transparent square that it fills from side to side: uint8 (160, 160, 4)."""
    factor = THUMBNAIL / max(picture.size)
    width, height = (max(1, round(side * factor)) for side in picture.size)
    square = Image.new("RGBA", (THUMBNAIL, THUMBNAIL))
    filling = picture.resize((width, height), Image.Resampling.LANCZOS) if factor != 1 else picture
    square.paste(filling, ((THUMBNAIL - width) // 2, (THUMBNAIL - height) // 2))
    return np.asarray(square)
