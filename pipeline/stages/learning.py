"""Accuracy against the number of training images a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, as_rows
from pipeline.plugins.parameters import check_count, reject
from pipeline.stages.contract import Inputs, MachineStage
from pipeline.svm.by_class import random_parts
from pipeline.svm.gram import Gram
from pipeline.svm.judge import predict
from pipeline.svm.kernels import check_kernel
from pipeline.svm.penalty import check_C
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
        rows = training(train, train_labels, self.gamma)
        parts = random_parts(rows.classes.counts, self.sizes, self.seeds)
        solved = rows.fit((self.C,), progress, gram, parts, join=True)
        predicted = predict(solved, as_rows(test), progress)
        accuracy = (predicted == test_labels).mean(axis=1).reshape(len(self.sizes), self.seeds)
        return accuracy, solved.facts

    def compute(
        self, draft: Draft, inputs: Inputs, progress: Progress = silent, *, gram: Gram | None = None
    ) -> None:
        """Measure a run's features, and write the accuracies; errors as `measure`."""
        dataset, features = inputs["dataset"], inputs["features"]
        labels = [dataset.array(f"{split}_labels", mmap=False) for split in ("train", "test")]
        accuracy, facts = self.measure(
            features.array("train"), labels[0], features.array("test"), labels[1], progress, gram=gram
        )
        draft.save("sizes", np.array(self.sizes, np.int32))
        draft.save("accuracy", accuracy)
        draft.facts.update(facts, C=self.C)


def _check_sizes(sizes: Any) -> tuple[int, ...]:
    """Give numbers of images in ascending order, each once."""
    found = tuple(sizes) if isinstance(sizes, list | tuple) else ()
    good = all(isinstance(size, int) and not isinstance(size, bool) and size >= 1 for size in found)
    if not found or not good:
        raise reject("sizes", "learning curve", "one or more integers of at least 1", sizes)
    return tuple(sorted(set(found)))
