"""The classifiers a run can be looked at with."""

from dataclasses import replace

import numpy as np
import pytest

from cache.manifest import FILE_NAME, manifest_bytes
from dashboard.run.data import RunData
from dashboard.run.fits import accuracy_path, forget_oldest, live_fit
from dashboard.statistics.accuracy_path import AccuracyPath
from pipeline.retraining.retrainer import retrain
from tests.planted import PATH, Plan, linear, planted_run


@pytest.fixture
def planted(store):
    """The data of a planted run."""
    planted_run(store)
    return RunData(store, "planted")


def path_of(*C, live=False):
    """Make a path of made-up accuracies."""
    zeros = np.zeros(len(C))
    return AccuracyPath(np.array(C), zeros, zeros + live, np.full(len(C), live))


def live_keys(store, data):
    """List the run's live fits that are in the store."""
    path = data.artefact("classifier")
    return [key for _, key in store.artefacts("classifier") if live_fit(store, key, path) is not None]


def test_accuracies_are_those_of_the_predictions(store, planted):
    """At each C of the path both accuracies are what the page shows there."""
    path = accuracy_path(planted.artefact("classifier"), planted)
    assert path.C.tolist() == list(PATH)
    for i, C in enumerate(PATH):
        said = planted.predictions(linear(C))
        assert path.test[i] == said.accuracy
        assert path.train[i] == said.train_accuracy
    assert not path.live.any()


def test_joined_paths_are_in_order_and_know_where_points_come_from():
    """A live fit finds its place between the others."""
    joined = path_of(0.1, 1.0).joined(path_of(0.3, live=True))
    assert joined.C.tolist() == [0.1, 0.3, 1.0]
    assert joined.live.tolist() == [False, True, False]
    assert joined.train.tolist() == [0, 1, 0]


def test_point_of_the_path_is_kept_before_a_live_one():
    """Of two classifiers with one C the run's own counts."""
    joined = path_of(0.1, 1.0).joined(path_of(1.0, live=True))
    assert (joined.C.tolist(), joined.live.any()) == ([0.1, 1.0], False)


def test_path_of_uneven_arrays_is_refused():
    """Every point has both accuracies."""
    with pytest.raises(ValueError, match=r"must be of one shape"):
        replace(path_of(0.1, 1.0), test=np.zeros(3))


def test_live_fit_is_found_beside_its_run(store, planted):
    """A fit at another C belongs to the run's curve; the run's own path is no live fit."""
    fit, _ = retrain(store, planted.run, linear(0.5))
    assert live_keys(store, planted) == [fit.key]
    assert accuracy_path(fit, planted, live=True).live.tolist() == [True]


def test_live_fit_of_another_run_is_not_this_ones(store, planted):
    """Fits on other features are left to their run."""
    other = planted_run(store, "other", plan=Plan(seed=5))
    retrain(store, other, linear(0.5))
    assert live_keys(store, planted) == []
    assert len(live_keys(store, RunData(store, "other"))) == 1


def test_damaged_live_fit_is_left_out_and_logged(store, planted, caplog):
    """One damaged point does not take the curve away, and is not passed over in silence."""
    fit, _ = retrain(store, planted.run, linear(0.5))
    (fit.folder / "C.npy").write_bytes(b"")
    assert live_keys(store, planted) == []
    assert fit.key in caplog.text


def test_oldest_live_fits_are_forgotten(store, planted):
    """Only as many as are to be kept stay, the newest; the run's own classifier always does."""
    fits = [retrain(store, planted.run, linear(C))[0] for C in (0.5, 0.6, 0.7)]
    for fit, day in zip(fits, (2, 1, 3), strict=True):
        dated = replace(fit.manifest, created=f"2026-01-0{day}T00:00:00+00:00")
        (fit.folder / FILE_NAME).write_bytes(manifest_bytes(dated))
    forget_oldest(store, planted.artefact("classifier"), keep=2)
    assert set(live_keys(store, planted)) == {fits[0].key, fits[2].key}
    assert planted.own_predictions is not None


def test_classifier_that_a_run_needs_is_never_forgotten(store, planted):
    """A single-C classifier on the same inputs may be another run's: it stays."""
    fit, _ = retrain(store, planted.run, linear(0.5))
    stages = planted.run.stages | {"classifier": fit.key}
    store.save_run(replace(planted.run, name="other", C=0.5, stages=stages))
    forget_oldest(store, planted.artefact("classifier"), keep=0)
    assert store.has("classifier", fit.key)
