"""Turn the content of the batch files of CIFAR-10 and CIFAR-100 into images, labels and names."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.counting import counted
from cache.limits import CLASS_NAME, CLASSES
from pipeline.errors import SourceError
from pipeline.inputs.datasets import Split
from pipeline.inputs.pickles import load_plain_pickle

SIDE = 32


def read_class_names(content: bytes, name: str = "batches.meta", key: str = "label_names") -> tuple[str, ...]:
    """Give the names of the classes.

    Parameters
    ----------
    content : bytes
        The file's content.
    name : str
        Its name, for error messages.
    key : str
        What the names are called in it.

    Raises
    ------
    SourceError
        If it has none.
    UnsafeInput
        If it tries more than to describe data.
    """
    names = _entry(load_plain_pickle(content, name), key, name)
    if not isinstance(names, list) or not names or not all(isinstance(text, bytes | str) for text in names):
        got = "an empty list" if names == [] else f"the type {type(names).__name__}"
        raise SourceError(f"{key} in {name} must be a list of texts. Got {got}.")
    if (
        len(names) > CLASSES or max(map(len, names)) > CLASS_NAME
    ):  # one text may be in the list again and again
        must = f"at most {CLASSES:,} names of at most {CLASS_NAME:,} characters"
        got = f"{len(names):,}, the longest of {max(map(len, names)):,}"
        raise SourceError(f"{key} in {name} must be {must}. Got {got}.")
    return tuple(text.decode("utf-8", "replace") if isinstance(text, bytes) else text for text in names)


def read_split(content: bytes, name: str, limit: int | None, key: str = "labels") -> Split:
    """Give the images of a batch file.

    Parameters
    ----------
    content : bytes
        The file's content.
    name : str
        Its name, for the ids and for error messages.
    limit : int, optional
        Keep only the first images.
    key : str
        What labels are called in it.

    Returns
    -------
    Split
        Images uint8 of shape (n, 32, 32, 3); ids like ``"data_batch_1/17"``.

    Raises
    ------
    SourceError
        If the file does not hold images and as many labels.
    UnsafeInput
        If it tries more than to describe data.
    """
    batch = load_plain_pickle(content, name)
    pixels = _check_pixels(_entry(batch, "data", name), name)
    labels = _check_labels(_entry(batch, key, name), len(pixels), f"{key} in {name}")
    images = pixels[:limit].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)
    ids = np.array([f"{name}/{row}" for row in range(len(images))])
    return Split(np.ascontiguousarray(images), labels[:limit], ids)


def _entry(batch: dict[Any, Any], key: str, name: str) -> Any:
    """Give a value of a batch, whose keys are bytes if Python 2 wrote it."""
    for form in (key.encode(), key):
        if form in batch:
            return batch[form]
    raise SourceError(f"{name} must have an entry {key!r}. Got none.")


def _check_pixels(pixels: Any, name: str) -> NDArray[np.uint8]:
    """Check that a batch's data are images: uint8 (n, 3072), red, green and blue one after the other."""
    if isinstance(pixels, np.ndarray) and pixels.dtype == np.uint8 and pixels.shape[1:] == (3 * SIDE * SIDE,):
        return pixels
    got = f"{pixels.dtype} {pixels.shape}" if isinstance(pixels, np.ndarray) else type(pixels).__name__
    raise SourceError(f"data in {name} must be uint8 of shape (n, {3 * SIDE * SIDE}). Got {got}.")


def _check_labels(labels: Any, n: int, name: str) -> NDArray[np.int16]:
    """Check that a batch's labels are one small integer an image."""
    items = labels.tolist() if isinstance(labels, np.ndarray) and labels.shape == (n,) else labels
    if not isinstance(items, list):
        got = f"the type {type(labels).__name__}"
    elif len(items) != n:
        got = f"{counted(len(items), 'label')} for {counted(n, 'image')}"
    else:
        wrong = (row for row, label in enumerate(items) if not (type(label) is int and 0 <= label < CLASSES))
        row = next(wrong, None)
        if row is None:
            return np.array(items, dtype=np.int16)
        got = f"{repr(items[row])[:40]} for image {row}"
    raise SourceError(f"{name} must be an integer from 0 to {CLASSES - 1} an image. Got {got}.")
