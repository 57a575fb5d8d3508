"""Many classes: the path over C and its folds against scikit-learn's ``SVC`` doing the same fits, in one run.

``python -m benchmarks.classes [--cases 40x20 1000x5] [--data-dir ../shared/data/cifar-10-batches-py]``: HOG features of
CIFAR-10, each of its classes cut along a random direction into classes of so many images. Compare processor seconds:
ours uses every processor, ``SVC`` one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._measure import measure, print_head, print_rows
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.compute.pool import one_blas_thread, processors
from pipeline.extractors.hog import Hog
from pipeline.sources.cifar10 import Cifar10
from pipeline.stages.validation import ValidationStage, stratified_folds

DATA = Path("../shared/data/cifar-10-batches-py")
CASES = ("2x500", "10x100", "40x20", "60x20", "100x20", "200x10", "1000x5")
PATH, FOLDS = (1e-3, 0.1, 10.0), 3
MANY, PATH_OF_MANY, FOLDS_OF_MANY = 500, (0.1,), 2
"""From so many classes on, SVC takes minutes a fit."""
TESTED = 500

Found = tuple[NDArray[np.integer], NDArray[np.float64]]
"""Labels of the test images, (m, n), and the accuracy of each C on each fold, (m, folds)."""


@dataclass(frozen=True)
class Case:
    """So many classes of so many images, and what is fitted to them."""

    train: NDArray[np.float32]
    labels: NDArray[np.int16]
    test: NDArray[np.float32]
    path: tuple[float, ...]
    folds: int

    def svc(self) -> Found:
        """Fit, predict both splits, and validate, as `ours` does."""
        rows = self.train.astype(np.float64)
        members = [np.flatnonzero(self.labels == label) for label in range(self.labels.max() + 1)]
        folds = stratified_folds([len(found) for found in members], self.folds, 0)
        held = [np.concatenate([m[out] for m, out in zip(members, fold, strict=True)]) for fold in folds]
        predicted, accuracy = [], []
        for C in self.path:
            machine = self._svc(C, rows, self.labels)
            machine.predict(rows)
            predicted.append(machine.predict(self.test.astype(np.float64)))
            for out in held:
                rest = np.setdiff1d(np.arange(len(rows)), out)
                machine = self._svc(C, rows[rest], self.labels[rest])
                accuracy.append(machine.score(rows[out], self.labels[out]))
        return np.array(predicted), np.reshape(accuracy, (len(self.path), self.folds))

    def _svc(self, C: float, rows: NDArray[np.float64], labels: NDArray[np.int16]) -> Any:
        from sklearn.svm import SVC

        return SVC(kernel="linear", C=C).fit(rows, labels)

    def ours(self) -> Found:
        """Fit, predict both splits, and validate."""
        k = int(self.labels.max()) + 1
        tested = np.zeros(len(self.test), np.int16)
        path = LinearSVM(path=self.path).fit(self.train, self.labels, self.test, tested, k)
        stage = ValidationStage(path=self.path, folds=self.folds)
        return path.predicted_label, stage.validate(self.train, self.labels)[0]


def cut(
    features: NDArray[np.float32], labels: NDArray[np.integer], test: NDArray[np.float32], k: int, size: int
) -> Case:
    """Cut CIFAR-10's classes into ``k`` of ``size`` images; the first ``k`` of them where ``k`` is below ten."""
    direction = np.random.default_rng(0).standard_normal(features.shape[1])
    order = np.lexsort((features @ direction, labels))
    kept = order[np.linspace(0, len(order) - 1, k * size).astype(np.intp)]
    few = k >= MANY
    path, folds = (PATH_OF_MANY, FOLDS_OF_MANY) if few else (PATH, FOLDS)
    return Case(features[kept], np.repeat(np.arange(k, dtype=np.int16), size), test[:TESTED], path, folds)


def compare(name: str, case: Case) -> None:
    """Print the two ways beside each other."""
    fits = len(case.path) * (1 + case.folds)
    ways: tuple[tuple[str, Callable[[], Found]], ...] = (("SVC", case.svc), ("ours", case.ours))
    with one_blas_thread():
        rows = [measure(way, compute) for way, compute in ways]
    labels, accuracy = rows[0].found
    found = []
    for row in rows:
        same, apart = float((row.found[0] == labels).mean()), float(np.abs(row.found[1] - accuracy).max())
        found.append(replace(row, quality=f"{same:.2%}; {100 * apart:.2f}"))
    print_rows(f"{name}: {fits} fits", found, "labels as SVC's; folds apart, points")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", nargs="+", default=CASES, help="classes x images, for example 40x20")
    parser.add_argument("--data-dir", type=Path, default=DATA)
    options = parser.parse_args()
    dataset, extract = Cifar10(data_dir=options.data_dir).load(), Hog().load()
    train, test = extract(dataset.train.images), extract(dataset.test.images[:TESTED])
    print(f"HOG features of CIFAR-10, {train.shape[1]} columns, {processors()} processors\n")
    print_head()
    for name in options.cases:
        k, size = map(int, name.split("x"))
        compare(name, cut(train, dataset.train.labels, test, k, size))


if __name__ == "__main__":
    main()
