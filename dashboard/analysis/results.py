"""Questions about a run that are answered when somebody asks: what is computed in the queue for each setting."""

from __future__ import annotations

from functools import partial

from cache import Artefact
from dashboard.jobs.request import Request, about_stage
from dashboard.page.context import ViewContext
from dashboard.retraining.fit_request import retrainer
from pipeline.api import (
    LearningCurveStage,
    PairAxis,
    SeparabilityStage,
    Setting,
    pair_axis,
    validation_of,
)


def learning_request(context: ViewContext, setting: Setting, offer: str = "") -> Request[Artefact]:
    """Ask for the learning curve of a kernel at a C, with the inner products that live fits keep."""
    stage = LearningCurveStage(setting.C, gamma=setting.gamma)
    return about_stage(context, "Learning curve", stage, retrainer().ensure, offer=offer)


def separability_request(context: ViewContext, setting: Setting, offer: str = "") -> Request[Artefact]:
    """Ask for the separability of pairs of classes by a kernel at a C, with the inner products that live fits keep."""
    stage = SeparabilityStage(setting.C, gamma=setting.gamma)
    return about_stage(context, "Separability", stage, retrainer().ensure, offer=offer)


def validation_request(context: ViewContext, setting: Setting, offer: str = "") -> Request[Artefact]:
    """Ask for the cross-validation of a kernel and a number of training images over the run's path of C."""
    stage = validation_of(context.data.artefact("classifier"), setting)
    return about_stage(context, "Cross-validation", stage, offer=offer)


def axis_request(context: ViewContext, setting: Setting, first: int, second: int) -> Request[PairAxis]:
    """Ask for the images of two classes along the axis of their machine; it is made anew each time."""
    store, run = context.store, context.run
    parts = (run.stages.get("classifier"), setting.C, setting.kernel, setting.gamma, first, second)
    compute = partial(pair_axis, store, run, setting, first, second)
    return Request(store, run, "Axis of the pair", parts, compute)
