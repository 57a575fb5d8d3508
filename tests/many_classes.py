"""Runs of many classes, some of which are taken for each other, without training any."""

from __future__ import annotations

import numpy as np

from cache import Run, Store
from tests.map_runs import SIDE, write_stages

FAMILY = 5
"""Classes that are taken for each other."""


def many_classes(store: Store, name: str, k: int, each: int = 8, *, seed: int = 0) -> Run:
    """Write a run of k classes whose families are spread over the data set: an image in four is taken for a sibling.

    Parameters
    ----------
    store : Store
        A writable store.
    name : str
        The run's name.
    k, each : int
        Classes, and test images of each.
    seed : int
        Of all that is random.
    """
    rng = np.random.default_rng(seed)
    families = -(-k // FAMILY)
    labels = np.repeat(np.arange(k), each).astype(np.int16)
    siblings = (labels % families + families * rng.integers(0, FAMILY, len(labels))) % k
    predicted = np.where(rng.random(len(labels)) < 0.25, siblings, labels)
    predicted = np.where(rng.random(len(labels)) < 0.02, rng.integers(0, k, len(labels)), predicted).astype(
        np.int16
    )
    margin = np.where(predicted == labels, 1.0, -1.0)
    images = rng.integers(0, 256, (len(labels), SIDE, SIDE, 3)).astype(np.uint8)
    positions = rng.normal(size=(len(labels), 2))
    stages = write_stages(store, name, positions, images, labels, predicted, margin, k)
    store.save_run(
        Run(name=name, title=name, C=1.0, stages=stages, command="", created="2026-01-02T03:04:05+00:00")
    )
    return store.run(name)
