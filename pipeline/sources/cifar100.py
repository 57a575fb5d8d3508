"""CIFAR-100: 50,000 training and 10,000 test images, of a hundred classes or of twenty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pipeline.inputs.download import Remote
from pipeline.inputs.published import PublishedArchive
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_choice
from pipeline.sources._cifar import CifarSource

OFFICIAL = PublishedArchive(
    remote=Remote(
        url="https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        name="cifar-100-python.tar.gz",
        size=169_001_437,
        digest="eb9058c3a382ffc7106e4002c42a8d85",
        algorithm="md5",
        option="--data-dir",
    ),
    folder="cifar-100-python",
    members={
        "train": "16019d7e3df5f24257cddd939b257f8d",
        "test": "f0ef6b0ae62326f3e7ffdfab6717acfc",
        "meta": "7973b15100ade9c7d40fb424638fde48",
    },
    max_bytes=256 << 20,  # the official training file has 155 million
)


@dataclass(frozen=True)
class Cifar100(CifarSource):
    """Give 50,000 training and 10,000 test images of a hundred classes, 32x32 pixels in colour.

    Parameters
    ----------
    granularity : str
        ``"fine"`` for the hundred classes, ``"coarse"`` for the twenty that they are grouped into.

    References
    ----------
    A. Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images,
    https://www.cs.toronto.edu/~kriz/cifar.html
    """

    NAME: ClassVar[str] = "cifar100"
    TITLE: ClassVar[str] = "CIFAR-100"
    SUMMARY: ClassVar[str] = "CIFAR-100: 50,000 + 10,000 colour images of 32x32, of 100 classes or of 20"

    granularity: Literal["fine", "coarse"] = option("fine", "fine: 100 classes, coarse: 20")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("granularity", self.NAME, self.granularity, ("fine", "coarse"))

    def content(self) -> dict[str, object]:
        """Give what changes the images: the files' content, the limit, and which classes."""
        return {**super().content(), "granularity": self.granularity}

    @property
    def official(self) -> PublishedArchive:
        """The archive of Toronto."""
        return OFFICIAL

    @property
    def train_files(self) -> tuple[str, ...]:
        """The one file of training images."""
        return ("train",)

    @property
    def test_file(self) -> str:
        """The file of test images."""
        return "test"

    @property
    def names_file(self) -> str:
        """The file of the classes' names."""
        return "meta"

    @property
    def names_key(self) -> str:
        """What the classes' names are called in their file."""
        return f"{self.granularity}_label_names"

    @property
    def labels_key(self) -> str:
        """What labels are called in a file of images."""
        return f"{self.granularity}_labels"

    @property
    def most_images(self) -> int:
        """How many images there are in the official files."""
        return 60_000


PLUGIN = Cifar100
