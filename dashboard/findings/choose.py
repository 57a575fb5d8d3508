"""Which findings a run has: all that hold, those that matter most first.

Another kind of finding is a function that gives a `Finding`, or None where it does not hold, and a line in `_found`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dashboard.findings.classes import hardest_pair, worst_class
from dashboard.findings.finding import CANDIDATES, Answers, Finding
from dashboard.findings.headline import Headline, headline
from dashboard.findings.images import close_calls, near_duplicates, sure_and_wrong
from dashboard.findings.labels import two_labels, wrong_labels
from dashboard.findings.settings import better_setting
from dashboard.labels.copies import found_copies
from dashboard.labels.suspects import most_suspect
from dashboard.labels.worth import found_hit_rate
from dashboard.retraining.recommendation import Recommendation, recommendation
from dashboard.run.data import RunData, has_neighbourhoods, judged_of
from dashboard.run.features import other_run
from dashboard.run.predictions import Predictions
from dashboard.run.shared import shared
from dashboard.wording.judged import judged_images

FEW = 4
"""Findings: where there are fewer, the images that are barely right are told, too."""


def findings_of(data: RunData, said: Predictions) -> tuple[Finding, ...]:
    """List what the answers of a classifier, and what was tried beside it, tell; the weightiest first.

    Each classifier's are found once for all sessions.
    """
    better = recommendation(data, said)
    after = None if better is None else data.predictions(better.best)
    return _found(data, said, better, after, _of_labels(data))


def _of_labels(data: RunData) -> tuple[Finding | None, ...]:
    """Find what is wrong with the labels, as far as somebody has had it computed."""
    n, rate, copies = len(data.test_labels) + len(data.train_labels), found_hit_rate(data), found_copies(data)
    faces = () if copies is None else copies.faces(data.n_test, CANDIDATES)
    twice = two_labels(0 if copies is None else copies.pictures, n, faces)
    return twice, wrong_labels(rate, n, most_suspect(data, CANDIDATES))


def headline_of(data: RunData, said: Predictions) -> Headline:
    """Say how good a classifier is; once for all sessions."""
    return _headline(data, said, other_run(data))


@shared(lambda data, said, rival: (data.key, said.key, rival and rival.key))
def _headline(data: RunData, said: Predictions, rival: RunData | None) -> Headline:
    return headline(data, said, rival)


def _told(
    data: RunData,
    said: Predictions,
    other: Recommendation | None,
    after: Predictions | None,
    labels: Sequence[Finding | None],
) -> tuple[Hashable, ...]:
    """Give what tells findings apart."""
    compared = other and (other.best, repr(other.gain))
    return data.key, said.key, compared, after and after.key, repr(labels)


@shared(_told)
def _found(
    data: RunData,
    said: Predictions,
    other: Recommendation | None,
    after: Predictions | None,
    labels: Sequence[Finding | None],
) -> tuple[Finding, ...]:
    answers = Answers.of(data, said)
    found = [
        hardest_pair(answers),
        None if other is None or not other.gain.is_visible else _better(data, said, other, after),
        worst_class(answers),
        sure_and_wrong(answers),
        near_duplicates(judged_of(data), _neighbours(data)),
        *labels,
    ]
    there = [one for one in found if one is not None]
    if len(there) < FEW and (close := close_calls(answers)) is not None:
        there.append(close)
    return tuple(sorted(there, key=lambda one: -one.weight))


def _better(data: RunData, said: Predictions, found: Recommendation, after: Predictions | None) -> Finding:
    """Say what speaks for another setting, and show the images that only one of the two has right."""
    changes = MappingProxyType({"asked": data.settings.relative(found.best)})
    moving = ((), ()) if after is None else (_fixed(said, after), _fixed(after, said))
    judged = judged_of(data)
    return better_setting(found, judged_images(judged.n_test, judged), changes, *moving)


def _fixed(before: Predictions, after: Predictions) -> list[int]:
    """List the images that only the second classifier has right, those whose margins differ most first."""
    rows = np.flatnonzero(after.correct & ~before.correct)
    return [int(row) for row in rows[np.argsort(before.margin[rows] - after.margin[rows], kind="stable")]]


def _neighbours(data: RunData) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
    if not has_neighbourhoods(data):
        return None
    made = data.artefact("neighbours")
    return made.array("indices"), made.array("distances")
