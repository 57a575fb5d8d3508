"""Scores agree with scikit-learn and with published tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.scores import class_scores, confusion_matrix, wilson_interval


@given(st.integers(2, 12), st.integers(0, 200), st.integers(0, 2**32 - 1))
def test_scores_are_scikit_learns(k, n, seed):
    """Precision, recall, F1 and support are those of a library everyone uses, where those are defined."""
    from sklearn.metrics import confusion_matrix as reference_matrix
    from sklearn.metrics import precision_recall_fscore_support

    rng = np.random.default_rng(seed)
    true, predicted = rng.integers(0, k, (2, n)).astype(np.int16)
    matrix = confusion_matrix(true, predicted, k)
    scores = class_scores(matrix)
    labels = np.arange(k)
    if n:
        np.testing.assert_array_equal(matrix, reference_matrix(true, predicted, labels=labels))
        expected = precision_recall_fscore_support(true, predicted, labels=labels, zero_division=np.nan)
        np.testing.assert_allclose(scores.precision, expected[0])
        np.testing.assert_allclose(scores.recall, expected[1])
        np.testing.assert_array_equal(scores.support, expected[3])
        seen = scores.support + scores.predicted > 0
        np.testing.assert_allclose(scores.f1[seen], expected[2][seen])
    assert matrix.sum() == n


def test_a_class_nobody_predicts_has_no_precision():
    """What cannot be measured is NaN, not zero."""
    scores = class_scores(confusion_matrix(np.array([0, 0, 1]), np.array([0, 0, 0]), 3))
    assert np.isnan(scores.precision[1])
    assert scores.recall[1] == 0
    assert np.isnan(scores.recall[2])
    assert np.isnan(scores.f1[2])


@pytest.mark.parametrize(
    ("n_correct", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(n_correct, n, low, high):
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    assert wilson_interval(n_correct, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6), st.data())
def test_the_interval_holds_the_share(n, data):
    """The measured accuracy lies in its own interval, which lies in 0..1."""
    n_correct = data.draw(st.integers(0, n))
    low, high = wilson_interval(n_correct, n)
    assert 0 <= low <= n_correct / n <= high <= 1
    assert low < high


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_the_interval_is_scipys(n):
    """To rounding, from none right to all right."""
    from scipy.stats import binomtest

    for n_correct in range(0, n + 1, max(1, n // 40)):
        expected = binomtest(n_correct, n).proportion_ci(method="wilson")
        assert wilson_interval(n_correct, n) == pytest.approx((expected.low, expected.high), abs=1e-12)
