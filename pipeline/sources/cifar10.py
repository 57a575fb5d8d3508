"""CIFAR-10, split as in the published experiment: one training batch, one test batch; or more batches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from pipeline.inputs.download import Remote
from pipeline.inputs.published import PublishedArchive
from pipeline.plugins.options import option
from pipeline.plugins.parameters import reject
from pipeline.sources._cifar import CifarSource

BATCHES = 5
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
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
        "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
    },
    max_bytes=64 << 20,  # an official batch has 31 million
)
_LISTED = re.compile(r"[1-9](?:-[1-9])?(?:,[1-9](?:-[1-9])?)*")


@dataclass(frozen=True)
class Cifar10(CifarSource):
    """Give 10,000 training images for each batch and 10,000 test images of ten classes, 32x32 pixels in colour.

    Training images are ``data_batch_1`` unless other batches are named, test images ``test_batch``.

    Parameters
    ----------
    batches : str
        Training batches: "1", "1-5", "1,3".

    References
    ----------
    A. Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images,
    https://www.cs.toronto.edu/~kriz/cifar.html
    """

    NAME: ClassVar[str] = "cifar10"
    TITLE: ClassVar[str] = "CIFAR-10"
    SUMMARY: ClassVar[str] = (
        "CIFAR-10, 10,000 training images a batch + 10,000 test images of 32x32, in colour"
    )

    batches: str = option("1", "training batches: 1 as published, 1-5 for all, 1,3")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self._numbers:
            raise reject(
                "batches", self.NAME, f"numbers from 1 to {BATCHES}, for example 1-5 or 1,3", self.batches
            )

    @property
    def official(self) -> PublishedArchive:
        """The archive of Toronto."""
        return OFFICIAL

    @property
    def train_files(self) -> tuple[str, ...]:
        """The batches that were asked for, in their order."""
        return tuple(f"data_batch_{number}" for number in self._numbers)

    @property
    def test_file(self) -> str:
        """The batch of test images."""
        return "test_batch"

    @property
    def names_file(self) -> str:
        """The file of the classes' names."""
        return "batches.meta"

    @property
    def _numbers(self) -> list[int]:
        """Numbers of the batches, ascending; none where they are not written as they must be."""
        if not isinstance(self.batches, str) or not _LISTED.fullmatch(self.batches):
            return []
        ends = [[int(end) for end in part.split("-")] for part in self.batches.split(",")]
        numbers = {number for part in ends for number in range(part[0], part[-1] + 1)}
        listed = all(part[0] <= part[-1] for part in ends) and max(numbers, default=0) <= BATCHES
        return sorted(numbers) if listed else []


PLUGIN = Cifar10
