"""A run's artefacts fit together, or the run is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cache import ArtefactCorrupt, ArtefactMissing
from cache.consistency import check_run
from cache.errors import RunInconsistent
from tests.cache.making import assert_helps, flip, rewrite
from tests.planted import Plan, planted_run

PLAN = Plan(n_train=30, n_test=24)


@pytest.fixture
def run(store):
    """A run with every stage."""
    return planted_run(store, "whole", plan=PLAN)


def _forge(store, run, stage, name, change):
    """Change an array of an artefact as somebody would who knows how to seal a manifest."""
    import hashlib

    artefact = store.artefact(stage, run.stages[stage])
    array = artefact.array(name)
    change(array)
    path = artefact.folder / f"{name}.npy"
    np.save(path, array)
    record = {"size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    files = {**artefact.manifest.files, f"{name}.npy": record}
    rewrite(artefact.folder / "manifest.json", files=files)


def _refused(store, run, text):
    with pytest.raises(RunInconsistent, match=text) as caught:
        check_run(store, run)
    assert_helps(caught.value, run.name)


def test_a_run_as_the_pipeline_writes_it_passes(store, run):
    """With every stage, and with some left out."""
    check_run(store, run)
    for stage in run.stages:
        check_run(store, replace(run, stages={key: run.stages[key] for key in run.stages if key != stage}))


@pytest.mark.parametrize(
    ("stage", "other"),
    [("dataset", {"plan": replace(PLAN, seed=99)}), ("features", {"plan": PLAN, "extractor": "hog"})],
)
def test_artefacts_made_from_another_are_refused(store, run, stage, other):
    """Predictions of other images would be shown beside these."""
    key = planted_run(store, "other", **other).stages[stage]
    _refused(store, replace(run, stages={**run.stages, stage: key}), f"made from another {stage}")


def test_artefacts_of_other_sizes_are_refused(store, run):
    """Also where no input tells."""
    other = planted_run(store, "other", plan=Plan(n_train=30, n_test=25))
    stages = {"dataset": run.stages["dataset"], "neighbours": other.stages["neighbours"]}
    _refused(store, replace(run, stages=stages), "n_test of 24 in dataset, 25 in neighbours")


def test_a_missing_artefact_is_told_with_the_command_that_makes_it(store, run):
    """The run knows its own command."""
    stages = {**run.stages, "features": "0" * 40}
    with pytest.raises(ArtefactMissing) as caught:
        check_run(store, replace(run, stages=stages))
    assert_helps(caught.value, f"features/{'0' * 40}")
    assert caught.value.remedy == run.command


def test_a_damaged_artefact_is_told_as_such(store, run):
    """It is not the run's fault."""
    artefact = store.artefact("classifier", run.stages["classifier"])
    flip(artefact.folder / "manifest.json")
    with pytest.raises(ArtefactCorrupt) as caught:
        check_run(store, run)
    assert not isinstance(caught.value, RunInconsistent)


def test_features_and_images_are_not_read(store, run, monkeypatch):
    """Checking a run must not cost what opening its large arrays costs."""
    read = []
    original = type(store.artefact("dataset", run.stages["dataset"])).path
    monkeypatch.setattr(
        "cache.artefact.Artefact.path", lambda self, name: read.append(name) or original(self, name)
    )
    check_run(store, run)
    assert not {"train.npy", "test.npy", "train_images.npy", "test_images.npy"} & set(read)


def test_without_a_classifier_images_may_have_no_class(store, run):
    """And then no classifier may be there."""
    unlabelled = replace(run, stages={key: to for key, to in run.stages.items() if key == "dataset"})
    dataset = store.artefact("dataset", run.stages["dataset"])
    _forge(store, run, "dataset", "test_labels", lambda labels: labels.fill(-1))
    with pytest.raises(ArtefactCorrupt, match=r"test_labels.npy must have values from 0 to 3"):
        store.artefact("dataset", run.stages["dataset"]).array("test_labels")
    facts = {**dataset.manifest.facts, "no_classifier": "There are no classes."}
    rewrite(dataset.folder / "manifest.json", facts=facts)
    check_run(store, unlabelled)
    assert set(store.artefact("dataset", run.stages["dataset"]).array("test_labels")) == {-1}
    _refused(store, run, "a classifier of images of which the data set says: There are no classes")


def test_training_images_are_test_images_as_the_data_set_says(store, run):
    """So many, within them; and where they are others, their features are there."""
    dataset = store.artefact("dataset", run.stages["dataset"])
    facts, dims = dataset.manifest.facts, dataset.manifest.dims
    for part, good in (([0, dims["n_train"]], dims["n_train"] <= dims["n_test"]), ([1, 3], False)):
        rewrite(dataset.folder / "manifest.json", facts={**facts, "train_in_test": part})
        if good:
            check_run(store, run)
        else:
            with pytest.raises(ArtefactCorrupt, match="train_in_test must be where 30 of 24 rows"):
                check_run(store, run)
