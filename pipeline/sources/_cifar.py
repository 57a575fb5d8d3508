"""What CIFAR-10 and CIFAR-100 have in common: published archives of pickled batches, of which some are read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from cache import Store
from cache.commands import Again
from pipeline.compute.memory import require
from pipeline.compute.progress import Progress, silent
from pipeline.inputs.cifar_batches import read_class_names, read_split
from pipeline.inputs.datasets import Dataset, Split
from pipeline.inputs.files import bytes_digest, check_unchanged
from pipeline.inputs.published import PublishedArchive
from pipeline.inputs.remedies import suggesting
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count, check_path
from pipeline.stages.kinds import PixelSource

REMEDY = Again({"--data-dir": None})
BYTES_EACH = 3 * 32 * 32
COPIES = 4  # of the pixels at once: the files, their images, all images, what is written


@dataclass(frozen=True)
class CifarSource(PixelSource):
    """Give images of a published archive, 32x32 pixels in colour.

    Parameters
    ----------
    data_dir : Path, optional
        A folder with the files of the "python version", or its archive. Without it, the official archive is
        downloaded once.
    limit : int, optional
        Keep only the first images of each split.
    """

    TITLE: ClassVar[str]

    data_dir: Path | None = option(
        None, "folder with the files, or the official .tar.gz; without it, downloads 170 MB once"
    )
    limit: int | None = option(None, "keep only the first N images of each split")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_path("data_dir", self.NAME, self.data_dir)
        if self.limit is not None:
            check_count("limit", self.NAME, self.limit, 1)

    @property
    @abstractmethod
    def official(self) -> PublishedArchive:
        """What is published, with all files that could be asked for."""

    @property
    @abstractmethod
    def train_files(self) -> tuple[str, ...]:
        """Names of the files of training images."""

    @property
    @abstractmethod
    def test_file(self) -> str:
        """Name of the file of test images."""

    @property
    @abstractmethod
    def names_file(self) -> str:
        """Name of the file of the classes' names."""

    @property
    def names_key(self) -> str:
        """What the classes' names are called in their file."""
        return "label_names"

    @property
    def labels_key(self) -> str:
        """What labels are called in a file of images."""
        return "labels"

    @property
    def most_images(self) -> int:
        """How many images there are in the official files."""
        return 10_000 * (len(self.train_files) + 1)

    @property
    def archive(self) -> PublishedArchive:
        """What is published, with those files that are needed."""
        names = (*self.train_files, self.test_file, self.names_file)
        return replace(self.official, members={name: self.official.members[name] for name in names})

    def prepare(self, progress: Progress = silent, store: Store | None = None) -> None:
        """Download the archive if it is needed and not there: `identity` is computed from the files.

        Raises
        ------
        DownloadError
            If that fails.
        SourceError
            If there is too little memory for what was asked for.
        """
        require(f"{self.most_images:,} images of {self.NAME}", COPIES * BYTES_EACH * self.most_images)
        if self.data_dir is None:
            self.archive.read(None, progress)

    def content(self) -> dict[str, object]:
        """Give what changes the images: the files' content and the limit.

        Raises
        ------
        SourceError, DownloadError
            If the files cannot be had.
        """
        return {"sha256": self._sha256, "limit": self.limit}

    @cached_property
    def _sha256(self) -> dict[str, str]:
        """Give the SHA-256 of each file by name."""
        with suggesting(REMEDY):
            return _digests(self.archive.read(self.data_dir, silent))

    def load(self, progress: Progress = silent) -> Dataset:
        """Read both splits.

        Parameters
        ----------
        progress : Progress, optional
            Told the bytes downloaded.

        Returns
        -------
        Dataset
            Images uint8 of shape (n, 32, 32, 3); ids "data_batch_1/17".

        Raises
        ------
        SourceError, UnsafeInput, DownloadError
            If the files cannot be had, are malformed, or try more than to describe images.
        """
        with suggesting(REMEDY):
            contents = self.archive.read(self.data_dir, progress)
            check_unchanged(self.data_dir or "The downloaded files", _digests(contents), self._sha256)
            parts = [self._split(contents, name) for name in self.train_files]
            return Dataset(
                train=_joined(parts, self.limit),
                test=self._split(contents, self.test_file),
                class_names=read_class_names(contents[self.names_file], self.names_file, self.names_key),
                facts=self._facts(contents),
            )

    def _split(self, contents: Mapping[str, bytes], name: str) -> Split:
        return read_split(contents[name], name, self.limit, self.labels_key)

    def _facts(self, contents: dict[str, bytes]) -> dict[str, Any]:
        """Give the images' provenance, for people."""
        official = self.archive.is_official(contents)
        return {
            "title": self.TITLE if official else f"{self.TITLE} (not the official files)",
            "url": self.archive.remote.url,
            "official": official,
            "files": {name: self._file_facts(name, content) for name, content in contents.items()},
            "split": f"{', '.join(self.train_files)} to train, {self.test_file} to test",
        }

    def _file_facts(self, name: str, content: bytes) -> dict[str, Any]:
        """Give one file's size, checksum, and whether it is the official one."""
        return {
            "size": len(content),
            "md5": bytes_digest(content, "md5"),
            "official": self.archive.is_official_member(name, content),
        }


def _joined(parts: list[Split], limit: int | None) -> Split:
    """Give the images of some files as one split; of all together not more than the limit."""
    if len(parts) == 1:
        return parts[0]
    images, labels, ids = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels", "ids")
    )
    return Split(images, labels, ids).first(limit)


def _digests(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Give the SHA-256 of each file by name."""
    return {name: bytes_digest(content, "sha256") for name, content in contents.items()}
