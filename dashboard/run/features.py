"""What a run's features come from; which run to start with, and which to compare with on the same images."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

import numpy as np

from cache import Store
from cache.errors import StoreError
from cache.making import is_being_made, read_making
from dashboard.run.cached import open_run
from dashboard.run.data import RunData
from pipeline.api import corrects

BASELINE_EXTRACTORS = ("hog", "pixels")
_PUBLISHED_LABELS = "79e6e5daeb570bbed0278c94c4791bf60d199f3c1fafcc3a90465d99274de31f"
"""SHA-256 of the labels of CIFAR-10's first training batch and of its test batch, a byte each, in their order."""


def extractor_of(data: RunData) -> str:
    """Give the name of the plug-in that made a run's features."""
    return data.artefact("features").manifest.plugin


def is_stand_in(data: RunData) -> bool:
    """Tell whether the features come from a stand-in, not from the model whose name they bear."""
    return bool(data.artefact("features").manifest.facts.get("stand_in", False))


def model_of(data: RunData) -> str:
    """Name the model behind the features; that of a stand-in says so."""
    name = str(data.artefact("features").manifest.facts.get("model", extractor_of(data)))
    return f"{name} (stand-in)" if is_stand_in(data) and "stand-in" not in name.lower() else name


def is_published_split(data: RunData) -> bool:
    """Tell whether these are the images of the published experiment, all of them, by their labels in order."""
    labels = np.concatenate([data.train_labels, data.test_labels]).astype("u1")
    return sha256(labels.tobytes()).hexdigest() == _PUBLISHED_LABELS


def other_run(data: RunData) -> RunData | None:
    """Find the run of the same data set to compare with: a simple extractor's (HOG, else pixels), else the newest."""
    found: dict[str, RunData] = {}
    for name in data.store.run_names():
        with suppress(StoreError):  # a damaged run is its own page's trouble
            other = open_run(data.store, name)
            whole = other.run.finished and other.has("classifier") and name != data.run.name
            if whole and other.run.stages.get("dataset") == data.run.stages.get("dataset"):
                newer = found.get(extractor_of(other))
                if newer is None or newer.run.created <= other.run.created:
                    found[extractor_of(other)] = other
    simple = [found[name] for name in BASELINE_EXTRACTORS if name in found and name != extractor_of(data)]
    return next(iter(simple), max(found.values(), key=lambda other: other.run.created, default=None))


def default_run(store: Store, names: Sequence[str]) -> str:
    """Choose the run to start with: one that is being made, else one that is no mere baseline, then the newest.

    Those that nobody finishes, and damaged ones, come last; so does a run with corrected labels until it is there, as
    somebody makes it from a page, and others open the link meanwhile.

    Parameters
    ----------
    store : Store
        Where the runs are.
    names : sequence of str
        At least one.
    """
    return max(names, key=lambda name: (*_prominence(store, name), name))


def _prominence(store: Store, name: str) -> tuple[int, str]:
    if is_being_made(store, name):
        making = read_making(store, name)
        return (-1 if making is not None and corrects(making.command) else 10), ""
    try:
        data = RunData(store, name)
        extractor = extractor_of(data)
    except StoreError:
        return -2, ""
    if not data.run.finished:
        return -1, data.run.created
    rank = BASELINE_EXTRACTORS[::-1].index(extractor) if extractor in BASELINE_EXTRACTORS else 9
    return rank, data.run.created
