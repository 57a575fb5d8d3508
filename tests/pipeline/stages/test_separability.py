"""Pairs of classes: errors, margins, neighbours and the axis are what scikit-learn and brute force find."""

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.api import Cancelled, InvalidParameter, find, pair_axis
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.retraining.setting import run_settings
from pipeline.stages.contract import ensure
from pipeline.stages.separability import QUANTILES, SeparabilityStage, neighbour_classes
from pipeline.stages.validation import stratified_folds
from pipeline.svm.solvers import choose
from tests.pipeline.conftest import clouds
from tests.planted import Plan, linear, planted_run

GAMMAS = pytest.mark.parametrize("gamma", [None, 0.05])


@pytest.fixture
def points(rng):
    """Four overlapping clouds."""
    return clouds(rng, k=4, n=160, spread=2)


@pytest.fixture
def run(store):
    """A planted run with some errors."""
    return planted_run(store, plan=Plan(noise=2.5))


def svc_pair(points, a, b, gamma, C=0.1, folds=4, seed=3):
    """Give SVC's held-out values of two classes, towards the true class."""
    counts = [int((points.train_labels == label).sum()) for label in range(points.k)]
    members = [np.flatnonzero(points.train_labels == label) for label in range(points.k)]
    values = {a: [], b: []}
    for fold in stratified_folds(counts, folds, seed):
        kept = np.concatenate([members[c][~fold[c]] for c in (a, b)])
        options = {"kernel": "linear"} if gamma is None else {"gamma": gamma}
        machine = SVC(C=C, **options).fit(points.train[kept], points.train_labels[kept])
        for c, sign in ((a, -1), (b, 1)):  # scikit-learn: positive is the second class
            values[c].append(sign * machine.decision_function(points.train[members[c][fold[c]]]))
    return [np.concatenate(values[c]) for c in (a, b)]


@GAMMAS
def test_errors_and_margins_are_svcs_on_the_same_folds(points, gamma):
    """Each pair's machine judges the held-out images of its two classes, and no others."""
    stage = SeparabilityStage(0.1, folds=4, seed=3, gamma=gamma)
    error, margin, facts = stage.measure(points.train, points.train_labels, 4)
    assert facts["solver"] == "libsvm, one-vs-one"
    for a in range(4):
        for b in range(a + 1, 4):
            first, second = svc_pair(points, a, b, gamma)
            wrong = (first < 0).sum() + (second < 0).sum()
            assert error[a, b] == error[b, a] == pytest.approx(wrong / 80, abs=1 / 80)
            np.testing.assert_allclose(margin[a, b], np.quantile(first, QUANTILES), atol=5e-3)
            np.testing.assert_allclose(margin[b, a], np.quantile(second, QUANTILES), atol=5e-3)
    assert np.isnan(error.diagonal()).all()
    assert np.isnan(margin[np.arange(4), np.arange(4)]).all()


def test_classes_that_are_apart_have_no_errors(rng):
    """And their margins are positive."""
    points = clouds(rng, k=3, n=90, d=20, spread=0.1)
    error, margin, _ = SeparabilityStage(1.0).measure(points.train, points.train_labels, 3)
    assert np.nanmax(error) == 0
    assert np.nanmin(margin) > 0


def test_a_class_missing_from_training_has_no_numbers(points):
    """Its row and column are empty, the others as if it did not exist."""
    kept = points.train_labels != 1
    error, margin, _ = SeparabilityStage(0.1).measure(points.train[kept], points.train_labels[kept], 4)
    assert np.isnan(error[1]).all()
    assert np.isnan(error[:, 1]).all()
    assert np.isnan(margin[1]).all()
    assert np.isfinite(error[0, 2])


def test_a_class_with_one_image_is_judged_by_nobody(points):
    """It is never held out: its pairs count the other class alone, and it has no margins."""
    kept = (points.train_labels != 2) | (np.cumsum(points.train_labels == 2) == 1)
    error, margin, _ = SeparabilityStage(0.1).measure(points.train[kept], points.train_labels[kept], 4)
    assert np.isfinite(error[2, 0])
    assert np.isnan(margin[2]).all()
    assert np.isfinite(margin[0, 2]).all()


def test_one_against_the_rest_is_judged_too(points, monkeypatch):
    """Half the difference of two scores stands for the pair."""
    monkeypatch.setattr(choose, "MOST_ROWS_A_PAIR", 20)
    error, _, facts = SeparabilityStage(0.1).measure(points.train, points.train_labels, 4)
    assert facts["solver"] == "liblinear, one-vs-rest"
    assert np.nanmax(error) <= 0.5


def test_neighbours_are_counted_by_class(rng):
    """Row by row, against a loop."""
    labels, indices = rng.integers(0, 3, 50), rng.integers(0, 50, (50, 7)).astype(np.int32)
    shares = neighbour_classes(indices, labels, 4)
    for a in range(3):
        near = labels[indices[labels == a]]
        for b in range(4):
            assert shares[a, b] == pytest.approx((near == b).mean())
    assert np.isnan(shares[3]).all()


def test_separability_is_computed_once_and_found_again(store, run):
    """By its content, with the tables as the store describes them."""
    assert find(store, SeparabilityStage(0.1), run.stages) is None
    found = ensure(store, SeparabilityStage(0.1), run.stages)
    seen = []
    again = ensure(store, SeparabilityStage(0.1), run.stages, lambda *report: seen.append(report))
    assert (again.key, seen, find(store, SeparabilityStage(0.1), run.stages).key) == (
        found.key,
        [],
        found.key,
    )
    assert found.array("error").shape == (4, 4)
    assert found.manifest.facts["quantiles"] == list(QUANTILES)
    np.testing.assert_allclose(found.array("neighbours").sum(axis=1), 1)


def test_cancelling_goes_through(store, run):
    """What progress raises reaches the caller; nothing is written."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        ensure(store, SeparabilityStage(0.1), run.stages, cancel)
    assert find(store, SeparabilityStage(0.1), run.stages) is None


@pytest.mark.parametrize(("C", "first", "second"), [(0.1, 0, 1), (1.0, 1, 3), (1e-3, 3, 2)])
def test_the_axis_of_a_pair_is_svcs(store, run, C, first, second):
    """Values, distances, errors and support vectors of every image of both classes, in both splits."""
    axis = pair_axis(store, run, linear(C), first, second)
    features = store.artefact("features", run.stages["features"])
    dataset = store.artefact("dataset", run.stages["dataset"])
    rows = {split: np.array(features.array(split), np.float64) for split in ("train", "test")}
    labels = {split: np.array(dataset.array(f"{split}_labels")) for split in ("train", "test")}
    chosen = np.flatnonzero(np.isin(labels["train"], (first, second)))
    machine = SVC(kernel="linear", C=C, tol=1e-5).fit(rows["train"][chosen], labels["train"][chosen] == first)
    norm = np.linalg.norm(machine.coef_)
    assert axis.edge == pytest.approx(1 / norm, rel=5e-3)
    for split, images in (("train", axis.train), ("test", axis.test)):
        wanted = np.flatnonzero(np.isin(labels[split], (first, second)))
        np.testing.assert_array_equal(images.rows, wanted)
        np.testing.assert_array_equal(images.is_first, labels[split][wanted] == first)
        values = machine.decision_function(rows[split][wanted])
        np.testing.assert_allclose(images.value, values, atol=5e-3)
        np.testing.assert_allclose(images.distance, images.value * axis.edge)
        clear = np.abs(values) > 5e-3
        np.testing.assert_array_equal(images.is_wrong[clear], ((values > 0) != images.is_first)[clear])
        near = np.abs(images.distance)[images.from_the_boundary()]
        assert (np.diff(near) >= 0).all()
    assert not axis.test.is_support.any()
    supporting = np.isin(np.arange(len(chosen)), machine.support_)
    assert (axis.train.is_support != supporting).sum() <= 2


@pytest.mark.parametrize("C", [1e-3, 0.1, 10.0])
def test_a_pair_has_as_many_support_vectors_as_its_classifier_says(store, run, C):
    """Pages count them of one and of all pairs; what lies beside the edge within the solver's tolerance is none."""
    key = ensure(store, LinearSVM(path=(C,)), run.stages).key
    counts = store.artefact("classifier", key).array("n_support")[0]
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    found = [pair_axis(store, run, linear(C), *pair).train.is_support.sum() for pair in pairs]
    assert found == counts.tolist()


def test_the_axis_of_a_kernel_has_its_own_units(store, run):
    """Distances in the kernel's space: the value over the length of the normal vector there."""
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    run.stages["classifier"] = ensure(store, RBFSVM(path=(1.0,), gamma=0.05), run.stages).key
    axis = pair_axis(store, run, run_settings(store, run).own.at(1.0), 0, 2)
    labels = np.array(dataset.array("train_labels"))
    chosen = np.isin(labels, (0, 2))
    rows = np.array(features.array("train"), np.float64)[chosen]
    machine = SVC(C=1.0, gamma=0.05).fit(rows, labels[chosen] == 0)
    support, duals = machine.support_vectors_, machine.dual_coef_[0]
    kernel = np.exp(-0.05 * ((support[:, np.newaxis] - support) ** 2).sum(axis=2))
    assert axis.edge == pytest.approx(1 / np.sqrt(duals @ kernel @ duals), rel=5e-3)
    np.testing.assert_allclose(axis.train.value, machine.decision_function(rows), atol=5e-3)


def test_the_sides_of_an_axis_can_be_changed(store, run):
    """The same machine looked at from the other class."""
    there, back = pair_axis(store, run, linear(0.1), 0, 3), pair_axis(store, run, linear(0.1), 3, 0)
    np.testing.assert_allclose(there.test.distance, -back.test.distance, atol=5e-3)
    np.testing.assert_array_equal(there.test.is_first, ~back.test.is_first)


@pytest.mark.parametrize(
    ("pair", "got"),
    [
        ((0, 0), "circle and circle"),
        ((0, 9), r"circle and label 9 \(without any\)"),
        ((-1, 2), r"label -1 \(without any\) and cross"),
    ],
)
def test_a_pair_must_be_two_classes(store, run, pair, got):
    """In a sentence with their names."""
    with pytest.raises(InvalidParameter, match=rf"two different ones .+\. Got {got}\."):
        pair_axis(store, run, linear(0.1), *pair)
