"""Machines of pairs, kept for all sessions."""

import numpy as np
import pytest
from sklearn.svm import SVC

from dashboard.run.data import RunData
from dashboard.run.whole import clear_damaged, find_whole
from dashboard.why.evidence import SHOWN, evidence_of, likeness_of
from dashboard.why.supports import KeptSupports, kept_supports, supports_of
from pipeline.api import Judge, PairSupport, SupportIndexStage, ensure
from tests.planted import Plan, planted_run

TOLERANCE = 5e-3
"""Of a share, which is 0.03 to 0.15 here: libsvm ends within a thousandth of the optimum."""


def support(n):
    """Give a machine of n support vectors."""
    return PairSupport(np.arange(n, dtype=np.int32), np.ones(n, np.float32), 0.0)


def test_what_is_kept_has_an_end():
    """The one asked for least lately goes first, and what is left fits."""
    kept = KeptSupports(most_bytes=3000)
    for name in "abc":
        kept.put(name, support(100))
    assert kept.get("a")[0]
    kept.put("d", support(100))
    assert [kept.get(name)[0] for name in "abcd"] == [True, False, True, True]
    assert kept.nbytes <= 3000


def test_a_machine_that_cannot_be_is_known_to_be_none():
    """It is not asked for again."""
    kept = KeptSupports()
    kept.put("pair", None)
    assert kept.get("pair") == (True, None)
    assert kept.get("other") == (False, None)


@pytest.mark.parametrize("n", [1, 7])
def test_one_that_is_larger_than_all_is_kept_alone(n):
    """Better than none: its page needs it."""
    kept = KeptSupports(most_bytes=10)
    kept.put("a", support(n))
    kept.put("b", support(n))
    assert [kept.get(name)[0] for name in "ab"] == [False, True]


def test_what_the_store_has_is_not_fitted(store, monkeypatch):
    """A run's own classifier has an index; another C is fitted."""
    run = planted_run(store)
    data, pairs, own = RunData(store, "planted"), [(2, 0), (1, 3)], Judge(0.1)
    fitted = supports_of(data, own, pairs, "Support vectors")
    ensure(store, SupportIndexStage.of(own), run.stages)
    kept_supports()._kept.clear()
    asked = []
    monkeypatch.setattr("dashboard.why.supports._wait_for", lambda request: asked.append(request) or {})
    read = supports_of(data, own, pairs, "Support vectors")
    assert asked == []
    for pair in pairs:
        np.testing.assert_array_equal(read[pair].duals, fitted[pair].duals)
    supports_of(data, Judge(0.2), pairs, "Support vectors")
    assert len(asked) == 1


def test_a_damaged_index_is_as_if_it_were_not_there(store):
    """Its machines are fitted; and where it is asked for, it is made anew in its place."""
    run = planted_run(store)
    data, own = RunData(store, "planted"), Judge(0.1)
    stage = SupportIndexStage.of(own)
    index = ensure(store, stage, run.stages)
    whole = supports_of(data, own, [(0, 1)], "Support vectors")[0, 1]
    file = index.folder / "duals.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    kept_supports()._kept.clear()
    assert find_whole(store, stage, run.stages) is None
    np.testing.assert_array_equal(supports_of(data, own, [(0, 1)], "Support vectors")[0, 1].rows, whole.rows)
    clear_damaged(store, stage, run.stages)
    ensure(store, stage, run.stages)
    assert find_whole(store, stage, run.stages) is not None


def test_of_a_hundred_random_errors_what_is_named_is_brute_forces(store, rng):
    """The support vectors that the drawer names, and their shares, as scikit-learn's machine has them."""
    planted_run(store, plan=Plan(n_train=120, n_test=400, noise=3.0))
    data = RunData(store, "planted")
    said = data.own_predictions
    rows = rng.choice(np.flatnonzero(~said.correct), 100, replace=False).tolist()
    machines = {}
    for row in rows:
        found = evidence_of(data, said, row)
        pair = found.predicted, found.rival
        support = supports_of(data, found.judge, [pair], "Support vectors")[pair]
        pulls = support.pulls(likeness_of(data, found.judge, row).kernel)
        if pair not in machines:
            machines[pair] = machine(data, pair, found.judge.C)
        expected = contributions(data, machines[pair], row)
        for way, first in ((1, True), (-1, False)):
            named = pulls.named(SHOWN, first=first)
            strongest = np.sort(way * expected / np.abs(expected).sum())[::-1][:SHOWN]
            shares = way * expected[[image for image, _ in named]] / np.abs(expected).sum()
            np.testing.assert_allclose([share for _, share in named], shares, atol=TOLERANCE)
            np.testing.assert_allclose(shares, strongest[: len(named)], atol=TOLERANCE)
            assert (strongest[len(named) :] <= 0).all()


def machine(data, pair, C):
    """Fit scikit-learn's machine of two classes; positive decision values vote for the first."""
    rows = np.flatnonzero(np.isin(data.train_labels, pair))
    train = data.artefact("features").array("train")[rows].astype(float)
    return SVC(C=C, kernel="linear", tol=1e-6).fit(train, data.train_labels[rows] == pair[0]), rows


def contributions(data, fitted, row):
    """Give what each training image adds to the decision value of an image."""
    svc, rows = fitted
    image = data.artefact("features").array("test")[row].astype(float)
    found = np.zeros(len(data.train_labels))
    found[rows[svc.support_]] = svc.dual_coef_[0] * (svc.support_vectors_ @ image)
    return found
