"""Questions about a run that are answered when somebody asks: what is computed in the queue for each setting."""

from __future__ import annotations

from cache import Artefact, Run, Store
from dashboard.jobs.request import Request, about_run
from dashboard.page.context import ViewContext
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


def learning_request(context: ViewContext, setting: Setting, offer: str = "") -> Request[Artefact]:
    """Ask for the learning curve of a kernel at a C, with the inner products that live fits keep."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_learning_curve(store, run, setting)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        with retrainer().gram(store, run, setting) as gram:
            return learning_curve(store, run, setting, progress=progress, gram=gram)

    return about_run(context, "Learning curve", compute, find, parts=_machine(setting), offer=offer)


def separability_request(context: ViewContext, setting: Setting, offer: str = "") -> Request[Artefact]:
    """Ask for the separability of pairs of classes by a kernel at a C, with the inner products that live fits keep."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_separability(store, run, setting)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        with retrainer().gram(store, run, setting) as gram:
            return separability(store, run, setting, progress=progress, gram=gram)

    return about_run(context, "Separability", compute, find, parts=_machine(setting), offer=offer)


def validation_request(context: ViewContext, setting: Setting, offer: str = "") -> Request[Artefact]:
    """Ask for the cross-validation of a kernel and a number of training images over the run's path of C."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_validation(store, run, setting)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        return validate(store, run, progress, setting=setting)

    return about_run(context, "Cross-validation", compute, find, parts=setting.family, offer=offer)


def axis_request(context: ViewContext, setting: Setting, first: int, second: int) -> Request[PairAxis]:
    """Ask for the images of two classes along the axis of their machine; it is made anew each time."""

    def compute(store: Store, run: Run, progress: Progress) -> PairAxis:
        return pair_axis(store, run, setting, first, second, progress)

    return about_run(context, "Axis of the pair", compute, parts=(*_machine(setting), first, second))


def _machine(setting: Setting) -> tuple[float, str | None, float | str | None]:
    return setting.C, setting.kernel, setting.gamma
