"""Whether the artefacts of a run fit together: each may be whole, and the run still make no sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cache.artefact import Artefact
from cache.columns import read_columns
from cache.errors import ArtefactMissing, RunInconsistent
from cache.originals import OriginalFiles
from cache.pictures import read_ends, read_files, read_rows
from cache.remedies import REPAIR, making_command
from cache.runs import Run
from cache.store import Store

_SHARED = ("n_train", "n_test", "d")


def check_run(store: Store, run: Run) -> None:
    """Check that a run's artefacts are there and fit together.

    Each must be made from the others and agree with them on the number of images and features; a table's columns have a
    value an image. What one says of labels and rows is checked where it is read (`cache.ranges`), features are not.

    Parameters
    ----------
    store : Store
        Where the artefacts are.
    run : Run
        The run; it need not have every stage, and of an unfinished one only what is there is looked at.

    Raises
    ------
    ArtefactMissing
        If one is not there; names the command that makes it.
    ArtefactCorrupt, SchemaTooNew
        If one cannot be read.
    RunInconsistent
        If they do not fit together.
    """
    absent = [f"{stage}/{key}" for stage, key in run.stages.items() if not store.has(stage, key)]
    if absent and run.finished:
        message = f"Run {run.name} must have its {', '.join(absent)}. Got no such artefact in {store.root}."
        raise ArtefactMissing(message, remedy=making_command(store.roots, run.name, run.command))
    artefacts = {
        stage: store.artefact(stage, key) for stage, key in run.stages.items() if store.has(stage, key)
    }
    for complaint in _complaints(artefacts, run):
        raise _inconsistent(store, run, complaint)


def check_dataset(dataset: Artefact) -> None:
    """Check what a data set notes of its images: further columns, files, and where each picture lies.

    Raises
    ------
    ArtefactCorrupt
        If it cannot be read, or does not fit the images.
    """
    read_columns(dataset)
    if "test_rows.npy" in dataset.manifest.files:  # a data set of files
        read_files(dataset)
        OriginalFiles(dataset)
        read_ends(dataset, "picture_ends", "pictures.bin")
        for split in ("train", "test"):
            read_rows(dataset, split)


def _complaints(artefacts: Mapping[str, Artefact], run: Run) -> Iterator[str]:
    yield from _other_inputs(artefacts, run)
    yield from _other_sizes(artefacts)
    if "dataset" in artefacts:
        yield from _splits_apart(artefacts, artefacts["dataset"])
        check_dataset(artefacts["dataset"])


def check_inputs(store: Store, run: Run, artefact: Artefact) -> None:
    """Check that a result of a run was made from the run's other results.

    Raises
    ------
    RunInconsistent
        If not.
    """
    for complaint in _other_inputs({artefact.manifest.stage: artefact}, run):
        raise _inconsistent(store, run, complaint)


def _inconsistent(store: Store, run: Run, complaint: str) -> RunInconsistent:
    return RunInconsistent(
        f"Run {run.name} must be made of artefacts that fit together. Got {complaint}.",
        remedy=making_command(store.roots, run.name, REPAIR),
    )


def _other_inputs(artefacts: Mapping[str, Artefact], run: Run) -> Iterator[str]:
    for stage, artefact in artefacts.items():
        for role, key in artefact.manifest.inputs.items():
            if run.stages.get(role, key) != key:
                yield f"{stage} made from another {role}"


def _other_sizes(artefacts: Mapping[str, Artefact]) -> Iterator[str]:
    for dim in _SHARED:
        sizes = {stage: a.manifest.dims[dim] for stage, a in artefacts.items() if dim in a.manifest.dims}
        if len(set(sizes.values())) > 1 or 0 in sizes.values():
            yield f"{dim} of {', '.join(f'{size} in {stage}' for stage, size in sizes.items())}"


def _splits_apart(artefacts: Mapping[str, Artefact], dataset: Artefact) -> Iterator[str]:
    """Check where training images are some of the test images, and that every image's judge can be found."""
    manifest, part = dataset.manifest, dataset.manifest.facts.get("train_in_test")
    if part is None and "features" in artefacts and "train.npy" not in artefacts["features"].manifest.files:
        yield "features without train.npy, and training images that are not among the test images"
    if manifest.facts.get("no_classifier") and "classifier" in artefacts:
        yield f"a classifier of images of which the data set says: {manifest.facts['no_classifier']}"
    if "test_folds.npy" in manifest.files and not set(np.unique(dataset.array("test_folds"))) <= {
        -1,
        *np.unique(dataset.array("train_folds")),
    }:
        yield "dataset/test_folds.npy with folds that no training image is in"
