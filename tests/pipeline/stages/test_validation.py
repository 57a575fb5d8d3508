"""Held-out accuracy is what scikit-learn measures on the same folds."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.svm import SVC

from pipeline.errors import Cancelled, InvalidParameter
from pipeline.stages.validation import ValidationStage, stratified_folds
from pipeline.svm.solvers import choose
from tests.pipeline.conftest import clouds


@pytest.fixture
def points(rng):
    """Three overlapping clouds."""
    return clouds(rng, k=3, n=120, spread=2)


def masks(points, folds, seed):
    """Give, for each fold, which rows are held out."""
    members = [np.flatnonzero(points.train_labels == label) for label in range(points.k)]
    cut = stratified_folds([len(rows) for rows in members], folds, seed)
    held = np.zeros((folds, len(points.train)), bool)
    for f, fold in enumerate(cut):
        for rows, chosen in zip(members, fold, strict=True):
            held[f, rows[chosen]] = True
    return held


def test_accuracy_is_that_of_svc_on_the_same_folds(points):
    """Fold by fold and C by C."""
    stage = ValidationStage(path=(1e-3, 0.1, 1.0), folds=4, seed=7)
    accuracy, facts = stage.validate(points.train, points.train_labels)
    assert accuracy.shape == (3, 4)
    assert facts["solver"] == "libsvm, one-vs-one"
    for f, held in enumerate(masks(points, 4, 7)):
        for i, C in enumerate(stage.path):
            machine = SVC(kernel="linear", C=C).fit(points.train[~held], points.train_labels[~held])
            assert accuracy[i, f] == pytest.approx(
                machine.score(points.train[held], points.train_labels[held])
            )


def test_hard_fits_are_validated_too(points):
    """At C = 1e4 the interior-point method takes part, and the shape stays."""
    accuracy, facts = ValidationStage(path=(1e4,), folds=3).validate(points.train, points.train_labels)
    assert (accuracy > 0.4).all()
    assert "interior-point" in facts["solver_note"]


def test_one_against_the_rest_is_validated_like_the_fit(points, monkeypatch):
    """Where pairs are too large, validation measures what the classifier does."""
    monkeypatch.setattr(choose, "MOST_ROWS_A_PAIR", 20)
    accuracy, facts = ValidationStage(path=(0.1,), folds=3).validate(points.train, points.train_labels)
    assert facts["solver"] == "liblinear, one-vs-rest"
    assert accuracy.mean() > 0.5


@given(
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    folds=st.integers(2, 8),
    seed=st.integers(0, 9),
)
def test_folds_are_even_and_leave_every_class(counts, folds, seed):
    """Every row is held out once, a class's only row never; classes and folds are cut evenly."""
    assume(sum(n for n in counts if n > 1) >= folds)
    cut = stratified_folds(counts, folds, seed)
    for c, n in enumerate(counts):
        held = np.array([fold[c] for fold in cut])
        np.testing.assert_array_equal(held.sum(axis=0), np.full(n, n > 1))
        assert held.sum(axis=1).max() - held.sum(axis=1).min() <= 1
        assert (n - held.sum(axis=1)).min() >= 1
    sizes = [sum(int(part.sum()) for part in fold) for fold in cut]
    assert max(sizes) - min(sizes) <= 1
    assert min(sizes) >= 1


def test_the_seed_makes_the_folds():
    """The same seed cuts alike, another one differently."""
    first, again, other = (stratified_folds([50, 50], 5, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(np.array(first), np.array(again))
    assert (np.array(first) != np.array(other)).any()


def test_too_few_images_are_refused():
    """Fewer than one for each fold."""
    with pytest.raises(InvalidParameter, match=r"5-fold validation must have at least 5 .+ Got 4"):
        stratified_folds([2, 2, 1, 1], 5, 0)


@pytest.mark.parametrize(
    "parameters", [{"folds": 1}, {"folds": 2.0}, {"seed": -1}, {"path": ()}, {"path": (0,)}, {"path": "x"}]
)
def test_wrong_parameters_are_refused(parameters):
    """In the usual sentence."""
    with pytest.raises(InvalidParameter, match=r"must be .+ Got"):
        ValidationStage(**parameters)


def test_cancelling_goes_through(points):
    """What progress raises reaches the caller."""

    def cancel(done, total, what):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        ValidationStage().validate(points.train, points.train_labels, cancel)


def test_progress_counts_folds_pairs_and_penalties(points):
    """Three pairs, two values of C, four folds."""
    seen = []
    stage = ValidationStage(path=(0.01, 0.1), folds=4)
    stage.validate(points.train, points.train_labels, lambda *report: seen.append(report))
    assert seen[-1] == (24, 24, "SVM fits")
