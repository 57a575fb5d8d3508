"""The SVM with a radial basis function kernel is scikit-learn's, found pair by pair."""

import numpy as np
import pytest
from sklearn.svm import SVC

from cache.schema import STAGES, check_layout
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.compute.rows import ArrayRows
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.svm.gram import Gram
from pipeline.svm.kernels import Centred
from pipeline.svm.solvers import choose
from tests.pipeline.conftest import clouds

PAIRS = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


@pytest.fixture(autouse=True, params=[0, 10**6], ids=["pair by pair", "together"])
def small_pair(request, monkeypatch):
    """Everything holds in both ways of calling libsvm."""
    monkeypatch.setattr(choose, "SMALL_PAIR", request.param)
    return request.param


def reference(points, C, gamma="scale"):
    """Fit scikit-learn's own machine."""
    machine = SVC(kernel="rbf", C=C, gamma=gamma, decision_function_shape="ovo")
    return machine.fit(points.train.astype(np.float64), points.train_labels)


def fit_at(points, C, gamma="scale", **options):
    """Fit ours at one C."""
    return RBFSVM(C=C, path=(C,), gamma=gamma).fit(*points.all, **options)


@pytest.mark.parametrize("gamma", ["scale", 1e-4, 0.01, 1.0, 100.0])
@pytest.mark.parametrize("C", [1e-3, 0.1, 1.0, 100.0])
def test_predictions_are_those_of_svc(points, C, gamma):
    """Every image of both splits gets the label that SVC gives it, for wide kernels and for narrow ones."""
    ours, theirs = fit_at(points, C, gamma), reference(points, C, gamma)
    assert np.mean(ours.predicted_label[0] == theirs.predict(points.test)) >= 1 - 1 / 160
    assert np.mean(ours.train_predicted_label[0] == theirs.predict(points.train)) >= 1 - 1 / 160


@pytest.mark.parametrize("C", [0.1, 1.0, 10.0])
def test_margins_are_svcs_decision_values(points, C):
    """The pair that decides, oriented towards the true class, to libsvm's tolerance."""
    ours, theirs = fit_at(points, C), reference(points, C)
    values = theirs.decision_function(points.test)
    for row, true in enumerate(points.test_labels.tolist()):
        predicted, second = int(ours.predicted_label[0, row]), int(ours.runner_up_label[0, row])
        rival = second if predicted == true else predicted
        value = values[row, PAIRS.index((min(true, rival), max(true, rival)))]
        assert ours.margin[0, row] == pytest.approx(value if true < rival else -value, abs=5e-3)


def test_support_vectors_and_intercepts_are_svcs(rng):
    """With two classes, where SVC tells them."""
    points = clouds(rng, k=2)
    ours, theirs = fit_at(points, 1.0), reference(points, 1.0)
    assert abs(int(ours.n_support[0, 0]) - int(theirs.n_support_.sum())) <= 1
    assert ours.intercepts[0, 0] == pytest.approx(-theirs.intercept_[0], abs=5e-3)


def test_gamma_scale_is_scikit_learns(rng):
    """One over the columns times the variance of all values, whatever the offset of the features."""
    rows = (rng.normal(size=(3000, 7)) * [1, 2, 3, 4, 5, 6, 7] + 50).astype(np.float32)
    wanted = SVC(gamma="scale").fit(rows[:100].astype(np.float64), np.arange(100) % 2)._gamma
    assert Centred(ArrayRows(rows[:100])).scale() == pytest.approx(wanted, rel=1e-9)
    assert Centred(ArrayRows(rows)).scale() == pytest.approx(1 / (7 * rows.astype(np.float64).var()))
    assert Centred(ArrayRows(np.ones((5, 3), np.float32))).scale() == 1


def test_features_far_from_the_origin_keep_their_distances(rng):
    """Small differences of long vectors: the same labels as from vectors about the origin."""
    points = clouds(rng, spread=0.5)
    moved = (points.train + 300, points.train_labels, points.test + 300, points.test_labels, points.k)
    near, far = fit_at(points, 1.0, 0.05), RBFSVM(C=1, path=(1,), gamma=0.05).fit(*moved)
    assert np.mean(near.predicted_label == far.predicted_label) > 0.99
    np.testing.assert_allclose(near.margin, far.margin, atol=5e-3)


def test_the_store_takes_it(points):
    """Every other array of the stage is there, with its dtype; facts name the kernel and its gamma."""
    path = RBFSVM(path=(0.1, 1.0), gamma=0.25).fit(*points.all)
    arrays = path.arrays()
    assert set(arrays) == set(STAGES["classifier"]) - {"weights", "train_rows"}
    sizes = check_layout("classifier", {name: (array.dtype, array.shape) for name, array in arrays.items()})
    assert sizes == {"m": 2, "p": 6, "n_test": 160, "n_train": 160}
    assert (path.facts["kernel"], path.facts["gamma"]) == ("rbf", 0.25)


def test_a_path_equals_its_single_fits(points):
    """One by one equals all at once, bit for bit, but for the rows that support nothing."""
    path = RBFSVM(path=(0.1, 10.0)).fit(*points.all)
    for i, C in enumerate((0.1, 10.0)):
        single = fit_at(points, C)
        np.testing.assert_array_equal(path.predicted_label[i], single.predicted_label[0])
        np.testing.assert_array_equal(path.n_support[i], single.n_support[0])
        np.testing.assert_allclose(path.margin[i], single.margin[0], atol=1e-6)


@pytest.mark.parametrize("memory", ["1MB", "8GB"])
def test_memory_and_kept_products_change_nothing_but_time(points, monkeypatch, memory):
    """Bit for bit the same, whatever is kept from another gamma's fit."""
    wanted = fit_at(points, 1.0, 0.05).arrays()
    monkeypatch.setenv("LAZYBONES_MEMORY", memory)
    gram = Gram()
    fit_at(points, 0.1, 0.5, gram=gram)
    found = fit_at(points, 1.0, 0.05, gram=gram).arrays()
    for name, array in wanted.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


def test_hard_fits_are_solved_too(rng):
    """What libsvm gives up on, the interior-point method solves with the same kernel."""
    points = clouds(rng, k=2, n=120, spread=4)
    ours = fit_at(points, 1e6, 1e-4)
    theirs = SVC(C=1e6, gamma=1e-4, tol=1e-6).fit(points.train.astype(np.float64), points.train_labels)
    assert "interior-point" in ours.facts["solver_note"]
    assert np.mean(ours.predicted_label[0] == theirs.predict(points.test)) > 0.95


def test_a_class_missing_from_training_is_never_predicted(points):
    """The rest is fitted as if it did not exist; its test images are wrong, with a margin of -1."""
    kept = points.train_labels != 1
    train, labels = points.train[kept], points.train_labels[kept]
    path = RBFSVM(path=(1.0,)).fit(train, labels, points.test, points.test_labels, 4)
    np.testing.assert_array_equal(path.predicted_label[0], SVC().fit(train, labels).predict(points.test))
    assert not (path.runner_up_label == 1).any()
    assert path.n_support.shape == (1, 6)
    assert set(path.margin[0, points.test_labels == 1].tolist()) == {-1.0}


def test_too_large_pairs_are_refused_with_a_way_out(points, monkeypatch):
    """There is no one-against-the-rest with a kernel."""
    monkeypatch.setattr(choose, "MOST_ROWS_A_PAIR", 79)
    with pytest.raises(InvalidParameter, match=r"at most 79 .+ Got 80.+\nTry: .*linear-svm"):
        fit_at(points, 1.0)


@pytest.mark.parametrize("gamma", [0, -1, np.nan, np.inf, "wide", None, True, "0", [1]])
def test_gamma_must_be_positive_or_scale(gamma):
    """In the usual sentence."""
    with pytest.raises(InvalidParameter, match=r'gamma of rbf-svm must be .+"scale"\. Got'):
        RBFSVM(gamma=gamma)


def test_gamma_may_come_as_text(points):
    """The command line gives text; a number is a number."""
    assert RBFSVM(gamma="0.5") == RBFSVM(gamma=0.5)
    assert RBFSVM(gamma="0.5").identity()["gamma"] == 0.5


@pytest.mark.parametrize("stop_at", ["SVM fits", "blocks judged"])
def test_cancelling_goes_through(points, stop_at):
    """While machines are fitted, and while images are judged."""

    def cancel(done, total, what):
        if what == stop_at:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        RBFSVM().fit(*points.all, cancel)


def test_features_that_are_not_finite_are_refused(points):
    """In the usual sentence, with the row."""
    points.train[7, 3] = np.nan
    with pytest.raises(InvalidParameter, match=r"Features must be finite.+row 7 of the training split"):
        fit_at(points, 1.0)
