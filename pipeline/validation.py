"""Choose C without the test split: accuracy on held-out folds of the training split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from pipeline.classifiers._by_class import ByClass, Subset, group_by_class
from pipeline.classifiers._gram import Gram
from pipeline.classifiers._kernels import check_gamma, facts_of, rbf
from pipeline.classifiers._penalty import DEFAULT_PATH, check_path
from pipeline.classifiers._solver import Solved, solve
from pipeline.errors import InvalidParameter
from pipeline.parameters import check_count
from pipeline.progress import Progress, silent
from pipeline.rows import Rows, as_rows


@dataclass(frozen=True)
class ValidationStage:
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

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.

    References
    ----------
    Kohavi (1995), "A study of cross-validation and bootstrap for accuracy estimation", IJCAI 14:1137-1143.
    """

    NAME: ClassVar[str] = "k-fold"
    VERSION: ClassVar[int] = 1

    path: tuple[float, ...] = DEFAULT_PATH
    folds: int = 5
    seed: int = 0
    gamma: float | str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", check_path(self.path, "validation"))
        check_count("folds", "validation", self.folds, 2, 100)
        check_count("seed", "validation", self.seed, 0, 2**32 - 1)
        if self.gamma is not None:
            object.__setattr__(self, "gamma", check_gamma(self.gamma, "validation"))

    def identity(self) -> dict[str, Any]:
        """Give what changes the result."""
        kernel = {} if self.gamma is None else {"gamma": self.gamma}
        return {"path": list(self.path), "folds": self.folds, "seed": self.seed, **kernel}

    def validate(
        self,
        features: NDArray[np.float32] | Rows,
        labels: NDArray[np.integer],
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
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
            Inner products of these very rows from an earlier call for the same kind of kernel.

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
        rows = as_rows(features)
        kernel = None if self.gamma is None else rbf(rows, self.gamma)
        classes = group_by_class(kernel.centred if kernel else rows, labels)
        held_out = stratified_folds(classes.counts, self.folds, self.seed)
        trained = [[~part for part in fold] for fold in held_out]
        solved = solve(classes, self.path, progress, gram, trained, kernel)
        judged = replace(classes, features=rows)
        return _accuracy(judged, held_out, solved, len(self.path)), {**solved.facts, **facts_of(kernel)}

    def write(
        self,
        draft: Draft,
        dataset: Artefact,
        features: Artefact,
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
    ) -> None:
        """Validate on the arrays of a ``dataset`` and a ``features`` artefact, and write to ``draft``.

        Parameters and errors as `validate`.
        """
        labels = dataset.array("train_labels", mmap=False)
        accuracy, facts = self.validate(features.array("train"), labels, progress, gram=gram)
        draft.save("C", np.array(self.path))
        draft.save("accuracy", accuracy)
        draft.facts.update(facts, folds=self.folds, seed=self.seed)


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
            remedy="a larger --limit",
        )
    owners, begin = [], 0
    for count in counts:
        places = (begin + rng.permutation(count)) % folds
        owners.append(places if count > 1 else np.full(count, -1))
        begin += count if count > 1 else 0
    return [[owner == fold for owner in owners] for fold in range(folds)]


def _accuracy(classes: ByClass, held_out: list[Subset], solved: Solved, m: int) -> NDArray[np.float64]:
    """Count the right predictions of each fold's machines on the rows it held out."""
    right = np.zeros((m, len(held_out)))
    total = np.zeros(len(held_out))
    for c in range(len(classes.present)):
        rows = classes.block(c)
        for f, (fold, machines) in enumerate(zip(held_out, solved.machines, strict=True)):
            block = rows[fold[c]]
            total[f] += len(block)
            for i, values in enumerate(machines.values(block)):
                right[i, f] += int((solved.rule.verdict(values).predicted == c).sum())
    return right / total
