"""Accuracy against the number of training images a class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from pipeline.compute.progress import Progress, share, silent
from pipeline.compute.rows import Rows, as_rows
from pipeline.plugins.parameters import check_count, reject
from pipeline.stages.contract import Inputs, MachineStage
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.svm.by_class import random_parts
from pipeline.svm.gram import Gram
from pipeline.svm.judge import predict
from pipeline.svm.kernels import check_kernel
from pipeline.svm.out_of_fold import BY_ALL, Folds
from pipeline.svm.penalty import check_C
from pipeline.svm.solvers.choose import facts_of_all
from pipeline.svm.training import training

DEFAULT_SIZES = (10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class LearningCurveStage(MachineStage):
    """Fit on random parts of the training split, and measure each on the test split.

    Of one seed, a smaller part is contained in every larger one.

    Parameters
    ----------
    C : float
        Penalty.
    sizes : sequence of int
        Training images a class; a class with fewer gives all it has.
    seeds : int
        Random parts of each size.
    gamma : float or "scale", optional
        Of the radial basis function kernel, for all sizes the same; linear without it.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.
    """

    STAGE: ClassVar[str] = "learning"
    NAME: ClassVar[str] = "random-parts"
    VERSION: ClassVar[int] = 2
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")

    C: float
    sizes: tuple[int, ...] = DEFAULT_SIZES
    seeds: int = 5
    gamma: float | str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "C", check_C(self.C, "learning curve"))
        object.__setattr__(self, "sizes", _check_sizes(self.sizes))
        check_count("seeds", "learning curve", self.seeds, 1, 100)
        object.__setattr__(self, "gamma", check_kernel(self.gamma, "learning curve"))

    def measure(
        self,
        train: NDArray[np.float32] | Rows,
        train_labels: NDArray[np.integer],
        test: NDArray[np.float32] | Rows,
        test_labels: NDArray[np.integer],
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
        folds: Folds | None = None,
    ) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Fit every part and measure it.

        Parameters
        ----------
        train, test : ndarray of float32, shapes (n_train, d), (n_test, d)
            Features.
        train_labels, test_labels : ndarray of int, shapes (n_train,), (n_test,)
            Labels.
        progress : Progress, optional
            Counts single SVM fits, then blocks of images judged.
        gram : Gram, optional
            Inner products of these very training rows, from an earlier fit with the same kind of kernel.
        folds : Folds, optional
            Where test images are training images, too: each seed leaves out another fold, draws from the others,
            and is measured on the images of that fold, and on those that are not learnt from.

        Returns
        -------
        accuracy : ndarray of float64, shape (sizes, seeds)
            Share of the test images that are right.
        facts : dict
            ``solver``, ``solver_note``; with a kernel ``kernel`` and ``gamma``.

        Raises
        ------
        InvalidParameter
            If there are fewer than two classes, or a feature is not finite.
        Cancelled
            If ``progress`` raises it.
        """
        rows, turns = training(train, train_labels, self.gamma), self._turns(len(test_labels), folds)
        accuracy, solved = np.empty((len(self.sizes), self.seeds)), []
        for number, turn in enumerate(turns):
            counted = share(progress, number, len(turns))
            held = None if turn.held is None else [turn.held[members] for members in rows.classes.members]
            parts = random_parts(rows.classes.counts, self.sizes, turn.seeds, held, first=turn.first)
            ((_, fitted, theirs),) = rows.by_classes(
                parts
            )  # of each class there is one at least, or none in any
            machines = fitted.fit((self.C,), counted, gram if fitted is rows else None, theirs, join=True)
            right = predict(machines, as_rows(test), counted, numbers=turn.judged) == test_labels[turn.judged]
            accuracy[:, turn.first : turn.first + turn.seeds] = turn.accuracy(right).reshape(-1, turn.seeds)
            solved.append(replace(machines, machines=()))
        return accuracy, facts_of_all(solved)

    def _turns(self, n_test: int, folds: Folds | None) -> list[_Turn]:
        """Say which images the parts of each seed are drawn from, and are measured on."""
        if folds is None:
            return [_Turn(0, self.seeds, None, np.arange(n_test), 0, n_test)]
        turns = []
        for seed in range(self.seeds):
            name = folds.names[seed % len(folds.names)]
            always, mine = (np.flatnonzero(folds.test == which) for which in (BY_ALL, name))
            judged = np.concatenate([always, mine])
            turns.append(_Turn(seed, 1, folds.train == name, judged, len(always), n_test))
        return turns

    def compute(
        self, draft: Draft, inputs: Inputs, progress: Progress = silent, *, gram: Gram | None = None
    ) -> None:
        """Measure a run's features, and write the accuracies; errors as `measure`."""
        dataset, features = inputs["dataset"], inputs["features"]
        train, test = (
            (features_of(features, dataset, split), dataset.array(f"{split}_labels"))
            for split in ("train", "test")
        )
        accuracy, facts = self.measure(*train, *test, progress, gram=gram, folds=folds_of(dataset))
        draft.save("sizes", np.array(self.sizes, np.int32))
        draft.save("accuracy", accuracy)
        draft.facts.update(facts, C=self.C)


@dataclass(frozen=True)
class _Turn:
    """Hold some seeds: which training images may not be drawn, and which images measure what is fitted to the others.

    Of ``judged``, the first ``always`` are in no fold: of ``n_test`` images they are as many.
    """

    first: int
    seeds: int
    held: NDArray[np.bool_] | None
    judged: NDArray[np.intp]
    always: int
    n_test: int

    def accuracy(self, right: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Give the share that is right, float64 (parts,), as if the fold stood for all folds."""
        share = self.always / self.n_test
        if not 0 < share < 1:
            mean: NDArray[np.float64] = right.mean(axis=1)
            return mean
        inside, outside = right[:, self.always :].mean(axis=1), right[:, : self.always].mean(axis=1)
        weighted: NDArray[np.float64] = share * outside + (1 - share) * inside
        return weighted


def _check_sizes(sizes: Any) -> tuple[int, ...]:
    """Give numbers of images in ascending order, each once."""
    found = tuple(sizes) if isinstance(sizes, list | tuple) else ()
    good = all(isinstance(size, int) and not isinstance(size, bool) and size >= 1 for size in found)
    if not found or not good:
        raise reject("sizes", "learning curve", "one or more integers of at least 1", sizes)
    return tuple(sorted(set(found)))
