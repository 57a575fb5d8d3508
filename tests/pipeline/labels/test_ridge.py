"""Every image judged by a machine that has not seen its label."""

import numpy as np
import pytest

from pipeline.compute.rows import ArrayRows
from pipeline.errors import Cancelled, InvalidParameter
from pipeline.labels.landmarks import Landmarks
from pipeline.labels.ridge import RIDGE, SOFTER, judge, sharpness


def planted(rng, n=240, d=12, k=4, spread=0.5):
    """Features and labels of classes that come apart."""
    centres = rng.normal(size=(k, d)) * 2
    labels = rng.integers(0, k, n).astype(np.int32)
    features = np.abs(centres[labels] + spread * rng.normal(size=(n, d))).astype(np.float32)
    return features, labels, (np.arange(n) % 6).astype(np.int16)


def test_a_fold_is_left_out_as_if_the_others_were_fitted_anew(rng):
    """By brute force, in double precision: the same scores, suggestions and certainties."""
    features, labels, folds = planted(rng)
    other = labels.copy()
    other[:30] = (other[:30] + 1) % 4
    found = judge(ArrayRows(features), folds, np.stack([labels, other]), 4)
    mapped = Landmarks(ArrayRows(features)).map(features).astype(np.float64)
    every, sharp = np.empty((len(labels), 4)), 0.0
    for number, own in enumerate((labels, other)):
        for fold in range(6):
            held, learnt = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
            x, y = mapped[learnt], np.eye(4)[own[learnt]]
            values = mapped[held] @ np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y)
            every[held] = values
            given = values[np.arange(len(held)), own[held]]
            ranked = np.sort(values, axis=1)
            lead = ranked[:, -1] - ranked[:, -2]
            others = values.copy()
            others[np.arange(len(held)), own[held]] = -np.inf
            lead[others.max(axis=1) > given] *= -1
            np.testing.assert_allclose(np.abs(found.lead[number, held]), np.abs(lead), atol=2e-3)
            assert (np.sign(found.lead[number, held]) == np.sign(lead))[np.abs(lead) > 0.01].all()
            clear = np.diff(np.sort(others, axis=1)[:, -2:])[:, 0] > 0.01
            assert (found.suggested[number, held] == others.argmax(axis=1))[clear].all()
        sharp = SOFTER * sharpness(every, labels) if number == 0 else sharp
        raised = np.exp(sharp * every)
        share = raised[np.arange(len(own)), own] / raised.sum(axis=1)
        np.testing.assert_allclose(found.score[number], 1 - share, atol=5e-3)


def test_the_map_has_the_kernels_inner_products(rng):
    """With every image as a landmark, but for the mean that is taken off, distances are the kernel's."""
    features = planted(rng, n=60)[0]
    mapped = Landmarks(ArrayRows(features)).map(features).astype(np.float64)
    roots = np.sqrt(features.astype(np.float64))
    apart = ((roots[:, None] - roots) ** 2).sum(axis=2)
    kernel = np.exp(-apart / (2 * np.median(apart[np.triu_indices(60, 1)])))
    found = ((mapped[:, None] - mapped) ** 2).sum(axis=2)
    np.testing.assert_allclose(found, 2 - 2 * kernel, atol=2e-3)


def test_planted_errors_come_first_and_their_own_class_is_suggested(rng):
    """On easy data all of them; twice the same."""
    features, labels, folds = planted(rng, spread=0.2)
    wrong = rng.choice(len(labels), 12, replace=False)
    noisy = labels.copy()
    noisy[wrong] = (noisy[wrong] + 1 + rng.integers(0, 3, 12)) % 4
    found = judge(ArrayRows(features), folds, noisy[None], 4)
    assert set(np.argsort(-found.score[0])[:12]) == set(wrong)
    np.testing.assert_array_equal(found.suggested[0, wrong], labels[wrong])
    again = judge(ArrayRows(features), folds, noisy[None], 4)
    np.testing.assert_array_equal(again.score, found.score)


def test_a_label_does_not_sway_its_own_judge(rng):
    """Another label of one image leaves the values of its fold alone."""
    features, labels, folds = planted(rng)
    other = labels.copy()
    other[7] = (other[7] + 1) % 4
    found = judge(ArrayRows(features), folds, np.stack([labels, other]), 4)
    own = np.flatnonzero(folds == folds[7])
    same = own[own != 7]
    np.testing.assert_allclose(found.lead[0, same], found.lead[1, same], atol=1e-5)
    assert abs(abs(found.lead[0, 7]) - abs(found.lead[1, 7])) < 1e-5


@pytest.mark.parametrize(
    ("features", "labels"),
    [
        (np.ones((2, 1), np.float32), [0, 1]),
        (np.zeros((30, 3), np.float32), [0, 1] * 15),
        (np.eye(9, dtype=np.float32) * 1e6, [0, 1, 2] * 3),
        (-np.ones((4, 2), np.float32), [0, 0, 0, 1]),
    ],
    ids=["two", "all the same", "large", "negative"],
)
def test_little_and_odd_features_give_finite_scores(features, labels):
    """Nothing to tell images apart by is no reason to fail."""
    folds = (np.arange(len(labels)) % 2).astype(np.int16)
    found = judge(ArrayRows(features), folds, np.array([labels], np.int32), 3)
    assert np.isfinite(found.score).all()
    assert np.isfinite(found.lead).all()
    assert (found.suggested != labels).all()


def test_it_stops_when_asked_and_refuses_what_is_not_finite(rng):
    """At the first report; a row is named."""
    features, labels, folds = planted(rng)

    def cancel(done, total, what):
        raise Cancelled("The computation must run to its end. Got a request to stop.")

    with pytest.raises(Cancelled):
        judge(ArrayRows(features), folds, labels[None], 4, cancel)
    features[17, 3] = np.nan
    with pytest.raises(InvalidParameter, match="row 17"):
        judge(ArrayRows(features), folds, labels[None], 4)
