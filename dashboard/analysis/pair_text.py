"""What is known of a pair of classes, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.figures.axis import Lane
from dashboard.figures.matrix import Choice
from dashboard.statistics.scores import wilson_interval
from dashboard.wording.escaping import plotly
from dashboard.wording.judged import judged_images, noun, taught_noun
from dashboard.wording.numbers import interval95, percent, signed, thousands
from pipeline.api import Judged, PairAxis


def hardest_pairs(error: NDArray[np.float64], most: int) -> list[tuple[int, int, float]]:
    """List the pairs with the largest error.

    Parameters
    ----------
    error : ndarray of float64, shape (k, k)
        Symmetric; NaN where there is none.
    most : int
        Pairs to list.

    Returns
    -------
    list of (int, int, float)
        Two labels and the error, largest first; pairs without errors are not listed.
    """
    first, second = np.triu_indices(len(error), 1)
    values = np.nan_to_num(error[first, second])
    order = np.argsort(-values, kind="stable")[:most]
    return [(int(first[i]), int(second[i]), float(values[i])) for i in order if values[i] > 0]


def error_sentence(
    error: NDArray[np.float64], margin: NDArray[np.float32], names: Sequence[str]
) -> Callable[[Choice], str]:
    """Give what says in HTML what a cell of the matrix of errors means, and how the row's class spreads.

    Parameters
    ----------
    error : ndarray of float64, shape (k, k)
        As the stage ``separability`` has it.
    margin : ndarray of float32, shape (k, k, 5)
        Quantiles of the held-out decision values, as the stage has them.
    names : sequence of str
        Names of the classes.
    """

    def sentence(first: int, second: int) -> str:
        if first == second or np.isnan(error[first, second]):
            return plotly(names[first])
        pair = f"{plotly(names[first])} and {plotly(names[second])}"
        text = f"{pair}<br>{percent(error[first, second])} on the wrong side"
        low, _, middle, _, high = (signed(float(value)) for value in margin[first, second])
        if np.isnan(margin[first, second]).any():
            return text
        return f"{text}<br>margin of {plotly(names[first])}: median {middle}, 90% in {low} to {high}"

    return _with_rim(sentence, names)


def neighbour_sentence(shares: NDArray[np.float64], names: Sequence[str]) -> Callable[[Choice], str]:
    """Give what says in HTML what a cell of the matrix of neighbours means."""

    def sentence(first: int, second: int) -> str:
        share = f"{percent(shares[first, second])} are {plotly(names[second])}"
        return f"of the images nearest to {plotly(names[first])}<br>{share}"

    return _with_rim(sentence, names)


def _with_rim(sentence: Callable[[int, int], str], names: Sequence[str]) -> Callable[[Choice], str]:
    """Give what also says what a cell of the rim means: a class, or all."""

    def told(choice: Choice) -> str:
        first, second = choice
        if first is not None and second is not None:
            return sentence(first, second)
        label = first if second is None else second
        return "all classes" if label is None else f"{plotly(names[label])} and any other"

    return told


def described(axis: PairAxis, names: Sequence[str], held_out: float, judged: Judged) -> str:
    """Say in Markdown how well a pair comes apart.

    Parameters
    ----------
    axis : PairAxis
        The images on their axis.
    names : sequence of str
        Names of the classes, safe as Markdown.
    held_out : float
        Share of held-out training images on the wrong side; NaN if it is not known.
    judged : Judged
        How the images were judged.
    """
    wrong, n = int(axis.test.is_wrong.sum()), len(axis.test.rows)
    text = f"**{names[axis.first]}** and **{names[axis.second]}**: "
    if n:
        low, high = wilson_interval(wrong, n)
        share = f"{percent(wrong / n)}, {interval95(low, high)}"
        text += f"on the wrong side **{thousands(wrong)}** of {judged_images(n, judged)} ({share})"
    else:
        text += f"there are no {noun(judged)}s"
    if not np.isnan(held_out) and (judged.is_apart or judged.n_by_all):  # else it is the same number
        text += f", and {percent(held_out)} of the {taught_noun(judged)}s when they are held out"
    return f"{text}."


def lanes(axis: PairAxis, names: Sequence[str], colours: tuple[str, str]) -> list[Lane]:
    """Sort the images into lanes: test images of both classes, then the support vectors of both."""
    found = []
    for images, prefix in ((axis.test, ""), (axis.train, "support, ")):
        for is_first, label, colour in zip((True, False), (axis.first, axis.second), colours, strict=True):
            shown = images.is_first == is_first
            if images is axis.train:
                shown &= images.is_support
            rows = images.rows[shown] if images is axis.test else None
            name = f"{prefix}{names[label]}"
            found.append(Lane(name, colour, images.distance[shown], images.is_wrong[shown], rows))
    return found
