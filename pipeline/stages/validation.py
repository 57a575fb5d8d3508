"""Choose C without the test split: accuracy on held-out folds of the training split, its own where it has some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from pipeline.compute.pool import one_blas_thread
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows
from pipeline.errors import InvalidParameter
from pipeline.plugins.parameters import check_count
from pipeline.stages.contract import Inputs, MachineStage
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.svm.by_class import MORE_IMAGES, Subset
from pipeline.svm.gram import Gram
from pipeline.svm.judge import predict
from pipeline.svm.kernels import check_kernel
from pipeline.svm.out_of_fold import Folds, drawn, used, without
from pipeline.svm.penalty import DEFAULT_PATH, check_path
from pipeline.svm.solvers.choose import facts_of_all
from pipeline.svm.training import Training, training


@dataclass(frozen=True)
class ValidationStage(MachineStage):
    """Measure accuracy on stratified folds of the training split, at every C of a path.

    Parameters
    ----------
    path : sequence of float
        Penalties.
    folds : int
        Parts the training split is cut into; each is held out once.
    seed : int
        Seed of the cut.
    gamma : float or "scale", optional
        Of the radial basis function kernel, the same in every fold; linear without it.
    per_class : int, optional
        Training images a class that are cut into folds, a random part; all without it.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.

    References
    ----------
    Kohavi (1995), "A study of cross-validation and bootstrap for accuracy estimation", IJCAI 14:1137-1143.
    """

    STAGE: ClassVar[str] = "validation"
    NAME: ClassVar[str] = "k-fold"
    VERSION: ClassVar[int] = 2
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")
    TELLING: ClassVar[tuple[str, ...] | None] = ("gamma", "per_class")

    path: tuple[float, ...] = DEFAULT_PATH
    folds: int = 5
    seed: int = 0
    gamma: float | str | None = None
    per_class: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", check_path(self.path, "validation"))
        check_count("folds", "validation", self.folds, 2, 100)
        check_count("seed", "validation", self.seed, 0, 2**32 - 1)
        object.__setattr__(self, "gamma", check_kernel(self.gamma, "validation"))
        if self.per_class is not None:
            check_count("per_class", "validation", self.per_class, 1)

    def validate(
        self,
        features: NDArray[np.float32] | Rows,
        labels: NDArray[np.integer],
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
        own: Folds | None = None,
    ) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Fit all folds but one, and count the right predictions in that one.

        Parameters
        ----------
        features : ndarray of float32, shape (n, d)
            Features of the training split.
        labels : ndarray of int, shape (n,)
            Its labels.
        progress : Progress, optional
            Counts single SVM fits.
        gram : Gram, optional
            Inner products of these very rows from an earlier call for the same kind of kernel. Not used for a part.
        own : Folds, optional
            Of the training split, which is not cut then: those keep near-duplicates together.

        Returns
        -------
        accuracy : ndarray of float64, shape (m, folds)
            Share of right predictions in each held-out fold, at each C.
        facts : dict
            ``solver``, ``solver_note``; with a kernel ``kernel`` and ``gamma``.

        Raises
        ------
        InvalidParameter
            If there are fewer than two classes, or not one image a fold that can be held out.
        Cancelled
            If ``progress`` raises it.
        """
        rows, held, parts = self._cut(training(features, labels, self.gamma), own)
        kept = gram if self.per_class is None else None
        accuracy, solved = np.empty((len(self.path), len(held))), []
        with one_blas_thread():
            for piece in rows.pieces(self.path, progress, kept, parts):
                for part, f in enumerate(piece.parts):
                    right = predict(piece.solved, rows.rows, part=part, numbers=held[f]) == labels[held[f]]
                    accuracy[piece.Cs, f] = right.mean(axis=1)
                solved.append(replace(piece.solved, machines=()))
        return accuracy, facts_of_all(solved)

    def _cut(
        self, rows: Training, own: Folds | None
    ) -> tuple[Training, list[NDArray[np.intp]], list[Subset]]:
        """Give the rows, those that are held out of each fold, and the part that is fitted without them."""
        if own is None:
            rows = rows.part(self.per_class)
            folds = stratified_folds(rows.classes.counts, self.folds, self.seed)
            return rows, [_numbers(rows, fold) for fold in folds], without(folds)
        parts = [drawn(rows.classes, self.per_class, fold) for fold in own.held_out(rows.classes)]
        classes, parts = used(rows.classes, parts)
        return (
            replace(rows, classes=classes),
            [np.flatnonzero(own.train == name) for name in own.names],
            parts,
        )

    def compute(
        self, draft: Draft, inputs: Inputs, progress: Progress = silent, *, gram: Gram | None = None
    ) -> None:
        """Validate a run's features, and write the accuracies; errors as `validate`."""
        dataset = inputs["dataset"]
        features, labels = (
            features_of(inputs["features"], dataset, "train"),
            dataset.array("train_labels"),
        )
        accuracy, facts = self.validate(features, labels, progress, gram=gram, own=folds_of(dataset))
        draft.save("C", np.array(self.path))
        draft.save("accuracy", accuracy)
        draft.facts.update(facts, folds=accuracy.shape[1], seed=self.seed)


def stratified_folds(counts: Sequence[int], folds: int, seed: int) -> list[Subset]:
    """Deal each class's rows to folds, at random and evenly.

    Parameters
    ----------
    counts : sequence of int
        Rows of each class.
    folds : int
        Number of folds.
    seed : int
        Seed of the shuffle.

    Returns
    -------
    list of Subset
        The rows held out in each fold. Every row is held out once, but for a class's only row: without it
        the class could not be learnt.

    Raises
    ------
    InvalidParameter
        If there are fewer rows to hold out than folds.
    """
    rng = np.random.default_rng(seed)
    dealt = sum(count for count in counts if count > 1)
    if dealt < folds:
        raise InvalidParameter(
            f"{folds}-fold validation must have at least {folds} training images in classes of two or more. "
            f"Got {dealt}.",
            remedy=MORE_IMAGES,
        )
    owners, begin = [], 0
    for count in counts:
        places = (begin + rng.permutation(count)) % folds
        owners.append(places if count > 1 else np.full(count, -1))
        begin += count if count > 1 else 0
    return [[owner == fold for owner in owners] for fold in range(folds)]


def _numbers(rows: Training, fold: Subset) -> NDArray[np.intp]:
    return rows.classes.only(fold).rows().astype(np.intp)
