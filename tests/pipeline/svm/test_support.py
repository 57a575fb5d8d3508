"""The machine of two classes as its support vectors."""

import numpy as np
import pytest
from sklearn.svm import SVC

from pipeline.compute.rows import as_rows
from pipeline.errors import InvalidParameter
from pipeline.svm.support import PairSupport, compare, pair_support
from pipeline.svm.training import training

GAMMA = 0.05


def supported(points, C=1.0, gamma=None, first=1, second=3):
    """Fit a pair of the points' classes to all of their training rows."""
    rows = training(points.train, points.train_labels, gamma)
    return pair_support(rows, C, first, second, rows.classes.everything())


def svc(points, C=1.0, gamma=None, pair=(1, 3)):
    """Give scikit-learn's machine of a pair, and the rows that it was fitted to."""
    rows = np.flatnonzero(np.isin(points.train_labels, pair))
    kernel = {"kernel": "linear"} if gamma is None else {"kernel": "rbf", "gamma": gamma}
    machine = SVC(C=C, **kernel, tol=1e-6).fit(points.train[rows].astype(float), points.train_labels[rows])
    return machine, rows


@pytest.mark.parametrize("gamma", [None, GAMMA])
def test_support_vectors_and_their_shares_are_scikit_learns(points, gamma):
    """Of the same training rows: the same support vectors, and of every image the same shares and decision value."""
    machine, rows = svc(points, gamma=gamma)
    found = supported(points, gamma=gamma)
    assert set(rows[machine.support_]) == set(found.rows)
    for image in points.test[:20]:
        pulls = found.pulls(compare(as_rows(points.train), image, gamma)[1])
        train = points.train[rows[machine.support_]].astype(float)
        kernel = train @ image if gamma is None else np.exp(-gamma * np.square(train - image).sum(axis=1))
        contributions = -machine.dual_coef_[0] * kernel  # scikit-learn: positive is the second class
        shares = np.abs(contributions) / np.abs(contributions).sum()
        places = np.searchsorted(found.rows, rows[machine.support_])
        np.testing.assert_allclose(pulls.shares[places], shares, atol=1e-3)
        np.testing.assert_allclose(pulls.contributions[places], contributions, atol=1e-2)
        assert pulls.value == pytest.approx(-machine.decision_function(image[np.newaxis])[0], abs=5e-3)


def test_the_other_way_round_every_pull_is_the_other_way(points):
    """The machine of b against a is that of a against b with its signs turned."""
    there, back = supported(points), supported(points, first=3, second=1)
    kernel = compare(as_rows(points.train), points.test[0], None)[1]
    assert there.pulls(kernel).value == pytest.approx(-back.pulls(kernel).value)
    np.testing.assert_array_equal(there.duals, -back.duals)


def test_the_strongest_pull_towards_their_class_hardest_first():
    """None that pulls the other way is among them, however few there are."""
    support = PairSupport(np.array([2, 5, 7, 9]), np.array([1, -1, 0.5, -0.25], np.float32), 0.5)
    pulls = support.pulls(np.array([0, 0, 1, 0, 0, 2, 0, 4, 0, -8.0]))
    assert pulls.contributions.tolist() == [1, -2, 2, 2]
    assert pulls.rows[pulls.strongest(9, first=True)].tolist() == [7, 9, 2]
    assert pulls.rows[pulls.strongest(9, first=False)].tolist() == [5]
    assert pulls.shares.tolist() == pytest.approx([1 / 7, 2 / 7, 2 / 7, 2 / 7])
    assert pulls.value == 3.5


def test_rows_that_are_left_out_support_nothing(points):
    """A machine is fitted to the rows that it may see; without those of a class there is none."""
    rows = training(points.train, points.train_labels, None)
    part = rows.classes.everything()
    part[1][::2] = False
    found = pair_support(rows, 1.0, 1, 3, part)
    assert not set(found.rows) & set(rows.classes.members[1][::2])
    part[3][:] = False
    assert pair_support(rows, 1.0, 1, 3, part) is None
    assert pair_support(rows, 1.0, 1, 9, part) is None


def test_distances_lose_nothing_to_cancellation(rng):
    """Rows far from the origin and close to each other: differences are taken first."""
    rows = (1000 + 0.01 * rng.normal(size=(50, 6))).astype(np.float32)
    distances, _ = compare(as_rows(rows), rows[3], None)
    assert distances[3] == 0
    exact = np.linalg.norm(rows.astype(float) - rows[3].astype(float), axis=1)
    np.testing.assert_allclose(distances, exact, rtol=1e-5)


def test_a_row_that_is_not_finite_is_named():
    """Nothing is said of features that are no numbers."""
    rows = np.ones((3, 2), np.float32)
    rows[1, 0] = np.nan
    with pytest.raises(InvalidParameter, match="row 1 of the training split"):
        compare(as_rows(rows), rows[0], None)
