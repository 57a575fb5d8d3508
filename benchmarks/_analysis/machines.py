"""Support vector machines beside scikit-learn's ``SVC``: a retraining, a C on the path, a kernel, validation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._analysis.data import Data
from benchmarks._analysis.drag import steps
from benchmarks._analysis.redraw import redraws
from benchmarks._measure import Measured, measure, print_rows
from cache import open_store
from dashboard.run.data import RunData
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.stages.learning import DEFAULT_SIZES, LearningCurveStage
from pipeline.stages.separability import SeparabilityStage
from pipeline.stages.validation import ValidationStage, stratified_folds
from pipeline.svm.gram import Gram
from pipeline.svm.penalty import DEFAULT_PATH

LINEAR_C, KERNEL_C = 0.1, 10.0
LOOKS = 5
"""How often each C of the path is looked up."""


def retraining(data: Data) -> None:
    """Fit the linear machine and predict."""
    _beside_svc(data, "Retraining, linear, fit and predict", LINEAR_C, LinearSVM, kernel="linear")


def kernel(data: Data) -> None:
    """Fit an RBF kernel and predict."""
    _beside_svc(data, 'RBF kernel, gamma "scale", fit and predict', KERNEL_C, RBFSVM)


def _beside_svc(data: Data, title: str, C: float, plugin: Any, **parameters: Any) -> None:
    from sklearn.svm import SVC

    def theirs() -> NDArray[np.int16]:
        machine = SVC(C=C, **parameters).fit(data.train, data.train_labels)
        found: NDArray[np.int16] = machine.predict(data.test)
        return found

    gram, machine = Gram(), plugin(C=C, path=(C,))

    def ours() -> NDArray[np.int16]:
        found: NDArray[np.int16] = machine.fit(*data.fit_arguments, gram=gram).predicted_label[0]
        return found

    ways = (
        measure("scikit-learn's SVC", theirs),
        measure("ours, nothing precomputed", ours),
        measure("ours, warm: inner products there", ours, rounds=3),
    )
    rows = []
    for way in ways:
        same, right = int((way.found == ways[0].found).sum()), float((way.found == data.test_labels).mean())
        rows.append(replace(way, quality=f"{same:,} of {len(data.test):,}; {right:.4f}"))
    print_rows(f"{title}, C = {C:g}", rows, "labels as SVC's; accuracy")


def path(data: Data) -> None:
    """Look a C of the path up: to its numbers, and to the redrawn page in a browser."""
    if data.run is None:
        print("| *a C on the path: needs --run* | | | | | |")
        return
    store, name = open_store(), data.run
    Cs = RunData(store, name).settings.path.array("C").tolist()
    looks = iter([*Cs, LINEAR_C] * LOOKS)
    found = measure(
        "to its numbers", lambda: _numbers(RunData(store, name), next(looks)), rounds=LOOKS * (len(Cs) + 1)
    )
    rows = [replace(found, quality=f"{found.found:.4f} at C = {LINEAR_C:g}"), *_on_pages(name, Cs)]
    title = "A C on the path; medians, and of pages the server's processor seconds"
    print_rows(title, rows, "accuracy; one in ten is slower than", compare=False)


def _numbers(run: RunData, C: float) -> float:
    """Read all that a page says of a classifier; give its accuracy."""
    said = run.predictions(run.settings.own.at(C))
    if said is None:
        raise LookupError(C)
    for name in ("runner_up", "votes", "runner_up_votes", "margin", "runner_up_margin", "train_accuracy"):
        getattr(said, name)
    return said.accuracy


def _on_pages(name: str, Cs: list[float]) -> Iterator[Measured]:
    for page in redraws(name, Cs):
        for what, seconds in (
            ("new numbers on the screen", page.numbers),
            ("last change of all", page.whole),
        ):
            way, slow = f"page {page.page} in a browser: {what}", float(np.quantile(seconds, 0.9))
            yield Measured(way, float(np.median(seconds)), page.processor, None, f"{1000 * slow:.0f} ms")
    found = steps(name)
    way, slow = "a step of the thumb in a browser, no script", float(np.quantile(found, 0.95))
    yield Measured(
        way, float(np.median(found)), 0, None, f"{1000 * slow:.0f} ms in 5 of 100, {len(found)} steps"
    )


def validation(data: Data) -> None:
    """Cross-validate over the path of C."""
    from sklearn.svm import SVC

    held = _first_fold(data)
    rest = np.setdiff1d(np.arange(len(data.train)), held)

    def theirs() -> float:
        machine = SVC(kernel="linear", C=LINEAR_C).fit(data.train[rest], data.train_labels[rest])
        return float(machine.score(data.train[held], data.train_labels[held]))

    def ours() -> NDArray[np.float64]:
        return ValidationStage().validate(data.train, data.train_labels)[0]

    one, all_ = measure("SVC, one fold at one C", theirs), measure("ours, 5 folds at 13 values of C", ours)
    same = float(all_.found[DEFAULT_PATH.index(LINEAR_C), 0])
    fits = 5 * len(DEFAULT_PATH)
    whole = replace(
        one,
        way=f"SVC, all {fits}: extrapolated, as if each took as long",
        seconds=fits * one.seconds,
        processor=fits * one.processor,
        quality="not measured",
    )
    rows = [whole, replace(one, quality=f"{one.found:.4f}"), replace(all_, quality=f"{same:.4f}")]
    print_rows("Cross-validation, linear", rows, f"accuracy on the first fold at C = {LINEAR_C:g}")


def _first_fold(data: Data) -> NDArray[np.intp]:
    members = [np.flatnonzero(data.train_labels == label) for label in np.unique(data.train_labels)]
    fold = stratified_folds([len(rows) for rows in members], 5, 0)[0]
    return np.concatenate([rows[part] for rows, part in zip(members, fold, strict=True)])


def curves(data: Data) -> None:
    """Measure a learning curve and the separability of all pairs, with inner products kept from a fit."""
    *arguments, k = data.fit_arguments
    gram = Gram()
    LinearSVM(path=(1.0,)).fit(*arguments, k, gram=gram)
    learning = measure(
        f"learning curve, {len(DEFAULT_SIZES)} sizes, 5 seeds",
        lambda: LearningCurveStage(LINEAR_C).measure(*arguments, gram=gram)[0],
    )
    pairs = measure(
        "separability of all pairs, 5 folds",
        lambda: SeparabilityStage(LINEAR_C).measure(data.train, data.train_labels, k, gram=gram)[0],
    )
    accuracy = ", ".join(f"{value:.3f}" for value in learning.found.mean(axis=1))
    rows = [
        replace(learning, quality=f"accuracy {accuracy}"),
        replace(pairs, quality=f"largest error {np.nanmax(pairs.found):.3f}"),
    ]
    print_rows(
        "Computed live, with the inner products of a fit",
        rows,
        "accuracy by size; of the hardest pair",
        compare=False,
    )
