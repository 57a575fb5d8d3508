"""Runs whose images are judged out of fold: what is compared, what a machine may learn from, who knows which class."""

from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.comparison.sides import same_test_images
from dashboard.run.data import RunData, folds_in, judged_of, most_taught
from dashboard.run.predictions import Predictions, untrained
from pipeline.api import Folds, Setting
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.cli.terminal import TerminalReporter
from pipeline.extractors.hog import Hog
from pipeline.extractors.pixels import Pixels
from pipeline.projections.pca import PCA
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.sources.digits import Digits


def run_of(store, extractor, **judged):
    """Make a run of a few digits; give its data."""
    recipe = Recipe(Digits(limit=40, **judged), extractor, LinearSVM(path=(0.1,)), PCA())
    return RunData(store, run(recipe, store, TerminalReporter()).name)


@pytest.mark.slow
def test_runs_are_compared_only_where_each_image_was_judged_alike(store):
    """The same images in the same folds; other folds are another test, as another split is."""
    pixels, hog = (run_of(store, extractor, evaluation="folds") for extractor in (Pixels(), Hog()))
    others = run_of(store, Pixels(), evaluation="folds", seed=1), run_of(store, Pixels())
    assert same_test_images(pixels, hog)
    assert not any(same_test_images(pixels, other) for other in others)
    assert judged_of(pixels).noun == "image"
    assert judged_of(others[1]).noun == "test image"
    assert folds_in(others[1]) is None
    largest = int(np.bincount(pixels.train_labels).max())
    assert 0.7 * largest < most_taught(pixels) < largest
    assert most_taught(others[1]) == np.bincount(others[1].train_labels).max()


def test_a_class_that_no_judge_of_its_images_has_learnt_is_named():
    """One image in one fold: its judge has not seen the class, though others have."""
    labels, folds = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 0], np.int16)
    machine = SimpleNamespace(manifest=SimpleNamespace(files={}))
    said = Predictions(Setting(1.0, "linear"), machine, 0, labels, labels)
    assert untrained(said) == []
    assert untrained(said, Folds(folds, folds)) == [2]
    assert untrained(said, Folds(folds, np.full(5, -1, np.int16))) == []
