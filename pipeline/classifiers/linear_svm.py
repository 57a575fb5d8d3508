"""A linear support vector machine: scikit-learn's ``SVC(kernel="linear")``, along a path over C."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline import memory
from pipeline.classifiers._by_class import ByClass, group_by_class
from pipeline.classifiers._gram import Gram
from pipeline.classifiers._judge import judge, predict
from pipeline.classifiers._one_vs_one import Machines, fit_pairs
from pipeline.classifiers._path import ClassifierPath
from pipeline.classifiers._rows import Rows, as_rows
from pipeline.classifiers._votes import PairVotes, Rule
from pipeline.parameters import reject
from pipeline.progress import Progress, silent

DIGITS = 12
"""Significant digits of C that count: 10**-1.0 and 0.1 are one value."""


def round_C(C: float) -> float:
    """Give C with ``DIGITS`` significant digits."""
    return float(f"{C:.{DIGITS}g}")


def check_C(C: Any, name: str = "C") -> float:
    """Give a penalty with ``DIGITS`` significant digits.

    Raises
    ------
    InvalidParameter
        If it is not a finite number above 0.
    """
    good = isinstance(C, int | float | np.number) and not isinstance(C, bool)
    if not good or not math.isfinite(C) or round_C(C) <= 0:
        raise reject(name, "linear-svm", "a finite number above 0", C)
    return round_C(C)


DEFAULT_PATH = tuple(round_C(10 ** (-4 + i / 2)) for i in range(13))


@dataclass(frozen=True)
class LinearSVM:
    """Fit one-vs-one support vector machines at every C of a path.

    Parameters
    ----------
    C : float
        The penalty the run is about.
    path : sequence of float
        Penalties to fit, ascending once they are here; 1e-4 to 1e2 in half decades unless given.

    Raises
    ------
    InvalidParameter
        If a penalty is not a finite number above 0.
    """

    VERSION: ClassVar[int] = 1
    SUMMARY: ClassVar[str] = "linear SVM, one against one, exactly scikit-learn's SVC"
    REQUIRES: ClassVar[tuple[str, ...]] = ("sklearn", "threadpoolctl")

    C: float = field(default=0.1, metadata={"help": "penalty C of the SVM", "flag": "--C"})
    path: tuple[float, ...] = field(
        default=DEFAULT_PATH,
        metadata={"help": "values of C to precompute, comma-separated", "flag": "--path"},
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C))
        path = sorted({check_C(C, "path") for C in self.path})
        if not path:
            raise reject("path", "linear-svm", "at least one value of C", self.path)
        object.__setattr__(self, "path", tuple(path))

    def identity(self) -> dict[str, Any]:
        """Give what changes the result: the path. ``C`` only chooses from it."""
        return {"path": list(self.path)}

    def fit(
        self,
        train: NDArray[np.float32] | Rows,
        train_labels: NDArray[np.integer],
        test: NDArray[np.float32] | Rows,
        test_labels: NDArray[np.integer],
        n_classes: int,
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
    ) -> ClassifierPath:
        """Fit the path and judge the test images.

        Parameters
        ----------
        train, test : ndarray of float32, shapes (n_train, d), (n_test, d)
            Features. A memory map of a file is read a few rows at a time.
        train_labels, test_labels : ndarray of int, shapes (n_train,), (n_test,)
            Labels, 0 to ``n_classes`` - 1.
        n_classes : int
            Number of classes ``k``; the training split may lack some.
        progress : Progress, optional
            Counts single SVM fits.
        gram : Gram, optional
            Inner products of these very training rows from an earlier fit; gets those that this fit may keep.

        Returns
        -------
        ClassifierPath
            With one row per value in ``path``.

        Raises
        ------
        InvalidParameter
            If fewer than two classes occur, or a feature is not finite.
        Cancelled
            If ``progress`` raises it.
        """
        classes = group_by_class(as_rows(train), train_labels)
        test_rows = as_rows(test)
        machines = self._fit(classes, gram or Gram(), progress)
        rule = PairVotes(len(classes.present))
        found = judge(machines, rule, classes.present, test_rows, test_labels)
        found["train_predicted_label"] = predict(machines, rule, classes.present, classes.features)
        machines = widen(machines, rule, n_classes, classes.present)
        facts = {"solver": "libsvm, one-vs-one", "classes_present": list(classes.present)}
        return ClassifierPath(
            C=np.array(self.path),
            weights=machines.weights,
            intercepts=machines.intercepts,
            n_support=machines.n_support,
            facts=facts,
            **found,
        )

    def _fit(self, classes: ByClass, gram: Gram, progress: Progress) -> Machines:
        threads = plan_memory(classes, gram)
        return fit_pairs(classes, self.path, gram, threads=threads, progress=progress)[0]

    def write(
        self,
        draft: Draft,
        dataset: Artefact,
        features: Artefact,
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
    ) -> None:
        """Fit on the arrays of a ``dataset`` and a ``features`` artefact, and write the result to ``draft``.

        Parameters and errors as `fit`.
        """
        result = self.fit(
            features.array("train"),
            dataset.array("train_labels", mmap=False),
            features.array("test"),
            dataset.array("test_labels", mmap=False),
            len(dataset.manifest.facts["class_names"]),
            progress,
            gram=gram,
        )
        for name, array in result.arrays().items():
            draft.save(name, array)
        draft.facts.update(result.facts)


def plan_memory(classes: ByClass, gram: Gram) -> int:
    """Tell ``gram`` what to keep, and give how many pairs to solve side by side."""
    import sklearn.svm  # noqa: F401  # its own memory has to be there before what is left is measured

    available = memory.budget() - memory.resident() + gram.nbytes
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    strategy = memory.decide(available, classes.counts, classes.features.shape[1], cores)
    gram.keep(pairs=strategy.keep_pairs, diagonal=strategy.keep_diagonal)
    return strategy.threads


def widen(machines: Machines, rule: Rule, n_classes: int, present: Sequence[int]) -> Machines:
    """Give weight vectors for all classes, with stand-ins for those the training split lacks."""
    if len(present) == n_classes:
        return machines
    places, absent = rule.widen(n_classes, tuple(present))
    m, _, d = machines.weights.shape
    weights = np.zeros((m, len(absent), d), np.float32)
    intercepts = np.tile(absent, (m, 1))
    n_support = np.zeros((m, len(absent)), np.int32)
    weights[:, places] = machines.weights
    intercepts[:, places] = machines.intercepts
    n_support[:, places] = machines.n_support
    return Machines(weights, intercepts, n_support)


PLUGIN = LinearSVM
