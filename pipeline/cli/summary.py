"""A run in a few numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Run, Store
from cache.counting import counted
from pipeline.inputs.datasets import no_classifier
from pipeline.retraining.retrainer import find_fit
from pipeline.retraining.setting import run_settings
from pipeline.stages.baselines import balanced_accuracy, largest_class
from pipeline.stages.evaluation import Judged


def dataset_line(dataset: Artefact) -> str:
    """Say in a line what was understood of a data set: images, classes, splits, what was left out."""
    facts, dims = dataset.manifest.facts, dataset.manifest.dims
    train, test = dims["n_train"], dims["n_test"]
    apart = "train_in_test" not in facts  # else the training images are test images too
    parts = [counted(train + test if apart else test, "image")]
    classes = len(facts["class_names"])
    parts += [counted(classes, "class", "classes") if classes else "no classes"]
    parts += [f"{train:,} to learn from and {test:,} to test on"] if apart else []
    refused, odd = (len(facts.get(name, [])) for name in ("refused", "odd"))
    parts[-1] += f"; {counted(refused, 'file')} left out" if refused else ""
    parts[-1] += f"; {counted(odd, 'odd file')}" if odd else ""
    return ", ".join(parts)


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
        Name, title, C, accuracy (0 to 1) at that C and how it was judged, the mean recall of the classes where their
        sizes differ, the accuracy of always saying the largest class, images, files that are none or are odd, classes,
        features, whether the model is a stand-in, and the keys of its stages. Without a classifier, why there is none.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If a stage cannot be read.
    """
    dataset = store.artefact("dataset", run.stages["dataset"])
    features = store.artefact("features", run.stages["features"])
    without, labels = no_classifier(dataset), dataset.array("test_labels")
    predicted = None if without else _predicted(store, run)
    return {
        "run": run.name,
        "title": run.title,
        "finished": run.finished,
        "C": run.C,
        "accuracy": None if predicted is None else float(np.mean(predicted == labels)),
        "balanced_accuracy": None if predicted is None else balanced_accuracy(labels, predicted),
        "largest_class_accuracy": None if without else largest_class(labels)[1],
        "no_classifier": without,
        "train_images": dataset.manifest.dims["n_train"],
        "test_images": dataset.manifest.dims["n_test"],
        "judged": asdict(Judged.of(dataset)),
        "left_out": dataset.manifest.facts.get("refused", []),
        "odd": dataset.manifest.facts.get("odd", []),
        "notes": dataset.manifest.facts.get("notes", []),
        "empty_classes": dataset.manifest.facts.get("empty_classes", []),
        "classes": len(dataset.manifest.facts["class_names"]),
        "features": features.manifest.dims["d"],
        "stand_in": bool(features.manifest.facts.get("stand_in", False)),
        "keys": run.stages,
        "command": run.command,
        "created": run.created,
    }


def _predicted(store: Store, run: Run) -> NDArray[np.int16] | None:
    found = find_fit(store, run, run_settings(store, run).own)
    return None if found is None else found[0].rows("predicted_label")[found[1]]
