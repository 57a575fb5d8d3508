"""Questions about a run's features, answered once: learning curve, separability of pairs, one pair's axis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from cache import Artefact, Run, Store
from pipeline.compute.progress import Progress, silent
from pipeline.retraining.setting import Setting
from pipeline.stages.contract import ensure, find
from pipeline.stages.learning import DEFAULT_SIZES, LearningCurveStage
from pipeline.stages.pair_axis import PairAxis, measure_pair
from pipeline.stages.separability import SeparabilityStage

if TYPE_CHECKING:
    from pipeline.svm.gram import Gram


def find_learning_curve(
    store: Store, run: Run, setting: Setting, sizes: Sequence[int] = DEFAULT_SIZES, seeds: int = 5
) -> Artefact | None:
    """Look up what `learning_curve` gives; None if it has to be computed."""
    stage = LearningCurveStage(setting.C, tuple(sizes), seeds, setting.gamma)
    return find(store, stage, run.stages)


def learning_curve(
    store: Store,
    run: Run,
    setting: Setting,
    sizes: Sequence[int] = DEFAULT_SIZES,
    seeds: int = 5,
    progress: Progress = silent,
    *,
    gram: Gram | None = None,
) -> Artefact:
    """Give test accuracy against the number of training images a class, measuring it if need be.

    Parameters
    ----------
    store : Store
        Where to look, and where it is written.
    run : Run
        Whose features and labels to use.
    setting : Setting
        Penalty and kernel. How many images it learns from does not count here.
    sizes : sequence of int
        Training images a class.
    seeds : int
        Random parts of each size.
    progress : Progress, optional
        Counts SVM fits and blocks judged; raises `Cancelled` to stop.
    gram : Gram, optional
        What `pipeline.api.Retrainer.gram` lends.

    Returns
    -------
    Artefact
        A ``learning`` artefact.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.
    Cancelled
        If ``progress`` raised it; nothing is written.
    StoreError
        If the run's artefacts cannot be read, or the result not be written.
    """
    stage = LearningCurveStage(setting.C, tuple(sizes), seeds, setting.gamma)
    return ensure(store, stage, run.stages, progress, compute=partial(stage.compute, gram=gram))


def find_separability(
    store: Store, run: Run, setting: Setting, folds: int = 5, seed: int = 0
) -> Artefact | None:
    """Look up what `separability` gives; None if it has to be computed."""
    stage = SeparabilityStage(setting.C, folds, seed, setting.gamma)
    return find(store, stage, run.stages)


def separability(
    store: Store,
    run: Run,
    setting: Setting,
    folds: int = 5,
    seed: int = 0,
    progress: Progress = silent,
    *,
    gram: Gram | None = None,
) -> Artefact:
    """Give how well each pair of classes comes apart in feature space, measuring it if need be.

    Parameters and errors as `learning_curve`; the run must have its neighbours.

    Returns
    -------
    Artefact
        A ``separability`` artefact.
    """
    stage = SeparabilityStage(setting.C, folds, seed, setting.gamma)
    return ensure(store, stage, run.stages, progress, compute=partial(stage.compute, gram=gram))


def pair_axis(
    store: Store, run: Run, setting: Setting, first: int, second: int, progress: Progress = silent
) -> PairAxis:
    """Place all images of two classes along the axis of their machine; takes a fraction of a second.

    Parameters and errors as `pipeline.stages.pair_axis.measure_pair`, with the setting's kernel.
    """
    dataset, features = (_open(store, run, name) for name in ("dataset", "features"))
    return measure_pair(dataset, features, setting.C, first, second, gamma=setting.gamma, progress=progress)


def _open(store: Store, run: Run, stage: str) -> Artefact:
    return store.artefact(stage, run.stages.get(stage, ""))
