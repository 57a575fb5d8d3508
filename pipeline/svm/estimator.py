"""What the support vector machines have in common: a path over C, and the way from features to judged images."""

from __future__ import annotations

from collections.abc import Sequence
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
from pipeline.svm.judge import DTYPES, judge, predict
from pipeline.svm.out_of_fold import Folds, plan, used
from pipeline.svm.path import ClassifierPath
from pipeline.svm.penalty import DEFAULT_PATH, check_C, check_path
from pipeline.svm.solvers.choose import facts_of_all
from pipeline.svm.training import Piece, Training, training


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
        folds: Folds | None = None,
    ) -> ClassifierPath:
        """Fit the path and judge the test images, each by machines that have not seen it.

        Parameters
        ----------
        train, test : ndarray of float32, shapes (n_train, d), (n_test, d)
            Features; of the store, a few rows are read at a time.
        train_labels, test_labels : ndarray of int, shapes (n_train,), (n_test,)
            Labels, 0 to ``n_classes`` - 1.
        n_classes : int
            Number of classes ``k``; the training split may lack some.
        progress : Progress, optional
            Counts single SVM fits; where there are no weight vectors, then blocks of images judged.
        gram : Gram, optional
            Inner products of these very training rows, from an earlier fit of this plug-in; gets those that this
            fit may keep. Not used for a part.
        folds : Folds, optional
            Where test images are training images, too: which parts of these are left out in turn.

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
        rows, test_rows = self.training(train, train_labels), as_rows(test)
        _check_test(rows.classes, test_rows, test_labels)
        is_part = self.per_class is not None
        todo = plan(rows.classes, len(test_labels), folds, self.per_class)
        classes, parts = used(rows.classes, todo.parts) if is_part else (rows.classes, todo.parts)
        rows, kept = replace(rows, classes=classes), None if is_part else gram
        found, solved = _Found(len(self.path), test_rows, test_labels, n_classes), []
        with one_blas_thread():
            for piece in rows.pieces(self.path, progress, kept, parts):
                found.take(piece, rows, todo.judged, progress)
                solved.append(replace(piece.solved, machines=()))
        return ClassifierPath(
            np.array(self.path),
            train_rows=classes.only(parts[0]).rows() if is_part else None,
            facts={**facts_of_all(solved), "classes_present": list(classes.present)},
            **found.arrays(),
        )


class _Found:
    """Gather what machines say of every image, and what those fitted to all of the training images are."""

    def __init__(self, m: int, test: Rows, labels: NDArray[np.integer], n_classes: int) -> None:
        self._test, self._labels, self._n_classes = test, labels, n_classes
        self._said: dict[str, NDArray[Any]] = {
            name: np.empty((m, len(labels)), dtype) for name, dtype in DTYPES.items()
        }
        self._of_all: dict[str, list[NDArray[Any]]] = {}

    def take(
        self, piece: Piece, rows: Training, judged: Sequence[NDArray[np.intp]], progress: Progress
    ) -> None:
        """Let some of the machines judge."""
        solved = piece.solved
        judging = silent if solved.machines[0].weights is not None else progress
        for part, number in enumerate(piece.parts):
            said = judge(solved, self._test, self._labels, judging, part=part, numbers=judged[number])
            for name, values in said.items():
                self._said[name][piece.Cs, judged[number]] = values
        if piece.parts[0] == 0:
            machines = solved.widen(self._n_classes)
            self._note("train_predicted_label", predict(solved, rows.rows, judging))
            self._note("intercepts", machines.intercepts)
            self._note("n_support", machines.n_support)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give all of it by name."""
        return {**self._said, **{name: np.concatenate(parts) for name, parts in self._of_all.items()}}

    def _note(self, name: str, values: NDArray[Any]) -> None:
        self._of_all.setdefault(name, []).append(values)


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
