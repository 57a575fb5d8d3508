"""The interior-point method finds libsvm's optimum, and a better one where libsvm stops early."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.svm import SVC

from pipeline.svm.solvers import interior_point
from pipeline.svm.solvers.interior_point import solve_by_interior_point
from tests.pipeline.conftest import clouds

FORMS = pytest.mark.parametrize("d", [6, 150], ids=["weight form", "dual form"])


def pair(rng, n=100, d=6, spread=2.0):
    """Give two overlapping classes, the rows of the first one first."""
    points = clouds(rng, k=2, n=n, d=d, spread=spread)
    order = np.argsort(points.train_labels, kind="stable")
    return points.train[order], int((points.train_labels == 0).sum())


def solve(rows, n_first, C):
    """Solve at one C."""
    return next(solve_by_interior_point(rows, n_first, [C], np.empty((len(rows), len(rows)))))


def objective(rows, n_first, C, duals, intercept):
    """Give the primal objective and the duality gap."""
    rows = rows.astype(np.float64)
    signs = np.where(np.arange(len(rows)) < n_first, 1, -1)
    weights = duals @ rows
    hinge = np.maximum(0, 1 - signs * (rows @ weights + intercept)).sum()
    primal = weights @ weights / 2 + C * hinge
    return primal, primal - (np.abs(duals).sum() - weights @ weights / 2)


@FORMS
@pytest.mark.parametrize("C", [1e-4, 0.1, 10])
def test_the_solution_is_libsvms(rng, d, C):
    """Weights, intercept and support vectors, at a tolerance of libsvm's where it is exact too."""
    rows, n_first = pair(rng, d=d)
    ours = solve(rows, n_first, C)
    second = np.arange(len(rows)) >= n_first
    theirs = SVC(kernel="linear", C=C, tol=1e-9).fit(rows.astype(np.float64), second)
    np.testing.assert_allclose(ours.duals @ rows, -theirs.coef_[0], atol=1e-4 * np.abs(theirs.coef_).max())
    if len(theirs.support_) < len(rows) and (np.abs(theirs.dual_coef_) < C).any():
        assert ours.intercept == pytest.approx(-theirs.intercept_[0], abs=1e-4)
    assert abs(ours.n_support - len(theirs.support_)) <= 1  # a coefficient may be as good as 0
    assert not ours.by_libsvm


@FORMS
@given(exponent=st.floats(-6, 6), seed=st.integers(0, 2**16), spread=st.floats(0.1, 5))
def test_the_duality_gap_closes(d, exponent, seed, spread):
    """The proof of an optimum: the primal objective meets the dual one, whatever C and the overlap."""
    rows, n_first = pair(np.random.default_rng(seed), n=60, d=d, spread=spread)
    found = solve(rows, n_first, 10**exponent)
    primal, gap = objective(rows, n_first, 10**exponent, found.duals, found.intercept)
    assert gap <= 1e-6 * primal
    assert abs(found.duals.sum()) <= 1e-6 * np.abs(found.duals).sum()
    assert np.abs(found.duals).max() <= 10**exponent * (1 + 1e-9)


def test_it_does_better_than_libsvm_where_that_gives_up(rng):
    """At C = 1e4 on overlapping classes, a million steps of libsvm end above our objective."""
    rows, n_first = pair(rng, n=200, spread=4.0)
    ours = solve(rows, n_first, 1e4)
    second = np.arange(len(rows)) >= n_first
    with pytest.warns(UserWarning, match="terminated early"):
        theirs = SVC(kernel="linear", C=1e4, max_iter=100_000).fit(rows.astype(np.float64), second)
    duals = np.zeros(len(rows))
    duals[theirs.support_] = -theirs.dual_coef_[0]
    best = objective(rows, n_first, 1e4, ours.duals, ours.intercept)[0]
    assert best < objective(rows, n_first, 1e4, duals, -theirs.intercept_[0])[0]


@FORMS
def test_rows_without_any_difference_do_no_harm(d):
    """Twenty equal rows in two classes: finite coefficients, weights 0."""
    rows = np.ones((20, d), np.float32)
    found = solve(rows, 10, 1.0)
    assert np.isfinite(found.duals).all()
    np.testing.assert_allclose(found.duals @ rows, 0, atol=1e-5)


def test_several_penalties_are_solved_independently(rng):
    """One by one equals all at once, bit for bit."""
    rows, n_first = pair(rng)
    room = np.empty((len(rows), len(rows)))
    together = list(solve_by_interior_point(rows, n_first, [0.1, 100.0], room))
    for C, found in zip([0.1, 100.0], together, strict=True):
        np.testing.assert_array_equal(found.duals, solve(rows, n_first, C).duals)


@FORMS
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("C", [1.0, 1e3, 1e6])
def test_some_twenty_steps_are_enough_whatever_c_and_the_scale(rng, monkeypatch, d, scale, C):
    """From where it starts now; from near 0 it took up to forty."""
    steps, step = [], interior_point._next_step
    monkeypatch.setattr(interior_point, "_next_step", lambda *given: steps.append(1) or step(*given))
    rows, n_first = pair(rng, d=d)
    solve(np.float32(scale) * rows, n_first, C)
    assert len(steps) <= 30
