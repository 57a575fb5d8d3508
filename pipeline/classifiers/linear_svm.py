"""A linear support vector machine: scikit-learn's ``SVC(kernel="linear")``, along a path over C."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline.classifiers._by_class import ByClass, check_labels, group_by_class
from pipeline.classifiers._gram import Gram
from pipeline.classifiers._judge import judge, predict
from pipeline.classifiers._path import ClassifierPath
from pipeline.classifiers._solver import solve
from pipeline.errors import InvalidParameter
from pipeline.parameters import reject
from pipeline.pool import one_blas_thread
from pipeline.progress import Progress, silent
from pipeline.rows import Rows, as_rows

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


def check_path(path: Any) -> tuple[float, ...]:
    """Give penalties in ascending order, each once.

    Raises
    ------
    InvalidParameter
        If there is none, or one is not a finite number above 0.
    """
    if isinstance(path, str) or not isinstance(path, Iterable):
        raise reject("path", "linear-svm", "a sequence of numbers above 0", path)
    checked = tuple(sorted({check_C(C, "path") for C in path}))
    if not checked:
        raise reject("path", "linear-svm", "at least one number above 0", path)
    return checked


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
        object.__setattr__(self, "path", check_path(self.path))

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
            If fewer than two classes occur, the shapes do not fit together, or a feature is not finite.
        Cancelled
            If ``progress`` raises it.
        """
        classes, test_rows = group_by_class(as_rows(train), train_labels), as_rows(test)
        check_test(classes, test_rows, test_labels)
        present = classes.present
        with one_blas_thread():
            solved = solve(classes, self.path, progress, gram)
            machines, rule = solved.machines[0], solved.rule
            found = judge(machines, rule, present, test_rows, test_labels)
            found["train_predicted_label"] = predict(machines, rule, present, classes.features)
        machines = machines.widen(rule, n_classes, present)
        return ClassifierPath(
            C=np.array(self.path),
            weights=machines.weights,
            intercepts=machines.intercepts,
            n_support=machines.n_support,
            facts={**solved.facts, "classes_present": list(present)},
            **found,
        )

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


def check_test(classes: ByClass, test: Rows, labels: NDArray[np.integer]) -> None:
    """Check that the test split fits its labels and the training split.

    Raises
    ------
    InvalidParameter
        If it does not.
    """
    check_labels(test, labels, "test")
    if test.shape[1] != classes.features.shape[1]:
        raise InvalidParameter(
            f"Features of the test split must have {classes.features.shape[1]} columns, like those of the "
            f"training split. Got {test.shape[1]}."
        )


PLUGIN = LinearSVM
