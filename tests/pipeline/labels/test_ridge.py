"""Every image judged by a machine that has not seen its label."""

import numpy as np
import pytest

from pipeline.compute.rows import ArrayRows
from pipeline.errors import Cancelled, InvalidParameter, SourceError
from pipeline.labels import discriminants as analysis
from pipeline.labels import ridge
from pipeline.labels.discriminants import SHRINKAGE, discriminants
from pipeline.labels.landmarks import Landmarks
from pipeline.labels.ridge import RIDGE, SOFTER, best_weights, judge


def planted(rng, n=240, d=12, k=4, spread=0.5):
    """Features and labels of classes that come apart."""
    centres = rng.normal(size=(k, d)) * 2
    labels = rng.integers(0, k, n).astype(np.int32)
    features = np.abs(centres[labels] + spread * rng.normal(size=(n, d))).astype(np.float32)
    return features, labels, (np.arange(n) % 6).astype(np.int16)


def both_values(x, labels, asked):
    """Fit ridge regression of the classes, and discriminant analysis of its values, image by image."""
    y = np.eye(labels.max() + 1)[labels]
    fitted = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y)
    values, shares = x @ fitted, y.mean(axis=0)
    middles = np.array([values[labels == label].mean(axis=0) for label in range(len(shares))])
    total = (y.T @ values + values.T @ y) / 2 / len(y)
    within = total - sum(share * np.outer(one, one) for share, one in zip(shares, middles, strict=True))
    within += SHRINKAGE * np.diag(within).mean() * np.eye(len(shares))
    weights = np.linalg.solve(within, middles.T)
    told = asked @ fitted
    return np.stack([told, told @ weights - (middles.T * weights).sum(axis=0) / 2 + np.log(shares)])


def test_it_is_discriminant_analysis_of_the_features_with_a_penalty(rng, monkeypatch):
    """As it is defined there: within a class features vary as much as the penalty says more, each by itself."""
    monkeypatch.setattr(analysis, "SHRINKAGE", 1e-9)
    labels = rng.integers(0, 4, 300)
    x = np.column_stack([rng.normal(size=(4, 6))[labels] + rng.normal(size=(300, 6)), np.ones(300)])
    y, n = np.eye(4)[labels], len(labels)
    sums = (x.T @ y).T
    fitted = np.linalg.solve(x.T @ x + RIDGE * np.eye(7), x.T @ y).T
    found = discriminants(*(of[None].astype(np.float32) for of in (fitted, sums)))[0] @ x.T
    middles = sums / y.sum(axis=0)[:, None]
    within = (x.T @ x - middles.T @ sums + RIDGE * np.eye(7)) / n
    weights = np.linalg.solve(within, middles.T)
    expected = weights.T @ x.T - ((middles.T * weights).sum(axis=0) / 2 - np.log(y.mean(axis=0)))[:, None]
    apart = [values[1:] - values[0] for values in (found, expected)]
    np.testing.assert_allclose(*apart, rtol=0.02, atol=0.02)


def test_weights_make_labels_as_likely_as_can_be(rng):
    """Those with which they were drawn; what tells nothing has none, nor what is upside down."""
    values = rng.normal(size=(4, 20_000, 3)).astype(np.float32) * np.array([1, 5, 1, 1])[:, None, None]
    chances = 1.5 * values[0] + 0.2 * values[1] - values[3] + rng.gumbel(size=(20_000, 3))
    found = best_weights(values, chances.argmax(axis=1).astype(np.int32))
    np.testing.assert_allclose(found[:2], [1.3, 0.17], rtol=0.1)  # less, as the last one is noise to them
    assert (found[2] < 0.05, found[3]) == (True, 0)
    assert (best_weights(np.zeros((2, 5, 3), np.float32), np.zeros(5, np.int32)) >= 0).all()


def test_a_fold_is_left_out_as_if_the_others_were_fitted_anew(rng):
    """By brute force, in double precision: the same scores, suggestions and certainties."""
    features, labels, folds = planted(rng, spread=2.5)
    other = labels.copy()
    other[:30] = (other[:30] + 1) % 4
    found = judge(ArrayRows(features), folds, np.stack([labels, other]), 4)
    mapped = Landmarks(ArrayRows(features)).map(features).astype(np.float64)
    weights, every = None, np.arange(len(labels))
    for number, own in enumerate((labels, other)):
        both = np.empty((2, len(labels), 4))
        for fold in range(6):
            held, learnt = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
            both[:, held] = both_values(mapped[learnt], own[learnt], mapped[held])
        weights = best_weights(both, labels) if weights is None else weights
        values = np.tensordot(weights, both, axes=1)
        raised = np.exp(SOFTER * values)
        share = raised[every, own] / raised.sum(axis=1)
        np.testing.assert_allclose(found.score[number], 1 - share, atol=5e-3)
        given, ranked = values[every, own], np.sort(values, axis=1)
        values[every, own] = -np.inf
        margin, lead = given - values.max(axis=1), ranked[:, -1] - ranked[:, -2]
        np.testing.assert_allclose(found.margin[number], margin, atol=0.02)
        np.testing.assert_allclose(np.abs(found.lead[number]), lead, atol=0.02)
        assert (np.sign(found.lead[number]) == np.sign(margin))[np.abs(margin) > 0.1].all()
        clear = np.diff(np.sort(values, axis=1)[:, -2:])[:, 0] > 0.1
        assert (found.suggested[number] == values.argmax(axis=1))[clear].all()


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
    np.testing.assert_allclose(found.lead[0, same], found.lead[1, same], rtol=1e-5)
    assert abs(found.lead[0, 7]) == pytest.approx(abs(found.lead[1, 7]), rel=1e-5)


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


def test_some_labellings_at_a_time_give_the_same_to_the_last_bit(rng, monkeypatch):
    """As many as memory holds: of a thousand classes the machines of five labellings are a gigabyte."""
    features, labels, folds = planted(rng)
    labellings = np.stack([labels, *(np.roll(labels, shift) for shift in (1, 2, 3))])
    together = judge(ArrayRows(features), folds, labellings, 4)
    for at_once in (4, 12):
        monkeypatch.setattr(ridge, "CLASSES_AT_ONCE", at_once)
        apart = judge(ArrayRows(features), folds, labellings, 4)
        for name in ("score", "suggested", "lead", "margin"):
            np.testing.assert_array_equal(getattr(apart, name), getattr(together, name))


def test_memory_is_looked_at_before_it_is_taken(rng, monkeypatch):
    """A thousand classes need 130 MB, whatever the images; where there is less, that is said in a sentence."""
    monkeypatch.setattr("pipeline.compute.memory.available", lambda kept=0: 100_000_000)
    features, labels, folds = planted(rng, n=2_400)
    judge(ArrayRows(features), folds, labels[None], 4)
    with pytest.raises(
        SourceError, match=r"Memory for machines of all classes that judge their labels must be 1\d\d MB"
    ):
        judge(ArrayRows(features), folds, labels[None], 1_000)
