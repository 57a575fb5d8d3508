"""CIFAR-10, split as in the published experiment: one training batch, one test batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from cache.commands import Again
from pipeline.compute.progress import Progress, silent
from pipeline.inputs.cifar10_batches import read_class_names, read_split
from pipeline.inputs.datasets import Dataset
from pipeline.inputs.download import Remote
from pipeline.inputs.files import bytes_digest, check_unchanged
from pipeline.inputs.published import PublishedArchive
from pipeline.inputs.remedies import suggesting
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count, check_path
from pipeline.stages.kinds import PixelSource

OFFICIAL = PublishedArchive(
    remote=Remote(
        url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        name="cifar-10-python.tar.gz",
        size=170_498_071,
        digest="c58f30108f718f92721af3b95e74349a",
        algorithm="md5",
        option="--data-dir",
    ),
    folder="cifar-10-batches-py",
    members={
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "test_batch": "40351d587109b95175f43aff81a1287e",
        "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
    },
    max_bytes=64 << 20,  # an official batch has 31 million
)
REMEDY = Again({"--data-dir": None})


@dataclass(frozen=True)
class Cifar10(PixelSource):
    """Give 10,000 training and 10,000 test images of ten classes, 32x32 pixels in colour.

    Training images are ``data_batch_1``, test images ``test_batch``.

    Parameters
    ----------
    data_dir : Path, optional
        A folder with the batch files of the "python version", or its archive. Without it, the official
        archive is downloaded once.
    limit : int, optional
        Keep only the first images of each split.

    References
    ----------
    A. Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images,
    https://www.cs.toronto.edu/~kriz/cifar.html
    """

    NAME: ClassVar[str] = "cifar10"
    SUMMARY: ClassVar[str] = "CIFAR-10, data_batch_1 + test_batch: 10,000 + 10,000 colour images of 32x32"

    data_dir: Path | None = option(
        None, "folder with the batch files, or cifar-10-python.tar.gz; without it, downloads 170 MB once"
    )
    limit: int | None = option(None, "keep only the first N images of each split")

    def __post_init__(self) -> None:
        check_path("data_dir", "cifar10", self.data_dir)
        if self.limit is not None:
            check_count("limit", "cifar10", self.limit, 1)

    def prepare(self, progress: Progress = silent) -> None:
        """Download the archive if it is needed and not there: `identity` is computed from the files.

        Raises
        ------
        DownloadError
            If that fails.
        """
        if self.data_dir is None:
            OFFICIAL.read(None, progress)

    def identity(self) -> dict[str, object]:
        """Give what changes the result: the files' content and the limit.

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
            return _digests(OFFICIAL.read(self.data_dir, silent))

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
            contents = OFFICIAL.read(self.data_dir, progress)
            check_unchanged(self.data_dir or "The downloaded files", _digests(contents), self._sha256)
            return Dataset(
                train=read_split(contents["data_batch_1"], "data_batch_1", self.limit),
                test=read_split(contents["test_batch"], "test_batch", self.limit),
                class_names=read_class_names(contents["batches.meta"]),
                facts=_facts(contents),
            )


def _digests(contents: dict[str, bytes]) -> dict[str, str]:
    """Give the SHA-256 of each file by name."""
    return {name: bytes_digest(contents[name], "sha256") for name in OFFICIAL.members}


def _facts(contents: dict[str, bytes]) -> dict[str, Any]:
    """Give the images' provenance, for people."""
    official = OFFICIAL.is_official(contents)
    return {
        "title": "CIFAR-10" if official else "CIFAR-10 (not the official files)",
        "url": OFFICIAL.remote.url,
        "official": official,
        "files": {name: _file_facts(name, contents[name]) for name in OFFICIAL.members},
        "split": "data_batch_1 to train, test_batch to test",
    }


def _file_facts(name: str, content: bytes) -> dict[str, Any]:
    """Give one file's size, checksum, and whether it is the official one."""
    return {
        "size": len(content),
        "md5": bytes_digest(content, "md5"),
        "official": OFFICIAL.is_official_member(name, content),
    }


PLUGIN = Cifar10
