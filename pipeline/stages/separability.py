"""How well pairs of classes come apart in feature space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows
from pipeline.plugins.parameters import check_count
from pipeline.stages.contract import Inputs, MachineStage
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.stages.validation import stratified_folds
from pipeline.svm.by_class import Subset
from pipeline.svm.gram import Gram
from pipeline.svm.kernel_machines import VALUES_AT_ONCE
from pipeline.svm.kernels import check_kernel
from pipeline.svm.out_of_fold import Folds, without
from pipeline.svm.penalty import check_C
from pipeline.svm.solvers.choose import Solved, facts_of_all, fits_at_once, require_memory
from pipeline.svm.training import Training, training

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class SeparabilityStage(MachineStage):
    """Cross-validate the machine of each pair of classes on images of these two alone.

    Parameters
    ----------
    C : float
        Penalty.
    folds, seed : int
        As `pipeline.stages.validation.ValidationStage`.
    gamma : float or "scale", optional
        Of the radial basis function kernel, the same in every fold; linear without it.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.
    """

    STAGE: ClassVar[str] = "separability"
    NAME: ClassVar[str] = "pairs"
    VERSION: ClassVar[int] = 2
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features", "neighbours")

    C: float
    folds: int = 5
    seed: int = 0
    gamma: float | str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C, "separability"))
        check_count("folds", "separability", self.folds, 2, 100)
        check_count("seed", "separability", self.seed, 0, 2**32 - 1)
        object.__setattr__(self, "gamma", check_kernel(self.gamma, "separability"))

    def measure(
        self,
        features: NDArray[np.float32] | Rows,
        labels: NDArray[np.integer],
        n_classes: int,
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
        own: Folds | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.float32], dict[str, Any]]:
        """Fit all folds but one, and let each pair's machine judge the held-out images of its two classes.

        Parameters
        ----------
        features : ndarray of float32, shape (n, d)
            Features of the training split.
        labels : ndarray of int, shape (n,)
            Its labels.
        n_classes : int
            Number of classes ``k``; the training split may lack some.
        progress : Progress, optional
            Counts single SVM fits.
        gram : Gram, optional
            Inner products of these very rows, from an earlier fit with the same kind of kernel.
        own : Folds, optional
            Of the training split, which is not cut then.

        Returns
        -------
        error : ndarray of float64, shape (k, k)
            Of the held-out images of the row's and the column's class, the share on the wrong side of the
            hyperplane between them. Symmetric; NaN on the diagonal and where a class is missing.
        margin : ndarray of float32, shape (k, k, 5)
            Of the held-out images of the row's class, ``QUANTILES`` of the decision value against the column's
            class: negative is the wrong side. NaN as above.
        facts : dict
            ``solver``, ``solver_note``; with a kernel ``kernel`` and ``gamma``.

        Raises
        ------
        InvalidParameter
            If there are fewer than two classes, or not one image a fold that can be held out.
        SourceError
            If there is too little memory for so many classes.
        Cancelled
            If ``progress`` raises it.
        """
        rows, solved = training(features, labels, self.gamma), []
        classes = rows.classes
        require_memory(classes, 8 * sum(classes.counts) * len(classes.present))
        folds = (
            stratified_folds(classes.counts, self.folds, self.seed) if own is None else own.held_out(classes)
        )
        values: list[list[NDArray[np.float64]]] = [[] for _ in classes.present]
        for numbers, found in _fitted(rows, without(folds), self.C, progress, gram):
            for part, number in enumerate(numbers):
                for c, members in enumerate(classes.members):
                    block = rows.rows.rows(members[folds[number][c]])
                    values[c].append(_against(block, classes.present, c, found, part))
            solved.append(replace(found, machines=()))
            del found  # before the next are fitted
        of_class = [np.concatenate(values.pop(0)) for _ in classes.present]
        return *_tables(of_class, classes.present, n_classes), facts_of_all(solved)

    def compute(
        self, draft: Draft, inputs: Inputs, progress: Progress = silent, *, gram: Gram | None = None
    ) -> None:
        """Measure a run's features and neighbours, and write the tables; errors as `measure`."""
        dataset, features, neighbours = (inputs[name] for name in self.INPUTS)
        k = len(dataset.manifest.facts["class_names"])
        train_labels, own = dataset.array("train_labels"), folds_of(dataset)
        error, margin, facts = self.measure(
            features_of(features, dataset, "train"), train_labels, k, progress, gram=gram, own=own
        )
        labels = dataset.array("test_labels")
        draft.save("error", error)
        draft.save("margin", margin)
        draft.save("neighbours", neighbour_classes(neighbours.array("indices"), labels, k))
        folds = self.folds if own is None else len(own.names)
        draft.facts.update(facts, C=self.C, folds=folds, quantiles=list(QUANTILES))


def neighbour_classes(
    indices: NDArray[np.int32], labels: NDArray[np.integer], n_classes: int
) -> NDArray[np.float64]:
    """Give the share of each class among the nearest images of each class.

    Parameters
    ----------
    indices : ndarray of int32, shape (n, neighbours)
        Nearest rows of each row.
    labels : ndarray of int, shape (n,)
        Labels of the rows.
    n_classes : int
        Number of classes.

    Returns
    -------
    ndarray of float64, shape (k, k)
        Rows sum to 1; the diagonal is the purity. NaN in the row of a class without images.
    """
    pairs = labels[:, np.newaxis].astype(np.intp) * n_classes + labels[indices]
    counts = np.bincount(pairs.ravel(), minlength=n_classes**2).reshape(n_classes, n_classes)
    with np.errstate(invalid="ignore"):
        shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _fitted(
    rows: Training, parts: Sequence[Subset], C: float, progress: Progress, gram: Gram | None
) -> Iterator[tuple[list[int], Solved]]:
    """Fit parts of the rows, as many at a time as memory holds: of a thousand classes each is 40 MB and more."""
    for numbers, own, theirs in rows.by_classes(parts):
        some = fits_at_once(own.classes, own.kernel)
        for start in range(0, len(theirs), some):
            kept = gram if own is rows else None
            yield numbers[start : start + some], own.fit((C,), progress, kept, theirs[start : start + some])


def _against(
    block: NDArray[np.float32], present: Sequence[int], c: int, solved: Solved, part: int
) -> NDArray[np.float64]:
    """Give the decision values of rows of a class against every class, float64 (rows, present).

    NaN against the class itself, and where the machines do not know one of the two.
    """
    against, known = np.full((len(block), len(present)), np.nan), {c: i for i, c in enumerate(solved.present)}
    if not len(block) or present[c] not in known:
        return against
    others = [(place, known[label]) for place, label in enumerate(present) if label in known and place != c]
    places, theirs = np.array(others, np.intp).reshape(-1, 2).T
    machines = solved.machines[part]
    some = max(1, VALUES_AT_ONCE // machines.intercepts.shape[1])
    for start in range(0, len(block), some):
        values = next(machines.values(block[start : start + some]))
        every = np.repeat(np.arange(len(values)), len(theirs))
        mine = np.full(len(every), known[present[c]])
        found = solved.rule.between(values, mine, np.tile(theirs, len(values)), every)
        against[start : start + some, places] = found.reshape(len(values), len(theirs))
    return against


def _tables(
    values: Sequence[NDArray[np.float64]], present: Sequence[int], n_classes: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    error = np.full((n_classes, n_classes), np.nan)
    margin = np.full((n_classes, n_classes, len(QUANTILES)), np.nan, np.float32)
    known = np.array([(~np.isnan(of_class)).sum(axis=0) for of_class in values])
    low = np.array([(of_class <= 0).sum(axis=0) for of_class in values])
    lower = np.array([(of_class < 0).sum(axis=0) for of_class in values])
    first = np.less.outer(np.arange(len(present)), np.arange(len(present)))
    wrong = np.where(first, low, lower)  # exactly 0 is the second class's, as libsvm votes
    both = known + known.T
    with np.errstate(invalid="ignore"):
        error[np.ix_(present, present)] = np.where(both > 0, (wrong + wrong.T) / both, np.nan)
    for a, label in enumerate(present):
        margin[label, present] = _quantiles(values[a])
    return error, margin


def _quantiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give quantiles of each column, float64 (columns, quantiles), of what is known of it; NaN where nothing is."""
    missing = np.isnan(values)
    found = np.full((values.shape[1], len(QUANTILES)), np.nan)
    whole = ~missing.any(axis=0) & (len(values) > 0)
    found[whole] = np.quantile(values[:, whole], QUANTILES, axis=0).T if whole.any() else np.nan
    for column in np.flatnonzero(~whole & ~missing.all(axis=0)):
        found[column] = np.quantile(values[~missing[:, column], column], QUANTILES)
    return found
