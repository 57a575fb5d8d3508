"""What is gathered about the prediction of one image."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.run.data import RunData
from dashboard.why.evidence import NEAREST, SHOWN, evidence_of, judge_of, path_of
from dashboard.why.sentence import answer
from pipeline.api import BY_ALL, folds_of, likeness
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.pixels import Pixels
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.retraining.retrainer import retrain
from pipeline.run import run
from pipeline.sources.digits import Digits
from pipeline.stages.evaluation import features_of
from tests.planted import PATH, Plan, linear, planted_run


@pytest.fixture
def planted(store):
    """A run with errors; its own C is 0.1."""
    planted_run(store, plan=Plan(noise=2.5))
    return RunData(store, "planted")


def wrong(data):
    """Give an image that is predicted wrong."""
    return int(np.flatnonzero(~data.own_predictions.correct)[0])


def test_the_nearest_are_of_the_predicted_class_and_its_rival(planted):
    """Nearest first, as by brute force; of an error the rival is the true class, else the runner-up."""
    said, row = planted.own_predictions, wrong(planted)
    found = evidence_of(planted, said, row)
    assert (found.predicted, found.rival) == (said.predicted[row], planted.test_labels[row])
    features = planted.artefact("features")
    apart = np.linalg.norm(features.array("train") - features.array("test")[row], axis=1)
    order = np.argsort(apart, kind="stable")
    assert found.nearest == tuple(planted.train_labels[order[:NEAREST]])
    of_rival = order[planted.train_labels[order] == found.rival][:SHOWN]
    assert [image for image, _ in found.of_rival] == of_rival.tolist()
    assert [far for _, far in found.of_rival] == pytest.approx(apart[of_rival].tolist(), rel=1e-5)
    right = int(np.flatnonzero(said.correct)[0])
    assert evidence_of(planted, said, right).rival == said.runner_up[right]


def test_an_image_that_changes_its_nearest_training_images_changes_the_sentence(planted, monkeypatch):
    """Moved in among the training images of a third class, with all else as it was, it is told to lie there."""
    said, row = planted.own_predictions, wrong(planted)
    before = answer(evidence_of(planted, said, row), planted.class_names)
    third = next(label for label in range(4) if label not in (said.predicted[row], planted.test_labels[row]))

    def moved(features, dataset, split):
        found = np.array(features_of(features, dataset, split))
        if split == "test":
            found[row] = 9 * np.eye(found.shape[1], dtype=np.float32)[third]  # far out where that class is
        return found

    monkeypatch.setattr("pipeline.retraining.judging.features_of", moved)
    monkeypatch.setattr("dashboard.why.evidence.likeness_of", anew)
    found = evidence_of(planted, said, row)
    after = answer(found, planted.class_names)
    assert found.nearest.count(third) > NEAREST / 2
    assert before != after


def anew(data, judge, row):
    """Compare an image with all training images, whatever is kept of it."""
    return likeness(data.artefact("dataset"), data.artefact("features"), judge, row)


def test_the_path_has_every_stored_C_and_live_fits(planted, store):
    """Those of the run, and what somebody fitted; the one in use is marked."""
    said, row = planted.own_predictions, wrong(planted)
    path, at = path_of(planted, said, row)
    assert [stop.C for stop in path] == list(PATH)
    assert path[at].C == 0.1
    stored = planted.artefact("classifier").array("predicted_label")[:, row]
    assert [stop.predicted for stop in path] == stored.tolist()
    retrain(store, planted.run, linear(0.5))
    live = planted.predictions(linear(0.5))
    path, at = path_of(planted, live, row)
    assert [stop.C for stop in path] == sorted([*PATH, 0.5])
    assert path[at].C == 0.5
    assert path[at].predicted == live.predicted[row]


def test_a_kernel_of_somebodys_own_has_no_evidence(planted):
    """What its machines are made of nobody here knows."""
    said = planted.own_predictions
    strange = replace(said, setting=replace(said.setting, kernel="string-svm"))
    assert evidence_of(planted, strange, 0) is None


def test_out_of_fold_the_judge_has_not_seen_the_image(store):
    """It has learnt from the other folds alone, and the image is not among its own nearest."""
    recipe = Recipe(
        Digits(limit=90, evaluation="folds"),
        Pixels(),
        LinearSVM(path=(0.1, 1.0), C=1.0),
        PCA(),
        name="digits",
    )
    run(recipe, store, TerminalReporter())
    data = RunData(store, "digits")
    folds = folds_of(data.artefact("dataset"))
    for row in (0, 11, 40):
        judge = judge_of(data, data.own_predictions, row)
        assert judge.fold == folds.test[row] != BY_ALL
        found = evidence_of(data, data.own_predictions, row)
        rows = [image for image, _ in (*found.of_predicted, *found.of_rival)]
        assert row not in rows
        assert (folds.train[rows] != judge.fold).all()
