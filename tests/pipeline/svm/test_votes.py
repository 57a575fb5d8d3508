"""Votes, runners-up and margins from decision values."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.utils.multiclass import _ovr_decision_function

from pipeline.svm.votes import ClassScores, PairVotes


def decisions(k):
    """Decision values of every pair, ties and zeros included."""
    pairs = k * (k - 1) // 2
    values = st.sampled_from([-2.0, -1.0, -0.25, 0.0, 0.25, 1.0, 2.0])
    return st.tuples(st.just(k), arrays(np.float64, (5, pairs), elements=values))


def counted(row, k):
    """Count votes one by one, as libsvm does."""
    votes = [0] * k
    for value, (i, j) in zip(row, combinations(range(k), 2), strict=True):
        votes[i if value > 0 else j] += 1
    return votes


@given(st.integers(2, 7).flatmap(decisions))
def test_the_winner_is_libsvms(case):
    """The most votes, the lowest position on ties; zero votes for the second class of a pair."""
    k, values = case
    verdict = PairVotes(k).verdict(values)
    for row in range(len(values)):
        votes = counted(values[row], k)
        assert verdict.predicted[row] == int(np.argmax(votes))
        assert verdict.votes[row] == max(votes)
        assert verdict.runner_up_votes[row] == votes[verdict.runner_up[row]]


@given(st.integers(3, 7).flatmap(decisions))
def test_the_runner_up_is_scikit_learns_best_of_the_rest(case):
    """By votes plus scikit-learn's tie-breaking confidence."""
    k, values = case
    verdict = PairVotes(k).verdict(values)
    ranking = _ovr_decision_function(values <= 0, -values, k)
    for row in range(len(values)):
        rest = np.delete(ranking[row], verdict.predicted[row])
        assert ranking[row, verdict.runner_up[row]] == pytest.approx(rest.max())
        assert verdict.runner_up[row] != verdict.predicted[row]


@given(st.integers(2, 7).flatmap(decisions), st.data())
def test_a_pair_is_found_in_both_orders(case, data):
    """The value of a against b is minus that of b against a, and that of their pair."""
    k, values = case
    a, b = data.draw(st.sampled_from(list(combinations(range(k), 2))))
    first, second = np.full(5, a), np.full(5, b)
    there = PairVotes(k).between(values, first, second)
    np.testing.assert_array_equal(there, values[:, list(combinations(range(k), 2)).index((a, b))])
    np.testing.assert_array_equal(there, -PairVotes(k).between(values, second, first))


def test_absent_classes_lose_to_present_ones():
    """Pairs of present classes keep their order; others get an intercept that votes for the present one."""
    places, intercepts = PairVotes(3).widen(4, (0, 2, 3))
    assert places.tolist() == [1, 2, 5]
    assert intercepts.tolist() == [1, 0, 0, -1, -1, 0]


def test_scores_choose_the_highest():
    """One against the rest: first and second by score, votes by how many classes lie below."""
    scores = np.array([[0.5, -1.0, 2.0], [1.0, 1.0, 0.0]])
    verdict = ClassScores().verdict(scores)
    assert verdict.predicted.tolist() == [2, 0]
    assert verdict.runner_up.tolist() == [0, 1]
    assert verdict.votes.tolist() == [2, 2]
    assert verdict.runner_up_votes.tolist() == [1, 1]
    np.testing.assert_allclose(ClassScores().between(scores, np.array([2, 0]), np.array([0, 2])), [0.75, 0.5])


def test_absent_classes_have_no_score():
    """They can be neither first nor above anyone."""
    places, intercepts = ClassScores().widen(3, (0, 2))
    assert places.tolist() == [0, 2]
    assert np.isneginf(intercepts[1])
