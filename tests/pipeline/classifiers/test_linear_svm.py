"""The linear SVM is scikit-learn's, found faster."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.svm import SVC

from cache.arrays import StoredArray
from cache.keys import canonical_json
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.svm.gram import Gram
from pipeline.svm.penalty import DEFAULT_PATH
from pipeline.svm.solvers import choose
from tests.pipeline.conftest import clouds, machines_of

SENTENCE = r"must (be|have) .+\. Got "


@pytest.fixture(autouse=True, params=[0, 10**6], ids=["pair by pair", "together"])
def small_pair(request, monkeypatch):
    """Everything holds in both ways of calling libsvm."""
    monkeypatch.setattr(choose, "SMALL_PAIR", request.param)
    return request.param


def reference(points, C, **options):
    """Fit scikit-learn's own machine."""
    machine = SVC(kernel="linear", C=C, decision_function_shape="ovo", **options)
    return machine.fit(points.train.astype(np.float64), points.train_labels)


def fit_at(points, C, **options):
    """Fit ours at one C."""
    return LinearSVM(C=C, path=(C,)).fit(*points.all, **options)


@pytest.mark.parametrize("C", [1e-6, 1e-3, 0.1, 1.0])
def test_predictions_are_those_of_svc(points, C):
    """Every image of both splits gets the label that SVC gives it."""
    ours, theirs = fit_at(points, C), reference(points, C)
    np.testing.assert_array_equal(ours.predicted_label[0], theirs.predict(points.test))
    np.testing.assert_array_equal(ours.train_predicted_label[0], theirs.predict(points.train))


@pytest.mark.parametrize("C", [1e-3, 0.1, 1.0])
def test_weights_and_intercepts_are_those_of_svc(points, C):
    """Pair by pair, in scikit-learn's order and orientation, to libsvm's tolerance."""
    ours, theirs = fit_at(points, C), reference(points, C)
    np.testing.assert_allclose(machines_of(points, C).weights[0], theirs.coef_, atol=2e-3)
    np.testing.assert_allclose(ours.intercepts[0], theirs.intercept_, atol=2e-3)


def test_support_vectors_are_counted_per_pair(rng):
    """With two classes, where SVC tells the number, it is the same."""
    points = clouds(rng, k=2)
    assert fit_at(points, 0.1).n_support[0].tolist() == [int(reference(points, 0.1).n_support_.sum())]


def test_two_classes_make_one_pair(rng):
    """Two classes work: one weight vector, one vote, and the other class is the runner-up."""
    points = clouds(rng, k=2)
    path = fit_at(points, 0.1)
    np.testing.assert_array_equal(path.predicted_label[0], reference(points, 0.1).predict(points.test))
    np.testing.assert_array_equal(path.runner_up_label, 1 - path.predicted_label)
    assert path.intercepts.shape == (1, 1)
    assert set(path.votes[0].tolist()) == {1}
    assert set(path.runner_up_votes[0].tolist()) == {0}


def test_votes_and_runners_up_follow_scikit_learn(points):
    """Votes are won pairs; the runner-up is second in scikit-learn's one-vs-rest view of the same pairs."""
    path, machine = fit_at(points, 0.1), reference(points, 0.1)
    values = values_of(points, 0.1)
    votes = np.zeros((len(points.test), points.k))
    for pair, (i, j) in enumerate([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]):
        winners = np.where(values[:, pair] > 0, i, j)
        votes[np.arange(len(votes)), winners] += 1
    rows = np.arange(len(votes))
    np.testing.assert_array_equal(path.votes[0], votes[rows, path.predicted_label[0]])
    np.testing.assert_array_equal(path.runner_up_votes[0], votes[rows, path.runner_up_label[0]])
    machine.decision_function_shape = "ovr"
    ranking = machine.decision_function(points.test)
    ranking[rows, path.predicted_label[0]] = -np.inf
    assert (
        np.mean(ranking.argmax(axis=1) == path.runner_up_label[0]) > 0.98
    )  # solvers differ within tolerance


def values_of(points, C):
    """Give the decision values of the test images."""
    machines = machines_of(points, C)
    return points.test @ machines.weights[0].T + machines.intercepts[0]


def test_margins_are_decision_values_towards_the_true_class(points):
    """Positive exactly where the prediction is right, and the value of the pair that decides."""
    path = fit_at(points, 0.1)
    values = values_of(points, 0.1)
    place = {pair: n for n, pair in enumerate([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])}

    def value(row, winner, loser):
        return values[row, place[winner, loser]] if winner < loser else -values[row, place[loser, winner]]

    for row, true in enumerate(points.test_labels.tolist()):
        predicted, second = int(path.predicted_label[0, row]), int(path.runner_up_label[0, row])
        rival = second if predicted == true else predicted
        assert path.margin[0, row] == pytest.approx(value(row, true, rival), abs=1e-4)
        assert path.runner_up_margin[0, row] == pytest.approx(value(row, predicted, second), abs=1e-4)


def test_free_support_vectors_lie_on_the_edge(rng):
    """A margin of 1 is the edge: separable training points have at least 1, and some have exactly that."""
    points = clouds(rng, k=2, n=40, d=60, spread=0.5)
    path = LinearSVM(path=(1e3,)).fit(*points.all[:2], *points.all[:2], 2)
    assert path.margin.min() == pytest.approx(1, abs=5e-3)


@pytest.mark.parametrize("memory", ["1MB", "4GB"])
@pytest.mark.parametrize("in_file", [False, True])
def test_memory_changes_nothing_but_time(rng, tmp_path, monkeypatch, memory, in_file):
    """Bit for bit the same, kept or recomputed, from an array or from a file."""
    points = clouds(rng, k=5, n=2300)
    monkeypatch.setenv("LAZYBONES_MEMORY", "8GB")
    wanted = LinearSVM(path=(0.01, 0.1)).fit(*points.all).arrays()
    monkeypatch.setenv("LAZYBONES_MEMORY", memory)
    train, test = points.train, points.test
    if in_file:
        for name, array in (("train", train), ("test", test)):
            np.save(tmp_path / name, array)
        train, test = (StoredArray(tmp_path / f"{name}.npy", "") for name in ("train", "test"))
    found = LinearSVM(path=(0.01, 0.1)).fit(train, points.train_labels, test, points.test_labels, 5).arrays()
    for name, array in wanted.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


def test_kept_inner_products_change_nothing_but_time(points, monkeypatch, small_pair):
    """A second fit at another C from what the first one kept equals a fit from nothing."""
    monkeypatch.setenv("LAZYBONES_MEMORY", "8GB")
    gram = Gram()
    fit_at(points, 0.1, gram=gram)
    assert gram.nbytes == (0 if small_pair else 4 * (160 * 160 + 4 * 40 * 40) // 2)
    again, fresh = fit_at(points, 0.5, gram=gram).arrays(), fit_at(points, 0.5).arrays()
    for name, array in fresh.items():
        np.testing.assert_array_equal(again[name], array, err_msg=name)


def test_little_memory_keeps_nothing_between_fits(points, monkeypatch):
    """What is kept for the next fit counts too."""
    monkeypatch.setenv("LAZYBONES_MEMORY", "1MB")
    gram = Gram()
    fit_at(points, 0.1, gram=gram)
    assert gram.nbytes == 0


def test_a_path_equals_its_single_fits(points):
    """One by one equals all at once, bit for bit."""
    path = LinearSVM(path=(0.01, 1.0)).fit(*points.all)
    for i, C in enumerate((0.01, 1.0)):
        for name, array in fit_at(points, C).arrays().items():
            np.testing.assert_array_equal(getattr(path, name)[i], array[0], err_msg=name)


def test_arrays_have_the_stores_form(points):
    """Every array of the stage, with its dtype; which rows were learnt from, only where that is not all."""
    from cache.schema import STAGES, check_layout

    arrays = LinearSVM(path=(0.01, 0.1)).fit(*points.all).arrays()
    sizes = check_layout("classifier", {name: (array.dtype, array.shape) for name, array in arrays.items()})
    assert set(arrays) == set(STAGES["classifier"]) - {"weights", "train_rows"}
    assert sizes == {"m": 2, "p": 6, "n_test": 160, "n_train": 160}


def test_a_class_missing_from_training_is_never_predicted(points):
    """The rest is fitted as if it did not exist; its test images are wrong, with a margin of -1."""
    kept = points.train_labels != 1
    train, labels = points.train[kept], points.train_labels[kept]
    path = LinearSVM(path=(0.1,)).fit(train, labels, points.test, points.test_labels, 4)
    wanted = SVC(kernel="linear", C=0.1).fit(train, labels).predict(points.test)
    np.testing.assert_array_equal(path.predicted_label[0], wanted)
    assert not (path.runner_up_label == 1).any()
    assert path.facts["classes_present"] == [0, 2, 3]
    assert set(path.margin[0, points.test_labels == 1].tolist()) == {-1.0}
    assert path.intercepts[0, [0, 3, 4]].tolist() == [1, -1, -1]  # pairs (0,1), (1,2), (1,3)
    lacking = replace(points, train=train, train_labels=labels)
    assert not machines_of(lacking, 0.1).weights[0, [0, 3, 4]].any()
    assert path.votes.max() == 2


@pytest.mark.parametrize("C", [1e-6, 1e6])
def test_extreme_penalties_end_and_stay_finite(points, C):
    """Overlapping classes at C = 1e6 are solved, where libsvm's own steps would go on for hours."""
    path = fit_at(points, C)
    assert np.isfinite(path.margin).all()
    assert np.isfinite(path.intercepts).all()


def test_hard_fits_are_said_to_be_by_another_method(rng):
    """The facts tell people which fits libsvm did not finish."""
    points = clouds(rng, k=3, n=300, d=20, spread=4)
    assert "solver_note" not in fit_at(points, 1e-3).facts
    assert "3 of 3" in fit_at(points, 1e4).facts["solver_note"]


def test_duplicated_rows_and_constant_features_are_harmless(points):
    """Each training image twice, and a column that says nothing: the labels of SVC on the same rows."""
    double = points.train.repeat(2, axis=0)
    train = np.hstack([double, np.full((len(double), 1), 7, np.float32)])
    test = np.hstack([points.test, np.full((len(points.test), 1), 7, np.float32)])
    labels = points.train_labels.repeat(2)
    path = LinearSVM(path=(0.1,)).fit(train, labels, test, points.test_labels, 4)
    wanted = SVC(kernel="linear", C=0.1).fit(train.astype(np.float64), labels).predict(test)
    np.testing.assert_array_equal(path.predicted_label[0], wanted)


def test_features_that_say_nothing_give_one_label(points):
    """All images alike: no error, one prediction for all, as SVC does."""
    same = np.ones_like(points.train)
    path = LinearSVM(path=(0.1,)).fit(same, points.train_labels, same, points.test_labels, 4)
    assert len(set(path.predicted_label[0].tolist())) == 1


def test_one_class_is_refused(points):
    """There is nothing to tell apart."""
    with pytest.raises(InvalidParameter, match=r"at least 2 classes\. Got 1"):
        LinearSVM().fit(points.train, np.zeros(160, int), points.test, points.test_labels, 4)


@pytest.mark.parametrize(("split", "name"), [(0, "training"), (2, "test")])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_are_not_finite_are_refused(points, split, name, value):
    """The message names the row and the split."""
    arguments = [array.copy() if isinstance(array, np.ndarray) else array for array in points.all]
    arguments[split][17, 3] = value
    with pytest.raises(InvalidParameter, match=f"row 17 of the {name} split"):
        LinearSVM(path=(0.1,)).fit(*arguments)


def test_features_too_large_to_square_are_refused(points):
    """Float32 ends at 3e38: a message, not an overflow."""
    with pytest.raises(InvalidParameter, match=r"small enough .+ Got larger"):
        LinearSVM(path=(0.1,)).fit(points.train * np.float32(1e19), *points.all[1:])


@pytest.mark.parametrize("change", ["train_labels", "test_labels", "columns", "flat"])
def test_shapes_that_do_not_fit_are_refused(points, change):
    """One label a row, and the same columns in both splits."""
    train, train_labels, test, test_labels, k = points.all
    if change == "flat":
        train = train.ravel()
    train_labels = train_labels[:-1] if change == "train_labels" else train_labels
    test_labels = test_labels[:-1] if change == "test_labels" else test_labels
    test = test[:, :-1] if change == "columns" else test
    with pytest.raises(InvalidParameter, match=SENTENCE):
        LinearSVM(path=(0.1,)).fit(train, train_labels, test, test_labels, k)


@pytest.mark.parametrize("C", [0, -1.0, np.nan, np.inf, "0.1", None, True, 1e-400])
def test_penalties_must_be_finite_and_positive(C):
    """C of the run and C on the path alike."""
    with pytest.raises(InvalidParameter, match=r"a finite number above 0\. Got"):
        LinearSVM(C=C)
    with pytest.raises(InvalidParameter, match=r"a finite number above 0\. Got"):
        LinearSVM(path=(0.1, C))


@pytest.mark.parametrize("path", [(), 0.1, "0.1"])
def test_a_path_must_have_values(path):
    """Not none, and not a bare number or text."""
    with pytest.raises(InvalidParameter, match="path of linear-svm must be"):
        LinearSVM(path=path)


def test_the_path_is_ascending_and_free_of_twins():
    """0.1 and 10**-1 differ in the last bits only; order and list or tuple do not matter."""
    assert LinearSVM(path=[1, 0.1, 10**-1.0, 0.1 * (1 + 1e-15)]).path == (0.1, 1.0)
    assert LinearSVM(path=(1, 0.1)) == LinearSVM(path=[0.1, 1.0])


def test_the_default_path_has_thirteen_values_with_the_published_one():
    """1e-4 to 1e2 in half decades."""
    assert len(DEFAULT_PATH) == 13
    assert (DEFAULT_PATH[0], DEFAULT_PATH[-1]) == (1e-4, 100.0)
    assert 0.1 in DEFAULT_PATH


def test_the_identity_is_the_path_alone():
    """Two runs that choose another C on one path share their fits."""
    assert LinearSVM(C=0.1).identity() == LinearSVM(C=5).identity()
    canonical_json(LinearSVM().identity())


def test_progress_counts_every_fit_and_ends_full(points):
    """Six pairs at two values of C."""
    seen = []
    LinearSVM(path=(0.01, 0.1)).fit(*points.all, lambda *report: seen.append(report))
    assert seen[-1] == (12, 12, "SVM fits")
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


def test_cancelling_goes_through(points):
    """What progress raises stops the work and reaches the caller; the next fit works."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        LinearSVM().fit(*points.all, cancel)
    assert fit_at(points, 0.1).predicted_label.shape == (1, 160)


@pytest.mark.real_data
@pytest.mark.slow
def test_real_pixels_get_the_labels_of_svc(real_data):
    """CIFAR-10's own pixels, a tenth of the training split: all but a few test labels are SVC's."""
    from pipeline.sources.cifar10 import PLUGIN as CIFAR10

    dataset = CIFAR10(data_dir=real_data / "cifar-10-batches-py").load()
    train, test = (
        split.images.reshape(len(split), -1) / np.float32(255) for split in (dataset.train, dataset.test)
    )
    labels = dataset.train.labels[:1000]
    path = LinearSVM(path=(0.01,)).fit(train[:1000], labels, test[:2000], dataset.test.labels[:2000], 10)
    theirs = SVC(kernel="linear", C=0.01).fit(train[:1000].astype(np.float64), labels).predict(test[:2000])
    assert (path.predicted_label[0] == theirs).sum() >= 1998
