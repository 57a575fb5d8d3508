"""How good a classifier is, and how two compare, as people read it."""

from __future__ import annotations

from dashboard.statistics.intervals import UNLIKELY, Interval
from dashboard.statistics.scores import wilson_interval
from dashboard.wording.numbers import interval95, p_value, percent, points


def gain_in_words(gain: Interval) -> str:
    """Write a difference of two accuracies with its interval."""
    return f"{points(gain.value)} points ({interval95(gain.low, gain.high, points)})"


def chance(p: float) -> str:
    """Say whether a difference with such a p can be chance."""
    text = "hardly chance" if p < UNLIKELY else "could easily be chance"
    return f"{text} ({p_value(p)})"


def accuracy_and_interval(n_correct: int, n: int) -> tuple[str, str]:
    """Write an accuracy, and below it its interval."""
    return percent(n_correct / n), interval95(*wilson_interval(n_correct, n))
