"""Over random problems, ours and scikit-learn's machines agree, or solve it equally well."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.svm import SVC

from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.compute.progress import silent
from pipeline.stages.validation import ValidationStage, stratified_folds
from pipeline.svm.training import training

TOLERANCE = 1e-3
"""libsvm's own: decision values closer to 0 than a few of these may fall on either side."""


@st.composite
def problems(draw):
    """Give training rows, labels and rows to predict: few, with ties, duplicates, constant columns."""
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    k, d = draw(st.integers(2, 4)), draw(st.integers(1, 6))
    counts = [draw(st.integers(1, 15)) for _ in range(k)]
    labels = rng.permutation(np.repeat(np.arange(k), counts)).astype(np.int16)
    spread = draw(st.sampled_from([0.1, 1.0, 5.0]))
    rows = rng.normal(size=(k, d))[labels] + spread * rng.normal(size=(len(labels), d))
    if draw(st.booleans()):
        rows = np.round(rows)  # equal rows with different labels, equal distances
    if draw(st.booleans()):
        rows[:, 0] = 3.0
    if draw(st.booleans()):
        rows[len(rows) // 2 :] = rows[: len(rows) - len(rows) // 2]
    return rows.astype(np.float32), labels, rng.normal(size=(30, d)).astype(np.float32) * (1 + spread)


def clear(machine, rows):
    """Tell which rows no pair of SVC's leaves within its tolerance of undecided."""
    values = machine.decision_function(rows).reshape(len(rows), -1)
    return (np.abs(values) > 20 * TOLERANCE * np.maximum(1, np.abs(values).max(axis=0))).all(axis=1)


def assert_same(ours, machine, test):
    """Compare labels where they are beyond tolerance."""
    sure = clear(machine, test)
    np.testing.assert_array_equal(ours.predicted_label[0][sure], machine.predict(test)[sure])


@given(problem=problems(), exponent=st.floats(-6, 1))
def test_linear_labels_are_svcs(problem, exponent):
    """Wherever the answer is beyond libsvm's tolerance."""
    train, labels, test = problem
    C = 10**exponent
    machine = SVC(kernel="linear", C=C, tol=1e-6, decision_function_shape="ovo")
    machine.fit(train.astype(np.float64), labels)
    ours = LinearSVM(path=(C,)).fit(train, labels, test, np.zeros(30, np.int16), 4)
    assert_same(ours, machine, test)


@given(problem=problems(), exponent=st.floats(-6, 3), gamma=st.sampled_from(["scale", 0.01, 1.0, 30.0]))
def test_rbf_labels_are_svcs(problem, exponent, gamma):
    """Wherever the answer is beyond libsvm's tolerance, for narrow kernels and wide ones."""
    train, labels, test = problem
    C = 10**exponent
    machine = SVC(C=C, gamma=gamma, tol=1e-6, decision_function_shape="ovo")
    machine.fit(train.astype(np.float64), labels)
    ours = RBFSVM(path=(C,), gamma=gamma).fit(train, labels, test, np.zeros(30, np.int16), 4)
    assert_same(ours, machine, test)


def cost(rows, signs, weights, intercept, C):
    """Give what a linear machine minimises."""
    slack = np.maximum(0, 1 - signs * (rows @ weights + intercept)).sum()
    return 0.5 * weights @ weights + C * slack


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@given(problem=problems(), exponent=st.floats(-6, 6))
def test_linear_fits_cost_no_more_than_svcs(problem, exponent):
    """From 1e-6 to 1e6, also where SVC would take minutes and is stopped: two classes, what is minimised compared."""
    train, labels, _ = problem
    rows, labels, C = train[labels < 2], labels[labels < 2], 10**exponent
    machine = SVC(kernel="linear", C=C, max_iter=20_000).fit(rows.astype(np.float64), labels)
    ours = training(rows, labels, None).fit((C,), silent).machines[0]
    signs = np.where(
        labels == 0, 1, -1
    )  # ours votes for the first class where it is positive, SVC for the second
    rows = rows.astype(np.float64)
    mine = cost(rows, signs, ours.weights[0, 0].astype(np.float64), ours.intercepts[0, 0], C)
    theirs = cost(rows, -signs, machine.coef_[0], machine.intercept_[0], C)
    assert mine <= 1.01 * theirs + 2 * TOLERANCE * C * len(rows)


@given(problem=problems(), exponent=st.floats(-6, 6))
def test_no_penalty_breaks_anything(problem, exponent):
    """From 1e-6 to 1e6, both kernels: finite margins, labels that occur, a runner-up that differs."""
    train, labels, test = problem
    for plugin in (LinearSVM, RBFSVM):
        path = plugin(path=(10**exponent,)).fit(train, labels, test, np.zeros(30, np.int16), 4)
        assert np.isfinite(path.margin).all()
        assert np.isin(path.predicted_label, labels).all()
        assert (path.predicted_label != path.runner_up_label).all()


@given(
    counts=st.lists(st.integers(1, 6), min_size=2, max_size=4).filter(lambda found: sum(found) > 5),
    seed=st.integers(0, 99),
)
@pytest.mark.parametrize("gamma", [None, "scale", 0.3])
def test_validation_is_svcs_though_a_fold_lacks_a_class(gamma, counts, seed):
    """Classes smaller than the number of folds: some folds hold out none of them; each score is SVC's."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int16)
    rows = (3 * np.eye(4)[labels] + rng.normal(size=(len(labels), 4))).astype(np.float32)
    held = stratified_folds(counts, 2, seed)
    accuracy, _ = ValidationStage(path=(0.1,), folds=2, seed=seed, gamma=gamma).validate(rows, labels)
    scale = 1 / (4 * rows.astype(np.float64).var()) if gamma == "scale" else gamma
    for f, fold in enumerate(held):
        out = np.concatenate(fold)
        kernel = {"kernel": "linear"} if gamma is None else {"gamma": scale}
        machine = SVC(C=0.1, tol=1e-6, decision_function_shape="ovo", **kernel)
        machine.fit(rows[~out].astype(np.float64), labels[~out])
        unsure = int((~clear(machine, rows[out])).sum())
        right = (machine.predict(rows[out]) == labels[out]).sum()
        assert abs(accuracy[0, f] * out.sum() - right) <= unsure
