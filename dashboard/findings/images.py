"""What is found among single images: surely wrong ones, barely right ones, and those that are there more than once."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.findings.finding import CANDIDATES, FACES, Answers, Evidence, Finding
from dashboard.page.filter import Filter
from dashboard.statistics.orders import MARGIN
from dashboard.wording.numbers import fixed, images, signed
from dashboard.wording.terms import term
from pipeline.api import Judged

SURE = -1.0
"""Margin below which an image is surely wrong: beyond the SVM's edge. The other edge is at 1."""

_ALL = MappingProxyType({"true_label": None, "predicted_label": None, "outcome": "all"})


def sure_and_wrong(answers: Answers) -> Finding | None:
    """Find the images whose true class lies furthest behind; None where none is behind by more than the SVM's edge."""
    wrong = (answers.predicted != answers.true) & (answers.margin < SURE)
    n = int(wrong.sum())
    if not n:
        return None
    whose = "its" if n == 1 else "their"
    return Finding(
        "sure",
        min(n, FACES) / answers.n,
        f"On <b>{images(n)}</b> the classifier is sure and wrong: {whose} {term('margin')} is below {signed(SURE, 0)}.",
        Evidence("See the errors, worst first", "errors", _ALL),
        (answers.worst_first(wrong),),
    )


def close_calls(answers: Answers) -> Finding | None:
    """Find the images that are right with the least to spare; None where none is within the SVM's edge."""
    close = (answers.predicted == answers.true) & (answers.margin < -SURE)
    n = int(close.sum())
    if not n:
        return None
    whose = "its" if n == 1 else "their"
    return Finding(
        "close",
        0.0,
        f"<b>{images(n)}</b> {'is' if n == 1 else 'are'} right, but not by much: "
        f"{whose} {term('margin')} is below {fixed(-SURE, 0)}.",
        Evidence(
            "See them on the map, closest first",
            "map",
            MappingProxyType({"filter": Filter(outcome="correct", margin=(None, -SURE)), "sort": MARGIN}),
        ),
        (answers.worst_first(close),),
    )


def near_duplicates(
    judged: Judged, neighbours: tuple[NDArray[np.integer[Any]], NDArray[np.floating[Any]]] | None
) -> Finding | None:
    """Tell that images are there more than once, in almost the same form; None where nobody has found such.

    Parameters
    ----------
    judged : Judged
        How many images have a near-duplicate.
    neighbours : (ndarray of int, ndarray of float), shapes (n, k), optional
        The nearest images of each, and their distances: those nearest to another are shown.
    """
    n = judged.near_duplicates
    if not n:
        return None
    rows = () if neighbours is None else _twins(*neighbours)
    return Finding(
        "duplicates",
        0.0,
        f"<b>{images(n)}</b> {'has a near-duplicate' if n == 1 else 'have near-duplicates'}; each was judged "
        f"{term('out of fold')}, by a classifier that had seen none of its twins.",
        Evidence(
            "See the nearest two images on the map",
            "map",
            MappingProxyType({**_ALL, "selected": rows[0] if rows else None}),
        ),
        (rows,),
    )


def _twins(indices: NDArray[np.integer[Any]], distances: NDArray[np.floating[Any]]) -> tuple[int, ...]:
    """List images two by two, the nearest two first; none twice."""
    found: dict[int, None] = {}
    for row in np.argsort(distances[:, 0], kind="stable"):
        two = int(row), int(indices[row, 0])
        if not found.keys() & set(two):
            found |= dict.fromkeys(two)
        if len(found) >= CANDIDATES:
            break
    return tuple(found)
