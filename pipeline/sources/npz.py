"""Images and labels in one .npz file of Keras's shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache.limits import CLASSES, NAME
from pipeline.compute.progress import Progress, silent
from pipeline.errors import SourceError
from pipeline.inputs.datasets import Dataset, Split
from pipeline.inputs.files import check_unchanged, file_digest
from pipeline.inputs.npz import names_in, read_npz
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count, check_path, reject
from pipeline.stages.kinds import PixelSource

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
BRIGHTEST = 255


@dataclass(frozen=True)
class Npz(PixelSource):
    """Give the images of a .npz file with ``x_train`` and ``y_train``, and mostly ``x_test`` and ``y_test``.

    Images are (n, h, w) or (n, h, w, 1) in grey, or (n, h, w, 3) in colour: whole numbers from 0 to 255, or fractions
    from 0 to 1. Labels are (n,) or (n, 1), whole numbers from 0.

    Parameters
    ----------
    file : Path
        The file.
    class_names : str
        Their names, with commas between; without it their numbers.
    limit : int, optional
        Keep only the first images of each split.
    """

    NAME: ClassVar[str] = "npz"
    SUMMARY: ClassVar[str] = "a .npz file of Keras's shape, npz:FILE, with x_train, y_train, x_test, y_test"
    ARGUMENT: ClassVar[str] = "file"

    file: Path | None = option(None, "the .npz file; short: --source npz:FILE")
    class_names: str = option("", "names of the classes, with commas between", told=False)
    limit: int | None = option(None, "keep only the first N images of each split")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_path("file", self.NAME, self.file)
        if not isinstance(self.class_names, str) or not self.class_names.isprintable():
            raise reject("class_names", self.NAME, "names with commas between", self.class_names)
        names = self._names
        if len(set(names)) < len(names) or not all(0 < len(name) <= NAME for name in names):
            allowed = f"different names of 1 to {NAME} characters"
            raise reject("class_names", self.NAME, allowed, self.class_names)
        if self.limit is not None:
            check_count("limit", self.NAME, self.limit, 1)

    @property
    def short_name(self) -> str:
        """The file's name."""
        return self.file.stem if self.file else self.NAME

    def content(self) -> dict[str, object]:
        """Give what changes the images: the file's content, the classes' names and the limit.

        Raises
        ------
        SourceError
            If the file cannot be read.
        """
        return {"sha256": self._sha256, "class_names": list(self._names), "limit": self.limit}

    def load(self, progress: Progress = silent) -> Dataset:
        """Read both splits.

        Parameters
        ----------
        progress : Progress, optional
            Not used.

        Returns
        -------
        Dataset
            Images uint8 of shape (n, h, w, 1 or 3); ids "x_train/17".

        Raises
        ------
        SourceError, UnsafeInput
            If the file does not hold images and labels, or tries more than that.
        """
        path = self._path
        arrays = read_npz(path, ARRAYS)
        check_unchanged(path, file_digest(path, "sha256"), self._sha256)
        needed = ARRAYS if self.has_split else ARRAYS[:2]
        if missing := [name for name in needed if name not in arrays]:
            raise SourceError(f"{path} must hold {', '.join(missing)}. Got {', '.join(arrays)}.")
        train = self._split(arrays, "train")
        test = self._split(arrays, "test") if self.has_split else train.first(0)
        highest = max(int(split.labels.max(initial=0)) for split in (train, test))
        names = self._names or tuple(map(str, range(highest + 1)))
        split = "x_train to train, x_test to test" if self.has_split else "none"
        return Dataset(train, test, names, {"title": path.name, "split": split}, self.has_split)

    def _split(self, arrays: dict[str, NDArray[Any]], split: str) -> Split:
        images = _pixels(arrays[f"x_{split}"][: self.limit], f"x_{split}")
        labels = _labels(arrays[f"y_{split}"][: self.limit], f"y_{split}")
        return Split(images, labels, np.array([f"x_{split}/{row}" for row in range(len(images))], np.str_))

    @cached_property
    def has_split(self) -> bool:
        """Whether there is something to test on."""
        return not {"x_test", "y_test"}.isdisjoint(names_in(self._path))

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.class_names.split(",")) if self.class_names else ()

    @property
    def _path(self) -> Path:
        if self.file is None:
            raise SourceError(
                "file of npz must be a .npz file. Got none.",
                remedy="the same command with npz, a colon and the file",
            )
        return self.file.expanduser()

    @cached_property
    def _sha256(self) -> str:
        path = self._path
        if not path.is_file():
            read_npz(path, ARRAYS)  # says what is there instead
        return file_digest(path, "sha256")


def _pixels(values: NDArray[Any], name: str) -> NDArray[np.uint8]:
    """Give images as uint8 (n, h, w, c).

    Raises
    ------
    SourceError
        If they are none.
    """
    images = values[..., np.newaxis] if values.ndim == 3 else values
    if images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape:
        raise SourceError(f"{name} must have the shape (n, h, w), or (n, h, w, 1 or 3). Got {values.shape}.")
    if images.dtype == np.uint8:
        return np.ascontiguousarray(images)
    fractions = images.dtype.kind == "f"
    low, high = images.min(), images.max()
    if not (low >= 0 and high <= (1 if fractions else BRIGHTEST)):
        allowed = "fractions from 0 to 1" if fractions else f"whole numbers from 0 to {BRIGHTEST}"
        raise SourceError(f"{name} must be {allowed}. Got values from {low:g} to {high:g}.")
    scaled = [np.rint(image.astype(np.float64) * BRIGHTEST) if fractions else image for image in images]
    return np.stack([image.astype(np.uint8) for image in scaled])


def _labels(values: NDArray[Any], name: str) -> NDArray[np.int16]:
    """Give labels as int16 (n,).

    Raises
    ------
    SourceError
        If they are none.
    """
    labels = values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        got = f"{values.dtype} of the shape {values.shape}"
        raise SourceError(f"{name} must be whole numbers of the shape (n,) or (n, 1). Got {got}.")
    if len(labels) and not (labels.min() >= 0 and labels.max() < CLASSES):
        got = f"values from {labels.min()} to {labels.max()}"
        raise SourceError(f"{name} must be from 0 to {CLASSES - 1}. Got {got}.")
    return labels.astype(np.int16)


PLUGIN = Npz
