"""The networks of `tf.keras.applications`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Store
from pipeline.apart.extractor import Describe, Foreign, resized
from pipeline.compute.progress import Progress, silent
from pipeline.errors import ExtractorError
from pipeline.inputs.files import check_unchanged, describe, file_digest
from pipeline.networks.keras_families import SIDES, preprocessing_of
from pipeline.networks.keras_network import BATCH, KerasNetwork
from pipeline.networks.preprocessing import Images
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_choice, check_path


@dataclass(frozen=True)
class Keras(Foreign):
    """Describe each image by what a network of `tf.keras.applications` sees in it, before its classifier.

    Parameters
    ----------
    network : str
        Its name, as Keras calls the function that makes it.
    weights : Path, optional
        Its weights without the classifier, a .h5 file. Without it, Keras downloads ImageNet's once.

    References
    ----------
    https://keras.io/api/applications/
    """

    NAME: ClassVar[str] = "keras"
    SUMMARY: ClassVar[str] = "the networks of tf.keras.applications, keras:NAME (TensorFlow)"
    REQUIRES: ClassVar[tuple[str, ...]] = ("tensorflow",)
    ARGUMENT: ClassVar[str] = "network"
    chunk_size: ClassVar[int] = 64

    network: str = option("MobileNetV2", "its name; short: --extractor keras:NAME", told=False)
    weights: Path | None = option(
        None, "its weights without the classifier (.h5); without it, Keras downloads ImageNet's once"
    )

    def __post_init__(self) -> None:
        check_choice("network", self.NAME, self.network, SIDES)
        check_path("weights", self.NAME, self.weights)

    @property
    def short_name(self) -> str:
        """The network's name."""
        return f"{self.NAME}-{self.network}"

    def prepare(self, progress: Progress = silent, store: Store | None = None) -> None:
        """Download the weights if they are needed and not there: `identity` is computed from them.

        Raises
        ------
        DownloadError
            If that fails.
        """
        if self.weights is None:
            self.require_packages()
            _ = self._sha256

    def identity(self) -> dict[str, object]:
        """Give what changes the result: the network, its weights and the preprocessing.

        Raises
        ------
        ExtractorError, DownloadError
            If the weights cannot be had.
        """
        return {
            "network": self.network,
            "weights_sha256": self._sha256,
            "preprocessing": preprocessing_of(self.network).identity(),
        }

    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people."""
        brought = "weights of a file" if self.weights else "ImageNet"
        return {"model": f"{self.network} ({brought})", "stand_in": False, **self.identity()}

    @property
    def brought(self) -> str:
        """The file of weights, or the network's name."""
        return self.weights.name if self.weights else f"keras:{self.network}"

    @property
    def downloads(self) -> bool:
        """Whether Keras has to fetch the weights."""
        return self.weights is None

    def parts(self, images: Images) -> Iterator[NDArray[np.uint8]]:
        """Give images of the network's size, in batches."""
        return resized(images, preprocessing_of(self.network), BATCH)

    def sight(self) -> dict[str, Any]:
        """Look at the weights that Keras has fetched: give the digest of all their numbers."""
        return {"weights_sha256": self._loaded.sha256}

    def open(self) -> Describe:
        """Build the network and load its weights into this process.

        Raises
        ------
        ExtractorError, UnsafeInput, DownloadError
            If the weights cannot be had, or are another network's.
        """
        network = self._loaded
        if self.weights is not None:
            check_unchanged(self._file, file_digest(self._file, "sha256"), self._sha256, ExtractorError)
        return network.extract

    @cached_property
    def _loaded(self) -> KerasNetwork:
        weights = None if self.weights is None else self._file
        return KerasNetwork(self.network, weights, preprocessing_of(self.network).rest)

    @cached_property
    def _sha256(self) -> str:
        """Give the digest of the weights' file; of downloaded ones, which Keras keeps, of all their numbers."""
        if self.weights is not None:
            return file_digest(self._file, "sha256")
        return str(self.seen.get("weights_sha256"))

    @property
    def _file(self) -> Path:
        path = (self.weights or Path()).expanduser()
        if not path.is_file():
            raise ExtractorError(f"{path} must be a file of weights (.h5). Got {describe(path)}.")
        return path


PLUGIN = Keras
