"""Questions about a run that are answered when somebody asks: what is computed in the queue for each C."""

from __future__ import annotations

from cache import Artefact, Run, Store
from dashboard.jobs.on_demand import LiveStage
from dashboard.retraining.fit_request import retrainer
from pipeline.api import (
    PairAxis,
    Progress,
    Setting,
    find_learning_curve,
    find_separability,
    find_validation,
    learning_curve,
    pair_axis,
    separability,
    validate,
)


def learning_stage(setting: Setting) -> LiveStage:
    """Give the learning curve of a kernel at a C, with the inner products that live fits keep."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_learning_curve(store, run, setting)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        with retrainer().gram(store, run, setting) as gram:
            return learning_curve(store, run, setting, progress=progress, gram=gram)

    return LiveStage("Learning curve", find, compute, (setting.C, setting.kernel, setting.gamma))


def validation_stage(setting: Setting) -> LiveStage:
    """Give the cross-validation of a kernel and a number of training images over the run's path of C."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_validation(store, run, setting)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        return validate(store, run, progress, asked=setting)

    return LiveStage("Cross-validation", find, compute, setting.family)


def separability_stage(setting: Setting) -> LiveStage:
    """Give the separability of the pairs of classes by a kernel at a C, with the inner products that live fits keep."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_separability(store, run, setting)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        with retrainer().gram(store, run, setting) as gram:
            return separability(store, run, setting, progress=progress, gram=gram)

    return LiveStage("Separability", find, compute, (setting.C, setting.kernel, setting.gamma))


def axis_stage(setting: Setting, first: int, second: int) -> LiveStage:
    """Give the images of two classes along the axis of their machine; it is made anew each time."""

    def find(store: Store, run: Run) -> None:
        return None

    def compute(store: Store, run: Run, progress: Progress) -> PairAxis:
        return pair_axis(store, run, setting, first, second, progress)

    part = (setting.C, setting.kernel, setting.gamma, first, second)
    return LiveStage("Axis of the pair", find, compute, part)
