"""How good a classifier is: against another run of the same images, and against always naming one class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.findings.finding import Answers
from dashboard.run.data import RunData
from dashboard.run.features import is_published_split, model_of
from dashboard.run.predictions import Predictions
from dashboard.statistics.flips import Flips
from dashboard.statistics.intervals import UNLIKELY
from dashboard.statistics.scores import wilson_interval
from dashboard.wording.escaping import html
from dashboard.wording.judged import judged_images
from dashboard.wording.numbers import fixed, interval, thousands
from dashboard.wording.terms import term
from pipeline.api import largest_class

PUBLISHED = (
    "The published experiment on this split reports 87.4% with Inception-v3, and about 59% with HOG features."
)


@dataclass(frozen=True)
class Headline:
    """Say how good a classifier is.

    Attributes
    ----------
    title : str
        How many images are right, as plain text.
    sentences : str
        What that is to be compared with, as HTML.
    accuracy : float
        The share of the images that are right, 0 to 1.
    interval : (float, float)
        In which it lies with 95 % confidence.
    marks : tuple of (str, float)
        What it is to be compared with, and the share that has right: its name is plain text.
    rival : str
        Name of the run that it is compared with; empty where there is none.
    """

    title: str
    sentences: str
    accuracy: float
    interval: tuple[float, float]
    marks: tuple[tuple[str, float], ...]
    rival: str = ""


def headline(data: RunData, said: Predictions, rival: RunData | None) -> Headline:
    """Say how many images are right, how sure that number is, and what it is to be compared with."""
    answers = Answers.of(data, said)
    right, n = said.n_correct, answers.n
    ends = wilson_interval(right, n)
    sure = f"{term('Wilson interval', '95% interval')} {interval(*ends)}"
    label, chance = largest_class(answers.true)
    equal = len(set(np.bincount(answers.true, minlength=len(answers.class_names)).tolist())) == 1
    blind = "guessing" if equal else f"always answering “{answers.class_names[label]}”"
    one_class = _against_one_class(html(blind), right / n, chance)
    against = one_class if rival is None else f"{_against(said, rival)}, and {one_class}"
    published = f' <span class="lb-published">{PUBLISHED}</span>' if is_published_split(data) else ""
    return Headline(
        f"{thousands(right)} of {judged_images(n, answers.judged)} {'is' if right == 1 else 'are'} right",
        f"{sure}. That is {against}.{published}",
        right / n,
        ends,
        ((blind, chance), *(() if rival is None else ((model_of(rival), rival.own_predictions.accuracy),))),
        "" if rival is None else rival.run.name,
    )


def _against(said: Predictions, rival: RunData) -> str:
    """Compare with another run on the same images."""
    other = rival.own_predictions
    name = html(model_of(rival))
    if Flips(said.test_labels, other.predicted, said.predicted).p >= UNLIKELY:
        return f"about as many as with {name}"
    return f"{_points(said.accuracy - other.accuracy)} than with {name}"


def _against_one_class(blind: str, accuracy: float, chance: float) -> str:
    """Compare with what one gets without looking at an image."""
    if np.isclose(accuracy, chance):
        return f"as many as {blind} would get"
    return f"{_points(accuracy - chance)} than {blind} would get"


def _points(gain: float) -> str:
    return f"<b>{fixed(100 * abs(gain), 1)} points {'more' if gain > 0 else 'fewer'}</b>"
