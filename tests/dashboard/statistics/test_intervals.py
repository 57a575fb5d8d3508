"""Tests and intervals agree with scipy, with scikit-learn, and with what they promise over many samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics.intervals import (
    EXACT_UP_TO,
    macro_f1_difference,
    macro_f1_interval,
    mcnemar,
    paired_difference,
)

FEW = st.integers(0, 400)
SEEDS = st.integers(0, 2**32 - 1)


@given(FEW, FEW)
def test_mcnemar_is_the_exact_test_less_half_of_its_last_step(fixed, broke):
    """The exact binomial test of scipy binomial test, made mid-p as the definition says."""
    from scipy.stats import binom, binomtest

    n = fixed + broke
    if fixed == broke:
        assert mcnemar(fixed, broke) == 1
        return
    exact = binomtest(fixed, n, 0.5).pvalue
    assert mcnemar(fixed, broke) == pytest.approx(exact - binom.pmf(fixed, n, 0.5), rel=1e-9, abs=1e-300)


@given(FEW, FEW)
def test_mcnemar_does_not_care_which_comes_first(fixed, broke):
    """Swapping the two changes the sign of the difference, not whether it is chance."""
    assert mcnemar(fixed, broke) == mcnemar(broke, fixed)


@pytest.mark.parametrize("share", [0.5, 0.505, 0.51, 0.52, 0.53])
def test_large_counts_go_over_smoothly(share):
    """Where the normal distribution takes over, it says what scipy's does, and what the sum said just before."""
    from scipy.stats import norm

    last, first = (round(share * n) for n in (EXACT_UP_TO, EXACT_UP_TO + 1))
    summed = mcnemar(last, EXACT_UP_TO - last)
    approximated = mcnemar(first, EXACT_UP_TO + 1 - first)
    z = abs(2 * first - EXACT_UP_TO - 1) / (EXACT_UP_TO + 1) ** 0.5
    assert approximated == pytest.approx(2 * norm.sf(z))
    step = 2 * norm.pdf(0) / EXACT_UP_TO**0.5  # the share cannot be hit exactly by both
    assert approximated == pytest.approx(summed, abs=step + 1e-3)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_difference_lies_in_its_own_interval(fixed, broke, others):
    """The interval holds the measured difference, stays in -1..1, and mirrors when the two are swapped."""
    n = fixed + broke + others
    if not n:
        return
    found, mirrored = paired_difference(fixed, broke, n), paired_difference(broke, fixed, n)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low))


def test_difference_is_walds_where_there_are_many_images():
    """With a million images, half an image more or less in a cell is nothing."""
    fixed, broke, n = 30_000, 20_000, 10**6
    error = ((fixed + broke - (fixed - broke) ** 2 / n) ** 0.5) / n
    found = paired_difference(fixed, broke, n)
    assert found.value == 0.01
    assert (found.low, found.high) == pytest.approx((0.01 - 1.96 * error, 0.01 + 1.96 * error), abs=1e-6)


@pytest.mark.parametrize(("p_fixed", "p_broke"), [(0.02, 0.02), (0.1, 0.05), (0.3, 0.02), (0.01, 0.0)])
@pytest.mark.parametrize("n", [60, 500])
def test_interval_holds_the_true_difference_95_times_in_100(rng, p_fixed, p_broke, n):
    """Over 4,000 samples it covers what they were drawn with about as often as it says, and not less."""
    draws = rng.multinomial(n, [p_fixed, p_broke, 1 - p_fixed - p_broke], 4000)
    found = [paired_difference(int(fixed), int(broke), n) for fixed, broke, _ in draws]
    covered = np.mean([item.low <= p_fixed - p_broke <= item.high for item in found])
    assert covered >= 0.94


@given(SEEDS, st.integers(2, 8), st.integers(1, 120))
def test_macro_f1_is_scikit_learns(seed, k, n):
    """The score itself is that of a library everyone uses, over the classes that occur or are predicted."""
    from sklearn.metrics import f1_score

    true, before, after = np.random.default_rng(seed).integers(0, k, (3, n)).astype(np.int16)
    found = macro_f1_interval(true, after, k)
    assert found.value == pytest.approx(f1_score(true, after, average="macro", zero_division=0))
    difference = macro_f1_difference(true, before, after, k)
    expected = found.value - f1_score(true, before, average="macro", zero_division=0)
    assert difference.value == pytest.approx(expected)
    assert found.low <= found.high


def test_bootstrap_is_the_one_that_draws_images(rng):
    """Drawing kinds of images is drawing images: the quantiles are those of resampling row by row."""
    from sklearn.metrics import f1_score

    n, k = 300, 4
    true = rng.integers(0, k, n)
    before, after = (np.where(rng.random(n) < share, true, rng.integers(0, k, n)) for share in (0.5, 0.7))
    drawn = rng.integers(0, n, (1000, n))

    def f1(predicted):
        return [f1_score(true[rows], predicted[rows], average="macro") for rows in drawn]

    gains = np.array(f1(after)) - f1(before)
    for found, scores in (
        (macro_f1_interval(true, after, k), f1(after)),
        (macro_f1_difference(true, before, after, k), gains),
    ):
        assert (found.low, found.high) == pytest.approx(np.quantile(scores, [0.025, 0.975]), abs=0.01)


def test_bootstrap_gives_the_same_each_time(rng):
    """A reload does not change the numbers; another seed does."""
    true, predicted = rng.integers(0, 5, (2, 200))
    assert macro_f1_interval(true, predicted, 5) == macro_f1_interval(true, predicted, 5)
    assert macro_f1_interval(true, predicted, 5) != macro_f1_interval(true, predicted, 5, seed=1)


def test_many_kinds_are_drawn_in_parts(monkeypatch, rng):
    """With hundreds of classes the draws are made a few at a time, and nothing changes."""
    true, predicted = rng.integers(0, 5, (2, 200))
    whole = macro_f1_interval(true, predicted, 5)
    monkeypatch.setattr("dashboard.statistics.intervals._DRAWN_AT_ONCE", 300)
    assert macro_f1_interval(true, predicted, 5) == whole


def test_no_difference_is_no_difference():
    """Equal answers: no gain, an interval of nothing but nought, and p = 1."""
    labels = np.arange(50) % 4
    found = macro_f1_difference(labels, labels[::-1], labels[::-1], 4)
    assert (found.value, found.low, found.high) == (0, 0, 0)
    assert mcnemar(0, 0) == 1


def test_interval_of_many_small_classes_holds_its_value():
    """Classes of one image, all taken for a large one: none falls out of a draw, all scores are of the same classes."""
    true = np.append(np.arange(60), np.zeros(40, int))
    predicted = np.where(np.arange(100) % 9 == 0, 1, 0)
    found = macro_f1_interval(true, predicted, 60)
    assert found.low <= found.value <= found.high
