"""Run a network of `tf.keras.applications`, with weights that Keras downloads or that a file brings."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cache.commands import Again
from pipeline.compute.log_lines import tensorflow, without_log_lines
from pipeline.errors import DownloadError, ExtractorError, UnsafeInput
from pipeline.inputs.files import describe
from pipeline.networks.preprocessing import Images, Preprocessing

if TYPE_CHECKING:
    import h5py  # type: ignore[import-untyped]  # it ships no types

MAX_BYTES = 4 << 30  # unpacked; ConvNeXtXLarge has 1.4 billion
MAX_PARTS = 100_000
BATCH = 16
ENDINGS = (".h5", ".hdf5")


class KerasNetwork:
    """Hold a network without its classifier, its last maps averaged.

    Parameters
    ----------
    name : str
        Of `tf.keras.applications`.
    weights : Path or None
        An HDF5 file as Keras writes it; ImageNet's, downloaded by Keras, without one.
    preprocessing : Preprocessing
        What is done to the images before.

    Raises
    ------
    DownloadError
        If Keras cannot download the weights, or they are not those that it knows.
    ExtractorError
        If the file cannot be read, or has other weights than this network's.
    UnsafeInput
        If the file leads to other files, or is too large.
    """

    def __init__(self, name: str, weights: Path | None, preprocessing: Preprocessing) -> None:
        if weights is not None:
            check_weights(weights)
        tf = tensorflow()
        with without_log_lines():
            tf.keras.backend.set_image_data_format("channels_last")
            self._model = _build(name, preprocessing.side, downloaded=weights is None)
            if weights is not None:
                _load(self._model, weights, name)
        self._preprocessing = preprocessing
        self._run = tf.function(lambda batch: self._model(batch, training=False), autograph=False)

    @property
    def sha256(self) -> str:
        """The digest of all its numbers, in their order."""
        digest = hashlib.sha256()
        for array in self._model.get_weights():
            digest.update(f"{array.dtype}{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def extract(self, images: Images) -> NDArray[np.float32]:
        """Give the features float32 (n, d) of images uint8 (h, w, c), grey or in colour, each of its own size."""
        starts = range(0, len(images), BATCH)
        batches = (self._preprocessing.apply(images[start : start + BATCH], "nhwc") for start in starts)
        with without_log_lines():
            return np.concatenate([np.asarray(self._run(batch), np.float32) for batch in batches])


def _build(name: str, side: Any, *, downloaded: bool) -> Any:
    """Make the network; the weights that Keras downloads are those without the classifier."""
    make = getattr(tensorflow().keras.applications, name)
    try:
        return make(
            include_top=False,
            weights="imagenet" if downloaded else None,
            input_shape=(side, side, 3),
            pooling="avg",
        )
    except Exception as problem:  # Keras raises whatever the network or the disk does
        if not downloaded:
            raise
        said = " ".join(str(problem).split())[:300].rstrip(".")
        raise DownloadError(
            f"ImageNet's weights of {name} must be downloaded by Keras once. Got: {said}.",
            remedy="the same command with the option weights and a file of them, which another machine has downloaded",
        ) from problem


def _load(model: Any, weights: Path, name: str) -> None:
    """Load a file, of which Keras may leave out what it does not find, with a warning."""
    try:
        model.set_weights([_blank(array) for array in model.get_weights()])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.load_weights(str(weights))
        said = "" if all(np.isfinite(array).all() for array in model.get_weights()) else "others, or too few"
    except Exception as problem:  # as above
        said = " ".join(str(problem).split())[:300].rstrip(".")
    if said:
        raise ExtractorError(
            f"{weights} must hold the weights of {name} without its classifier. Got: {said}.",
            remedy=Again({"--weights": None}),
        )


def _blank(array: NDArray[Any]) -> NDArray[Any]:
    """Give an array of the same shape without a number, where there can be such."""
    return np.full_like(array, np.nan) if array.dtype.kind == "f" else array


def check_weights(path: Path) -> None:
    """Check that a file holds numbers only, in itself, and not too many.

    Raises
    ------
    ExtractorError
        If it is no HDF5 file.
    UnsafeInput
        If it leads to other files, or is too large.
    """
    import h5py

    if not path.is_file() or not path.name.endswith(ENDINGS):
        raise ExtractorError(f"{path} must be a file whose name ends in .h5. Got {describe(path)}.")
    try:
        with h5py.File(path, "r") as file:
            parts = list[Any]([file])
            file.visititems(lambda _, part: _more(parts, part))
            _check_parts(parts, path)
    except OSError as problem:
        raise ExtractorError(f"{path} must be a complete HDF5 file. Got: {problem}.") from problem


def _more(parts: list[Any], part: Any) -> bool | None:
    """Note a part; stop where there are more than there can rightly be."""
    parts.append(part)
    return True if len(parts) > MAX_PARTS else None


def _check_parts(parts: list[h5py.Group | h5py.Dataset], path: Path) -> None:
    import h5py

    if len(parts) > MAX_PARTS:
        raise UnsafeInput(f"{path} must have at most {MAX_PARTS:,} parts. Got more.")
    total = 0
    for part in parts:
        if isinstance(part, h5py.Dataset):
            total += part.nbytes
            elsewhere = bool(part.external) or part.is_virtual
        else:
            elsewhere = any(not isinstance(part.get(name, getlink=True), h5py.HardLink) for name in part)
        if elsewhere:
            raise UnsafeInput(f"{path} must hold its weights itself. Got a link to another place.")
    if total > MAX_BYTES:
        raise UnsafeInput(f"{path} must unpack to at most {MAX_BYTES:,} bytes. Got {total:,}.")
