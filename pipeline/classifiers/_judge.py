"""Apply fitted weight vectors to every image."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers._machines import Machines
from pipeline.classifiers._votes import Rule, Verdict
from pipeline.rows import Rows, blocks_of, finite

MARGIN_OF_ABSENT_CLASS = -1.0
"""Margin of an image whose class the training split lacks: wrong, at the edge."""


def judge(
    machines: Machines, rule: Rule, present: tuple[int, ...], features: Rows, labels: NDArray[np.integer]
) -> dict[str, NDArray[Any]]:
    """Give labels, votes and margins of the test images at every C.

    Parameters
    ----------
    machines : Machines
        Weight vectors for the classes in ``present``.
    rule : Rule
        How their decision values choose.
    present : tuple of int
        The label that each position stands for.
    features : Rows
        (n, d).
    labels : ndarray of int, shape (n,)
        True labels; may be outside ``present``.

    Returns
    -------
    dict of str to ndarray, shape (m, n)
        ``predicted_label``, ``runner_up_label``, ``votes``, ``runner_up_votes`` int16; ``margin``,
        ``runner_up_margin`` float32.
    """
    shape = (len(machines.weights), features.shape[0])
    names = ("predicted_label", "runner_up_label", "votes", "runner_up_votes")
    found: dict[str, NDArray[Any]] = {name: np.empty(shape, np.int16) for name in names}
    found |= {name: np.empty(shape, np.float32) for name in ("margin", "runner_up_margin")}
    named = np.array(present, np.int16)
    true = _positions(labels, present)
    for numbers in blocks_of(features.shape[0]):
        block = finite(features.rows(numbers), numbers, "test")
        for i in range(shape[0]):
            values = machines.decision_values(i, block)
            verdict = rule.verdict(values)
            found["predicted_label"][i, numbers] = named[verdict.predicted]
            found["runner_up_label"][i, numbers] = named[verdict.runner_up]
            found["votes"][i, numbers] = verdict.votes
            found["runner_up_votes"][i, numbers] = verdict.runner_up_votes
            found["margin"][i, numbers] = _margin(rule, values, verdict, true[numbers])
            sure = rule.between(values, verdict.predicted, verdict.runner_up)
            found["runner_up_margin"][i, numbers] = sure
    return found


def predict(machines: Machines, rule: Rule, present: tuple[int, ...], features: Rows) -> NDArray[np.int16]:
    """Give the predicted label of every row at every C, int16 (m, n)."""
    predicted = np.empty((len(machines.weights), features.shape[0]), np.int16)
    named = np.array(present, np.int16)
    for numbers in blocks_of(features.shape[0]):
        block = features.rows(numbers)
        for i in range(len(predicted)):
            verdict = rule.verdict(machines.decision_values(i, block))
            predicted[i, numbers] = named[verdict.predicted]
    return predicted


def _positions(labels: NDArray[np.integer], present: tuple[int, ...]) -> NDArray[np.intp]:
    """Give each label's position in ``present``, -1 where it has none."""
    places = np.searchsorted(present, labels)
    places[places == len(present)] = 0
    return np.where(np.array(present)[places] == labels, places, -1)


def _margin(
    rule: Rule, values: NDArray[np.float64], verdict: Verdict, true: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Give the decision value of the true class against its strongest rival."""
    rival = np.where(verdict.predicted == true, verdict.runner_up, verdict.predicted)
    known = true >= 0
    stand_in = np.where(known, true, verdict.runner_up)
    return np.where(known, rule.between(values, stand_in, rival), MARGIN_OF_ABSENT_CLASS)
