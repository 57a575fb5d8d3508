"""Search a grid of kernels, gamma and C by cross-validation on the training split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from cache import Artefact, Run, Store
from pipeline.compute.progress import Progress, share, silent
from pipeline.plugins.parameters import check_choice
from pipeline.retraining.setting import KERNELS
from pipeline.stages.contract import ensure
from pipeline.stages.validation import ValidationStage
from pipeline.svm.gram import Gram


@dataclass(frozen=True)
class GridPoint:
    """Hold how well one setting does on held-out training images.

    Attributes
    ----------
    kernel : str
        "linear" or "rbf".
    gamma : float, str or None
        As it was asked for; None for the linear kernel.
    C : float
        Penalty.
    accuracy : float
        Mean over the folds, 0 to 1.
    standard_error : float
        Of that mean.
    """

    kernel: str
    gamma: float | str | None
    C: float
    accuracy: float
    standard_error: float


def grid_search(
    store: Store,
    run: Run,
    Cs: Sequence[float],
    *,
    kernels: Sequence[str] = KERNELS,
    gammas: Sequence[float | str] = ("scale",),
    folds: int = 5,
    seed: int = 0,
    progress: Progress = silent,
) -> list[GridPoint]:
    """Cross-validate every setting; what the store has is not computed again.

    Parameters
    ----------
    store : Store
        Where the run is, and where each kernel's result is written as soon as it is there.
    run : Run
        Whose features and training labels to use.
    Cs : sequence of float
        Penalties.
    kernels : sequence of str
        Of ``KERNELS``.
    gammas : sequence of float or "scale"
        For the RBF kernel.
    folds, seed : int
        As `pipeline.stages.validation.ValidationStage`; the same folds for every setting.
    progress : Progress, optional
        Counts single SVM fits of the whole grid.

    Returns
    -------
    list of GridPoint
        By kernel, gamma and C.

    Raises
    ------
    InvalidParameter
        If a setting is not allowed.
    Cancelled
        If ``progress`` raises it; finished kernels are kept.
    """
    stages = [
        ValidationStage(path=tuple(Cs), folds=folds, seed=seed, gamma=gamma)
        for gamma in _gammas(kernels, gammas)
    ]
    keys = {name: run.stages.get(name, "") for name in ("dataset", "features")}  # its own has other penalties
    grams: dict[bool, Gram] = {}
    found: list[GridPoint] = []
    for number, stage in enumerate(stages):
        gram = grams.setdefault(stage.gamma is None, Gram())  # inner products serve every gamma
        counted, compute = share(progress, number, len(stages)), partial(stage.compute, gram=gram)
        found += _points(stage, ensure(store, stage, keys, counted, compute=compute))
    return found


def best(points: Sequence[GridPoint]) -> GridPoint:
    """Give the most accurate setting; of equals the first, which is the simplest."""
    return max(points, key=lambda point: point.accuracy)


def _gammas(kernels: Sequence[str], gammas: Sequence[float | str]) -> Iterator[float | str | None]:
    for kernel in kernels:
        check_choice("kernel", "grid", kernel, KERNELS)
        yield from (None,) if kernel == "linear" else gammas


def _points(stage: ValidationStage, artefact: Artefact) -> Iterator[GridPoint]:
    kernel = "linear" if stage.gamma is None else "rbf"
    for C, accuracy in zip(stage.path, artefact.array("accuracy"), strict=True):
        error = float(np.std(accuracy, ddof=1)) / len(accuracy) ** 0.5
        yield GridPoint(kernel, stage.gamma, C, float(accuracy.mean()), error)
