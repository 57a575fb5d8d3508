"""What the support vector machines have in common: a path over C, and the way from features to judged images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.pool import one_blas_thread
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, as_rows
from pipeline.errors import InvalidParameter
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count
from pipeline.svm.by_class import ByClass, check_labels
from pipeline.svm.gram import Gram
from pipeline.svm.judge import judge, predict
from pipeline.svm.path import ClassifierPath
from pipeline.svm.penalty import DEFAULT_PATH, check_C, check_path
from pipeline.svm.solvers.choose import Solved, facts_of_all
from pipeline.svm.training import Training, training


@dataclass(frozen=True)
class SVM:
    """Fit one-vs-one support vector machines at every C of a path."""

    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 2
    REQUIRES: ClassVar[tuple[str, ...]] = ("sklearn", "threadpoolctl")

    C: float = option(0.1, "penalty C of the SVM")
    path: tuple[float, ...] = option(
        DEFAULT_PATH, "values of C to precompute, comma-separated", flag="--penalties"
    )
    per_class: int | None = option(None, "training images a class, a random part; all without it")

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C, self.NAME))
        object.__setattr__(self, "path", check_path(self.path, self.NAME))
        if self.per_class is not None:
            check_count("per_class", self.NAME, self.per_class, 1)

    def training(self, features: NDArray[np.float32] | Rows, labels: NDArray[np.integer]) -> Training:
        """Make training rows ready for this kind of machine, whose kernel is the inner product."""
        return training(features, labels, None)

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
            Counts single SVM fits; where there are no weight vectors, then blocks of images judged.
        gram : Gram, optional
            Inner products of these very training rows, from an earlier fit of this plug-in; gets those that this
            fit may keep. Not used for a part.

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
        rows, test_rows = self.training(train, train_labels).part(self.per_class), as_rows(test)
        _check_test(rows.classes, test_rows, test_labels)
        is_part = self.per_class is not None
        found, solved = [], []
        with one_blas_thread():
            for piece in rows.pieces(self.path, progress, None if is_part else gram):
                found.append(_judged(piece.solved, rows, test_rows, test_labels, n_classes, progress))
                solved.append(replace(piece.solved, machines=()))
        return ClassifierPath(
            C=np.array(self.path),
            train_rows=rows.classes.rows() if is_part else None,
            facts={**facts_of_all(solved), "classes_present": list(rows.classes.present)},
            **{name: np.concatenate([one[name] for one in found]) for name in found[0]},
        )


def _judged(
    solved: Solved,
    rows: Training,
    test: Rows,
    test_labels: NDArray[np.integer],
    n_classes: int,
    progress: Progress,
) -> dict[str, NDArray[Any]]:
    """Give what some of the path's machines say of every image, and the machines, for all classes."""
    judging = silent if solved.machines[0].weights is not None else progress
    found = judge(solved, test, test_labels, judging)
    found["train_predicted_label"] = predict(solved, rows.rows, judging)
    machines = solved.widen(n_classes)
    found.update(intercepts=machines.intercepts, n_support=machines.n_support)
    if machines.weights is not None:
        found["weights"] = machines.weights
    return found


def _check_test(classes: ByClass, test: Rows, labels: NDArray[np.integer]) -> None:
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
