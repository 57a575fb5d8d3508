"""Small pairs are fitted by one call of libsvm for all of them, and nothing but the time is another."""

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.compute import memory
from pipeline.errors import Cancelled, SourceError
from pipeline.stages.separability import SeparabilityStage
from pipeline.stages.validation import ValidationStage
from pipeline.svm.solvers import choose, pairs, together
from tests.pipeline.conftest import clouds

MANY = 15
"""Classes that are many here."""


@pytest.fixture
def points(rng):
    """Fifteen overlapping clouds of a few points each."""
    return clouds(rng, k=MANY, n=MANY * 8, d=20)


@pytest.fixture
def no_weights(monkeypatch):
    """Judge by dual coefficients, as with over 100 classes."""
    monkeypatch.setattr(choose, "MOST_CLASSES_WITH_WEIGHTS", MANY - 1)


@pytest.fixture
def calls(monkeypatch):
    """Count the calls of libsvm."""
    counted, fit = [], SVC.fit
    monkeypatch.setattr(SVC, "fit", lambda *arguments: counted.append(1) or fit(*arguments))
    return counted


def fitted(points, plugin=LinearSVM, path=(0.01, 1.0)):
    """Fit a short path."""
    return plugin(path=path).fit(*points.all)


def same_labels(ours, points, C):
    """Count the test images that get SVC's label, and how many there are."""
    machine = SVC(kernel="linear", C=C).fit(points.train.astype(np.float64), points.train_labels)
    return int((ours == machine.predict(points.test)).sum()), len(points.test)


@pytest.mark.parametrize("plugin", [LinearSVM, RBFSVM])
def test_libsvm_is_called_once_a_fit_and_not_once_a_pair(points, plugin, calls):
    """105 pairs, 2 values of C and 5 folds: 12 calls, not 1,260."""
    fitted(points, plugin)
    ValidationStage(path=(0.01, 1.0), gamma=None if plugin is LinearSVM else 0.1).validate(
        points.train, points.train_labels
    )
    assert len(calls) == 2 + 10


@pytest.mark.parametrize("plugin", [LinearSVM, RBFSVM])
def test_it_finds_what_libsvm_finds_pair_by_pair(points, plugin, monkeypatch):
    """The same labels; votes, support vectors and margins but for libsvm's tolerance, which is 1e-3.

    Processors round inner products differently, and so it stops elsewhere within that: a value near zero may change
    its sign, and with it a vote.
    """
    together_ = fitted(points, plugin).arrays()
    monkeypatch.setattr(choose, "SMALL_PAIR", 0)
    for name, array in fitted(points, plugin).arrays().items():
        near = np.isclose(together_[name], array, rtol=0, atol=0 if array.dtype.kind in "iu" else 1e-3)
        assert near.mean() >= (1 if name == "predicted_label" else 0.99), name


@pytest.mark.parametrize("plugin", [LinearSVM, RBFSVM])
def test_so_many_rows_that_libsvm_gets_them_and_no_matrix(points, plugin, monkeypatch):
    """Labels and margins stay, within libsvm's tolerance."""
    wanted = fitted(points, plugin)
    monkeypatch.setattr(together, "MOST_ROWS_OF_A_MATRIX", 10)
    found = fitted(points, plugin)
    assert np.mean(found.predicted_label == wanted.predicted_label) > 0.99
    np.testing.assert_allclose(found.margin, wanted.margin, atol=5e-3)


def test_without_weights_the_labels_are_svcs(points, no_weights):
    """Dual coefficients judge: the weights would be gigabytes at 1,000 classes."""
    path = fitted(points)
    assert path.intercepts.shape == path.n_support.shape == (2, MANY * (MANY - 1) // 2)
    for i, C in enumerate((0.01, 1.0)):
        same, all_ = same_labels(path.predicted_label[i], points, C)
        assert same >= all_ - 1


def test_without_weights_everything_else_is_the_same(points, monkeypatch):
    """As with them: labels, votes, margins, support vectors."""
    wanted = fitted(points).arrays()
    monkeypatch.setattr(choose, "MOST_CLASSES_WITH_WEIGHTS", MANY - 1)
    for name, array in fitted(points).arrays().items():
        np.testing.assert_allclose(array, wanted[name], atol=1e-4, err_msg=name)


def test_so_many_values_that_rows_are_judged_one_by_one(points, no_weights, monkeypatch):
    """The bound on decision values changes nothing but rounding."""
    wanted = fitted(points)
    monkeypatch.setattr("pipeline.svm.kernel_machines.VALUES_AT_ONCE", 1)
    found = fitted(points)
    np.testing.assert_array_equal(found.predicted_label, wanted.predicted_label)
    np.testing.assert_allclose(found.margin, wanted.margin, atol=1e-5)


@pytest.mark.parametrize("room", [0, 3.5, 7])
def test_fits_are_done_in_pieces_that_the_memory_holds(points, no_weights, monkeypatch, room):
    """One, one and three fits at a time of 13 and of 10: the numbers are those of all at once."""
    stage = ValidationStage(path=(0.01, 1.0))
    wanted = fitted(points).arrays(), stage.validate(points.train, points.train_labels)
    counts = np.bincount(points.train_labels).tolist()
    monkeypatch.setattr(memory, "available", lambda kept=0: int(room * memory.bytes_per_fit(counts, 0)))
    reports = []
    found = LinearSVM(path=(0.01, 1.0)).fit(*points.all, lambda *report: reports.append(report)).arrays()
    for name, array in wanted[0].items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)
    accuracy, facts = stage.validate(points.train, points.train_labels)
    np.testing.assert_array_equal(accuracy, wanted[1][0])
    assert facts == wanted[1][1]
    fits = [report for report in reports if report[2] == "SVM fits"]
    assert fits[-1] == (210, 210, "SVM fits")
    assert [done for done, _, _ in fits] == sorted(done for done, _, _ in fits)


def test_what_no_memory_holds_is_refused_before_the_first_fit(points, calls, monkeypatch):
    """The sentence says how much it takes; where that is little, it is tried whatever is free."""
    monkeypatch.setattr(memory, "available", lambda kept=0: 0)
    assert fitted(points).arrays()
    calls.clear()
    monkeypatch.setattr(choose, "SMALL_FIT", 0)
    for begin in (
        lambda: fitted(points),
        lambda: SeparabilityStage(0.1).measure(points.train, points.train_labels, MANY),
        lambda: ValidationStage(path=(0.01, 1.0)).validate(points.train, points.train_labels),
    ):
        with pytest.raises(SourceError, match="Memory for machines of 15 classes"):
            begin()
    assert not calls


def test_hard_pairs_are_solved_and_counted(points, monkeypatch):
    """What libsvm gives up on is solved by another method; people read how many fits that were."""
    monkeypatch.setattr(pairs, "LEAST_STEPS", 1)
    monkeypatch.setattr(pairs, "STEPS_PER_LONG_ROW", 1)
    path = fitted(points, path=(1.0,))
    assert " of 105" in path.facts["solver_note"]
    same, all_ = same_labels(path.predicted_label[0], points, 1.0)
    assert same >= all_ - 1


def test_cancelling_goes_through(points):
    """Between two fits."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        LinearSVM().fit(*points.all, cancel)
