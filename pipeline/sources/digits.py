"""Scikit-learn's handwritten digits: 1,797 real grey images of 8x8 pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache.commands import Command
from pipeline.compute.progress import Progress, silent
from pipeline.errors import SourceError
from pipeline.inputs.datasets import Dataset, Split
from pipeline.inputs.files import bytes_digest
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count
from pipeline.stages.kinds import PixelSource

CONTENT_SHA256 = "2b05e4c7dfd27d18979d351becda24b11a82db0bdfbae840b4d098a0c8d3790d"
TRAINING_IMAGES = 898
BRIGHTEST = 16


@dataclass(frozen=True)
class Digits(PixelSource):
    """Give handwritten digits, the first half to train on and the second half to test on.

    The halves are unshuffled, as in scikit-learn's own example: neighbouring images come from the same
    writer, so that shuffling would put every writer into both halves. The images ship inside scikit-learn,
    so nothing is downloaded.

    Parameters
    ----------
    limit : int, optional
        Keep only the first images of each split.

    References
    ----------
    E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository, https://doi.org/10.24432/C50P49
    """

    NAME: ClassVar[str] = "digits"
    SUMMARY: ClassVar[str] = "scikit-learn's handwritten digits, 898 + 899 grey images of 8x8; no download"
    REQUIRES: ClassVar[tuple[str, ...]] = ("sklearn",)

    limit: int | None = option(None, "keep only the first N images of each split")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.limit is not None:
            check_count("limit", "digits", self.limit, 1)

    def content(self) -> dict[str, object]:
        """Give what changes the images: their content and the limit."""
        return {"content_sha256": CONTENT_SHA256, "limit": self.limit}

    def load(self, progress: Progress = silent) -> Dataset:
        """Load both splits.

        Parameters
        ----------
        progress : Progress, optional
            Told when the images are there.

        Returns
        -------
        Dataset
            Images uint8 of shape (n, 8, 8, 1), 0 to 255; class names "0" to "9"; ids "digits/17".

        Raises
        ------
        SourceError
            If the installed scikit-learn ships other images than the known ones.
        """
        intensities, labels = _read()
        images = np.rint(intensities * (255 / BRIGHTEST)).astype(np.uint8)[..., np.newaxis]
        ids = np.array([f"digits/{row}" for row in range(len(images))])
        parts = _first(0, TRAINING_IMAGES, self.limit), _first(TRAINING_IMAGES, len(images), self.limit)
        train, test = (Split(images[part], labels[part], ids[part]) for part in parts)
        progress(len(images), len(images), "images")
        return Dataset(train, test, tuple("0123456789"), _facts())


def _read() -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """Give the known intensities (1797, 8, 8), 0 to 16, and labels (1797,)."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    labels = bunch.target.astype(np.int16)
    found = bytes_digest(bunch.images.astype(np.uint8).tobytes() + labels.astype("<i2").tobytes(), "sha256")
    if found != CONTENT_SHA256:
        raise SourceError(
            f"scikit-learn's digits must have SHA-256 {CONTENT_SHA256}. Got {found}.",
            remedy=Command("pip install --force-reinstall -r requirements.txt"),
        )
    return bunch.images, labels


def _first(start: int, stop: int, limit: int | None) -> slice:
    """Give the rows from ``start`` to ``stop``, at most ``limit`` of them."""
    return slice(start, stop if limit is None else min(stop, start + limit))


def _facts() -> dict[str, Any]:
    """Give the images' provenance, for people."""
    return {
        "title": "Handwritten digits (scikit-learn)",
        "url": "https://doi.org/10.24432/C50P49",
        "official": True,
        "content_sha256": CONTENT_SHA256,
        "split": "first half to train, second half to test, unshuffled",
    }


PLUGIN = Digits
