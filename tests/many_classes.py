"""Runs of many classes, some of which are taken for each other, without training any."""

from __future__ import annotations

import numpy as np

from cache import Run, Store
from pipeline.api import ensure
from pipeline.stages.neighbours import NeighboursStage
from tests.map_runs import SIDE, write_classifier, write_stages, write_thumbnails

FAMILY = 5
"""Classes that are taken for each other."""
TAUGHT, DIMENSIONS = 4, 32
"""Training images of each class, and features."""


def many_classes(store: Store, name: str, k: int, each: int = 8, *, seed: int = 0) -> Run:
    """Write a run of k classes whose families are spread over the data set: an image in four is taken for a sibling.

    Its classifier is made up, and so is the one of the run ``<name>-rival``, which has half as many errors; with its
    features others can be fitted.

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
    centres = rng.normal(size=(k, DIMENSIONS))
    table = {
        split: (centres[own] + rng.normal(size=(len(own), DIMENSIONS))).astype(np.float32)
        for split, own in {"train": np.tile(np.arange(k), TAUGHT), "test": labels}.items()
    }
    stages = write_stages(store, name, positions, images, labels, predicted, margin, k, table=table)
    stages["neighbours"] = ensure(store, NeighboursStage(), stages).key
    stages["thumbnails"] = write_thumbnails(store, name, stages["dataset"], images)
    both = {stage: stages[stage] for stage in ("dataset", "features")}
    better = np.where(rng.random(len(labels)) < 0.5, labels, predicted)
    rival = write_classifier(
        store, f"{name}-rival", both, better, np.where(better == labels, 1.0, -1.0), k, k * TAUGHT
    )
    for own, judge in ((f"{name}-rival", rival), (name, stages["classifier"])):
        kept = {**stages, "classifier": judge}
        store.save_run(
            Run(name=own, title=own, C=1.0, stages=kept, command="", created="2026-01-02T03:04:05+00:00")
        )
    return store.run(name)
