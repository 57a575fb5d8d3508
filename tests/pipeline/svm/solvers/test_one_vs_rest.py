"""Where pairs are too large, each class is fitted against the rest, and people are told."""

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.errors import Cancelled
from pipeline.svm.solvers import choose, one_vs_rest
from tests.pipeline.conftest import machines_of


@pytest.fixture
def large_pairs(monkeypatch):
    """Make pairs of 80 images too large."""
    monkeypatch.setattr(choose, "MOST_ROWS_A_PAIR", 20)


@pytest.fixture
def fitted(points, large_pairs):
    """Four classes, fitted one against the rest."""
    return LinearSVM(path=(0.01, 0.1)).fit(*points.all)


def test_predictions_are_those_of_liblinear(points, fitted):
    """The same labels as scikit-learn's LinearSVC."""
    for i, C in enumerate((0.01, 0.1)):
        theirs = LinearSVC(C=C, dual="auto", random_state=0).fit(points.train, points.train_labels)
        assert np.mean(fitted.predicted_label[i] == theirs.predict(points.test)) > 0.98


def test_the_facts_say_so(fitted):
    """The solver's name, and a sentence with the reason."""
    assert fitted.facts["solver"] == "liblinear, one-vs-rest"
    assert "80 images in the two largest classes" in fitted.facts["solver_note"]
    assert "converged" not in fitted.facts["solver_note"]


def test_fits_that_did_not_converge_are_counted(points, large_pairs, monkeypatch):
    """With one iteration nothing converges, and people read so."""
    monkeypatch.setattr(one_vs_rest, "MAX_ITERATIONS", 1)
    assert (
        "4 of 4 fits ended after 1 iterations" in LinearSVM(path=(10,)).fit(*points.all).facts["solver_note"]
    )


def test_there_is_one_weight_vector_a_class(fitted):
    """The store's dimension p is k here."""
    assert fitted.intercepts.shape == (2, 4)
    assert fitted.n_support.min() > 0


def test_margins_keep_their_meaning(points, fitted):
    """Positive exactly where the prediction is right; half a difference of scores."""
    np.testing.assert_array_equal(fitted.margin > 0, fitted.predicted_label == points.test_labels)
    machines = machines_of(points, fitted.C[1])
    scores = points.test @ machines.weights[0].T + machines.intercepts[0]
    rows = np.arange(len(scores))
    wanted = (scores[rows, fitted.predicted_label[1]] - scores[rows, fitted.runner_up_label[1]]) / 2
    np.testing.assert_allclose(fitted.runner_up_margin[1], wanted, atol=1e-5)


def test_a_class_missing_from_training_is_never_predicted(points, large_pairs):
    """As with pairs."""
    kept = points.train_labels != 1
    path = LinearSVM(path=(0.1,)).fit(points.train[kept], points.train_labels[kept], *points.all[2:])
    assert not (path.predicted_label == 1).any()
    assert not (path.runner_up_label == 1).any()
    assert path.intercepts.shape == (1, 4)
    assert set(path.margin[0, points.test_labels == 1].tolist()) == {-1.0}


def test_large_pairs_fall_back_too(points, monkeypatch):
    """The bound is on the two largest classes together."""
    monkeypatch.setattr(choose, "MOST_ROWS_A_PAIR", 79)
    assert "80 images" in LinearSVM(path=(0.1,)).fit(*points.all).facts["solver_note"]
    monkeypatch.setattr(choose, "MOST_ROWS_A_PAIR", 80)
    assert "solver_note" not in LinearSVM(path=(0.1,)).fit(*points.all).facts


def test_cancelling_goes_through(points, large_pairs):
    """What progress raises reaches the caller."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        LinearSVM().fit(*points.all, cancel)
