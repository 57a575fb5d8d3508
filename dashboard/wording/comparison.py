"""How good a classifier is, and how two compare, as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from cache.counting import counted
from dashboard.statistics.intervals import UNLIKELY, Interval
from dashboard.statistics.scores import wilson_interval
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import interval95, p_value, percent, points


def gain_in_words(gain: Interval) -> str:
    """Write a difference of two accuracies with its interval."""
    return f"{points(gain.value)} points ({interval95(gain.low, gain.high, points)})"


def chance(p: float) -> str:
    """Say whether a difference with such a p can be chance."""
    text = "is unlikely to be chance" if p < UNLIKELY else "could easily be chance"
    return f"{text} ({p_value(p)})"


def accuracy_and_interval(n_correct: int, n: int) -> tuple[str, str]:
    """Write an accuracy, and below it its interval."""
    return percent(n_correct / n), interval95(*wilson_interval(n_correct, n))


def untrained_sentence(labels: Sequence[int], class_names: Sequence[str], most: int = 5) -> str:
    """Say in Markdown why no image of some classes is right; nothing where there are none.

    Parameters
    ----------
    labels : sequence of int
        The classes without training images for those who judge them.
    class_names : sequence of str
        Names of all classes.
    most : int
        Names to say.
    """
    if not labels:
        return ""
    named = [f"**{markdown(class_names[label])}**" for label in labels[:most]]
    named += [f"{counted(len(labels) - most, 'more class', 'more classes')}"] if len(labels) > most else []
    return f"Judged without a training image of the class, so that its recall is 0: {', '.join(named)}."
