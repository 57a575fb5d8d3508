"""Apply fitted machines to every image."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compute import memory
from pipeline.compute.pool import Counter, processors, run_all
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, blocks_of, finite
from pipeline.svm.kernel_machines import KernelMachines
from pipeline.svm.machines import Machines
from pipeline.svm.solvers.choose import Solved
from pipeline.svm.votes import Rule, Verdict

DTYPES = {
    **dict.fromkeys(("predicted_label", "runner_up_label", "votes", "runner_up_votes"), np.int16),
    **dict.fromkeys(("margin", "runner_up_margin"), np.float32),
}
MARGIN_OF_ABSENT_CLASS = -1.0
"""Margin of an image whose class the training split lacks: wrong, at the edge."""


def judge(
    solved: Solved,
    features: Rows,
    labels: NDArray[np.integer],
    progress: Progress = silent,
    *,
    part: int = 0,
    numbers: NDArray[np.intp] | None = None,
) -> dict[str, NDArray[Any]]:
    """Give labels, votes and margins of the test images at every C.

    Parameters
    ----------
    solved : Solved
        Of its machines, number ``part`` judge.
    features : Rows
        (n, d).
    labels : ndarray of int, shape (n,)
        True labels; may be of classes that the machines do not know.
    progress : Progress, optional
        Counts blocks of images.
    part : int
        Which of the machines.
    numbers : ndarray of intp, optional
        Which rows; all unless given.

    Returns
    -------
    dict of str to ndarray, shape (m, len(numbers))
        ``predicted_label``, ``runner_up_label``, ``votes``, ``runner_up_votes`` int16; ``margin``,
        ``runner_up_margin`` float32.
    """
    machines, rule, named = solved.machines[part], solved.rule, np.array(solved.present)
    wanted = np.arange(features.shape[0]) if numbers is None else numbers
    shape, true = (len(machines), len(wanted)), _positions(labels[wanted], named)
    found: dict[str, NDArray[Any]] = {name: np.empty(shape, dtype) for name, dtype in DTYPES.items()}

    def judge_block(places: NDArray[np.intp]) -> None:
        block = finite(features.rows(wanted[places]), wanted[places], "test")
        for i, values in enumerate(machines.values(block)):
            for name, column in _judged(rule, values, named, true[places]).items():
                found[name][i, places] = column

    _each_block(judge_block, machines, len(wanted), progress)
    return found


def predict(
    solved: Solved,
    features: Rows,
    progress: Progress = silent,
    *,
    part: int = 0,
    numbers: NDArray[np.intp] | None = None,
) -> NDArray[np.int16]:
    """Give the label that machines predict of rows at every C.

    Parameters
    ----------
    solved : Solved
        Of its machines, number ``part`` judge.
    features : Rows
        (n, d).
    progress : Progress, optional
        Counts blocks of images.
    part : int
        Which of the machines.
    numbers : ndarray of intp, optional
        Which rows; all unless given.

    Returns
    -------
    ndarray of int16, shape (m, len(numbers))
    """
    machines, named = solved.machines[part], np.array(solved.present, np.int16)
    wanted = np.arange(features.shape[0]) if numbers is None else numbers
    predicted = np.empty((len(machines), len(wanted)), np.int16)

    def predict_block(places: NDArray[np.intp]) -> None:
        for i, values in enumerate(machines.values(features.rows(wanted[places]))):
            predicted[i, places] = named[solved.rule.verdict(values).predicted]

    _each_block(predict_block, machines, len(wanted), progress)
    return predicted


def _each_block(
    act: Callable[[NDArray[np.intp]], None], machines: Machines | KernelMachines, n: int, progress: Progress
) -> None:
    """Let blocks of ``n`` rows be judged side by side, as many as the memory holds; each writes its own columns."""
    bytes_each = 2 * 8 * machines.rows_at_once * machines.intercepts.shape[1]

    def work(numbers: NDArray[np.intp], counter: Counter) -> None:
        act(numbers)
        counter.step()

    tasks = [partial(work, numbers) for numbers in blocks_of(n, machines.rows_at_once)]
    run_all(
        tasks,
        threads=memory.threads(processors(), bytes_each),
        total=len(tasks),
        what="blocks judged",
        progress=progress,
    )


def _positions(labels: NDArray[np.integer], present: NDArray[np.integer]) -> NDArray[np.intp]:
    """Give each label's position in ``present``, -1 where it has none."""
    places = np.searchsorted(present, labels)
    places[places == len(present)] = 0
    return np.where(present[places] == labels, places, -1)


def _judged(
    rule: Rule, values: NDArray[np.float64], named: NDArray[np.integer], true: NDArray[np.intp]
) -> dict[str, NDArray[Any]]:
    """Give what decision values say of rows whose true classes are at the positions ``true``."""
    verdict = rule.verdict(values)
    return {
        "predicted_label": named[verdict.predicted],
        "runner_up_label": named[verdict.runner_up],
        "votes": verdict.votes,
        "runner_up_votes": verdict.runner_up_votes,
        "margin": _margin(rule, values, verdict, true),
        "runner_up_margin": rule.between(values, verdict.predicted, verdict.runner_up),
    }


def _margin(
    rule: Rule, values: NDArray[np.float64], verdict: Verdict, true: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Give the decision value of the true class against its strongest rival."""
    rival = np.where(verdict.predicted == true, verdict.runner_up, verdict.predicted)
    known = true >= 0
    stand_in = np.where(known, true, verdict.runner_up)
    return np.where(known, rule.between(values, stand_in, rival), MARGIN_OF_ABSENT_CLASS)
