"""Retraining at another C against scikit-learn's ``SVC``, fit and predict, in one run.

``python -m benchmarks.retraining --run cifar10-inception-2015``, or with ``--train X.npy --train-labels y.npy
--test X.npy --test-labels y.npy``; without either, on planted classes of the published experiment's size.

Where the machine is busy with other things, the column of processor seconds is the one to compare: it hardly
depends on what else runs. Ours uses every processor, ``SVC`` one.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from benchmarks._fitted_run import FittedRun, add_options, fitted_run
from benchmarks._measure import Measured, measure
from pipeline.api import Setting, find_fit
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.compute import memory
from pipeline.compute.pool import processors
from pipeline.svm.gram import Gram

Labels = NDArray[np.integer]


def svc(fitted: FittedRun, C: float) -> Callable[[], Labels]:
    """Give scikit-learn's way."""
    from sklearn.svm import SVC

    train, labels, test, *_ = fitted.fit_arguments

    def fit() -> Labels:
        found: Labels = SVC(kernel="linear", C=C).fit(train, labels).predict(test)
        return found

    return fit


def ours(fitted: FittedRun, C: float, gram: Gram | None = None) -> Callable[[], Labels]:
    """Give our way, with the inner products of an earlier fit or none."""
    machine = LinearSVM(C=C, path=(C,))
    return lambda: machine.fit(*fitted.fit_arguments, gram=gram).predicted_label[0]


def look_up(fitted: FittedRun, C: float) -> Callable[[], Labels]:
    """Give the way of a C on the path: find it, and read labels, margins and runners-up."""

    def find() -> Labels:
        found = find_fit(fitted.store, fitted.run, Setting(C, "linear"))
        if found is None:
            raise LookupError(C)
        artefact, row = found
        for name in ("margin", "runner_up_label", "runner_up_margin", "train_predicted_label"):
            np.array(artefact.array(name)[row])
        return np.array(artefact.array("predicted_label")[row])

    return find


@contextmanager
def room_for(room: int) -> Iterator[None]:
    """Pretend that only so many bytes are left."""
    before = os.environ.get(memory.VARIABLE)
    os.environ[memory.VARIABLE] = str(int((memory.resident() + room) / (1 - memory.SPARE)) + 1)
    try:
        yield
    finally:
        os.environ.pop(memory.VARIABLE)
        if before is not None:
            os.environ[memory.VARIABLE] = before


def all_ways(fitted: FittedRun, C: float, rounds: int) -> Iterator[Measured]:
    """Measure every way, ``SVC`` first and once."""
    counts = np.bincount(fitted.train.labels).tolist()
    one = memory.bytes_per_pair(counts, fitted.train.features.shape[1])
    within_classes = 4 * sum(count**2 for count in counts)
    yield measure('SVC(kernel="linear")', svc(fitted, C), 1)
    with room_for(10**11):
        yield measure("ours, nothing precomputed", ours(fitted, C), rounds)
        gram = Gram()
        ours(fitted, C, gram)()
        yield measure("ours, inner products there", ours(fitted, C, gram), rounds)
        del gram
    with room_for(within_classes + one):
        yield measure("ours, little memory: pair by pair", ours(fitted, C), rounds)
    with room_for(0):
        yield measure("ours, least memory: nothing kept at all", ours(fitted, C), rounds)
    yield measure("C on the path: looked up", look_up(fitted, C), 20)


def print_table(fitted: FittedRun, C: float, rounds: int) -> None:
    """Measure and print."""
    n, d = fitted.train.features.shape
    print(
        f"{fitted.title}: {n:,} x {d:,} for training, {len(fitted.test.labels):,} to predict, C = {C:g}, ",
        end="",
    )
    print(f"{processors()} processors; median of {rounds} rounds\n")
    print(
        "| fit and predict | seconds | times faster | processor seconds | times less | labels as SVC's | accuracy |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    base: Measured | None = None
    for found in all_ways(fitted, C, rounds):
        base = base or found
        same, right = (int((found.found == labels).sum()) for labels in (base.found, fitted.test.labels))
        print(
            f"| {found.way} | {found.seconds:.3f} | {base.seconds / found.seconds:,.1f} "
            f"| {found.processor:.3f} | {base.processor / max(found.processor, 1e-6):,.1f} "
            f"| {same:,} of {len(base.found):,} | {right / len(base.found):.4f} |",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with fitted_run(options) as fitted:
        print_table(fitted, options.C, options.rounds)


if __name__ == "__main__":
    main()
