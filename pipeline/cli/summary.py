"""A run in a few numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from cache import Run, Store
from pipeline.retraining.retrainer import find_fit
from pipeline.retraining.setting import run_settings


def run_summary(store: Store, run: Run) -> dict[str, Any]:
    """Give a run's numbers as JSON.

    Parameters
    ----------
    store : Store
        Where the run is.
    run : Run
        The run.

    Returns
    -------
    dict
        Name, title, C, test accuracy (0 to 1) at that C, images, classes, features, whether the model is a
        stand-in, and the keys of its stages.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If a stage cannot be read.
    """
    dataset = store.artefact("dataset", run.stages["dataset"])
    features = store.artefact("features", run.stages["features"])
    labels = dataset.array("test_labels")
    return {
        "run": run.name,
        "title": run.title,
        "C": run.C,
        "accuracy": _accuracy(store, run, labels),
        "train_images": dataset.manifest.dims["n_train"],
        "test_images": dataset.manifest.dims["n_test"],
        "classes": len(dataset.manifest.facts["class_names"]),
        "features": features.manifest.dims["d"],
        "stand_in": bool(features.manifest.facts.get("stand_in", False)),
        "keys": run.stages,
        "command": run.command,
        "created": run.created,
    }


def _accuracy(store: Store, run: Run, labels: Any) -> float | None:
    found = find_fit(store, run, run_settings(store, run).own)
    if found is None:
        return None
    classifier, row = found
    return float(np.mean(classifier.array("predicted_label")[row] == labels))
