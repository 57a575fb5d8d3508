"""What the curve of accuracy against C has to show: every C, what it is compared with, and what comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from cache.counting import counted
from dashboard.comparison.sides import Side
from dashboard.components.penalty_curve import Before, CurveContent, Said, Stop, Suggestion
from dashboard.maps.files import path_points, sheets_of
from dashboard.page.context import ViewContext
from dashboard.retraining.recommendation import recommendation
from dashboard.run.cached import family_of, family_path
from dashboard.run.data import judged_of
from dashboard.run.shared import shared
from dashboard.run.whole import find_whole
from dashboard.server.columns import margin_range
from dashboard.server.routes import addresses
from dashboard.statistics.cross_validation import CrossValidation, cross_validation
from dashboard.wording.judged import accuracy_name, judged_images, noun, right_of
from dashboard.wording.numbers import thousands
from dashboard.wording.penalty import format_penalty
from dashboard.wording.setting import setting_name
from pipeline.api import validation_of


def validation_in_store(context: ViewContext) -> CrossValidation | None:
    """Summarise the cross-validation of the kernel and the training images in use; None where it was not made."""
    stage = validation_of(context.data.artefact("classifier"), context.setting)
    found = find_whole(context.store, stage, context.run.stages)
    return None if found is None else _summary(found)


@shared(lambda found: found.digest)
def _summary(found: Artefact) -> CrossValidation:
    return cross_validation(found.array("C"), found.array("accuracy"))


def curve_content(
    context: ViewContext, before: Side, validation: CrossValidation | None, suggestion: Suggestion | None
) -> CurveContent:
    """Say what the curve shows: of the kernel and the training images in use, at every C.

    Parameters
    ----------
    context : ViewContext
        The run and the classifier in use.
    before : Side
        What all are compared with.
    validation : CrossValidation or None
        Of the same kernel and training images.
    suggestion : Suggestion or None
        What to compare the baseline itself with; see `suggested`.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If a classifier or the data set cannot be read.
    """
    data, judged = context.data, judged_of(context.data)
    own = data.settings.own
    is_wanted = context.wanted.family == context.setting.family
    return CurveContent(
        n=data.n_test,
        names=data.class_names,
        labels=addresses.LABELS.url(data.artefact("dataset")),
        sheets=sheets_of(data)[0],
        stops=_stops(context, before, validation),
        C=context.wanted.C if is_wanted else context.C,
        own=own.C if own.family == context.setting.family else None,
        best=None if validation is None else validation.best_C,
        before=_before(context, before),
        suggestion=suggestion,
        called={"test": accuracy_name(judged), "train": "Training accuracy", "validation": "Cross-validated"},
        measured=right_of(judged),
        judged=noun(judged),
    )


def suggested(context: ViewContext, before: Side, validation: CrossValidation | None) -> Suggestion | None:
    """Choose what to compare the baseline itself with: the C that comes first in cross-validation, else the next.

    Returns
    -------
    Suggestion or None
        None where the baseline is not on the curve, or alone on it.
    """
    C = _place(context, before)
    others = [other for other in family_path(context.data, context.setting).C.tolist() if other != C]
    if C is None or not others:
        return None
    now = format_penalty(C)
    if validation is None:
        return Suggestion(_next(C, others), f"C = {now} is what others are compared with.")
    if C not in validation.C:
        return Suggestion(_next(C, others), f"C = {now} was not cross-validated.")
    found = recommendation(context.data, before.predictions, kernels=())
    if found is None:
        return Suggestion(_next(C, others), f"C = {now} comes first in cross-validation.")
    judged = judged_of(context.data)
    words = found.sentence(judged_images(judged.n_test, judged), with_interval=False)
    is_there = found.best.C in others
    return Suggestion(found.best.C if is_there else _next(C, others), words, is_there and found.is_urged)


def _next(C: float, others: Sequence[float]) -> float:
    """Give the next larger C, else the next smaller."""
    larger = [other for other in others if other > C]
    return min(larger) if larger else max(others)


def _place(context: ViewContext, before: Side) -> float | None:
    """Give the C of what is compared with; None where it is of another run, kernel or part."""
    setting = before.predictions.setting
    alike = before.data.run.name == context.run.name and setting.family == context.setting.family
    return setting.C if alike else None


def _before(context: ViewContext, before: Side) -> Before:
    said = before.predictions
    columns = addresses.COLUMNS.url(said.artefact, said.row)
    ends = margin_range(said.margin, said.runner_up_margin)
    return Before(_place(context, before), before.name(Side.of(context)), Said(columns, ends))


def _stops(context: ViewContext, before: Side, validation: CrossValidation | None) -> list[Stop]:
    """List what is fitted, and every other C of the run's path, which is fitted where the thumb is let go."""
    fitted = {stop.C: stop for stop in _fitted(context, before, validation)}
    there = {*context.data.settings.path.array("C").tolist(), context.wanted.C, *fitted}
    return [fitted.get(C) or _stop(context, before, C) for C in sorted(there)]


def _stop(context: ViewContext, before: Side, C: float) -> Stop:
    setting = setting_name(context.setting.at(C), before.predictions.setting)
    elsewhere = before.data.run.name != context.run.name
    return Stop(C, format_penalty(C), f"{context.run.name}, {setting}" if elsewhere else setting)


def _fitted(context: ViewContext, before: Side, validation: CrossValidation | None) -> list[Stop]:
    path, support = family_path(context.data, context.setting), _support(context)
    folds = {} if validation is None else _folds(validation)
    lives = zip(path.C.tolist(), path.train.tolist(), path.live.tolist(), strict=True)
    known = {C: (train, live) for C, train, live in lives}
    stops = []
    for point in path_points(context):
        if point.C not in known or point.C not in support:
            continue  # its fit was done while this was read: the script runs again for it
        train, live = known[point.C]
        stops.append(
            replace(
                _stop(context, before, point.C),
                said=Said(point.columns, point.range),
                right=round(point.accuracy * context.data.n_test),
                train=train,
                validation=folds.get(point.C),
                support=support[point.C],
                live=live,
            )
        )
    return stops


def _folds(validation: CrossValidation) -> dict[float, tuple[float, float]]:
    pairs = zip(validation.mean.tolist(), validation.standard_error.tolist(), strict=True)
    return dict(zip(validation.C.tolist(), pairs, strict=True))


def _support(context: ViewContext) -> dict[float, str]:
    """Say how many support vectors the machines at each C have."""
    found: dict[float, str] = {}
    for artefact in family_of(context.data, context.setting):
        rows = zip(artefact.array("C").tolist(), artefact.array("n_support"), strict=True)
        for C, support in rows:
            found.setdefault(C, f"{thousands(support.sum())} in {machines(artefact, support)}")
    return found


def machines(classifier: Artefact, support: NDArray[np.int32]) -> str:
    """Name the machines that a classifier is made of; those of a class without training images hold up nothing."""
    fitted = np.count_nonzero(support)
    if "one-vs-rest" in str(classifier.manifest.facts.get("solver")):
        return f"{counted(fitted, 'SVM')}, each class against all others"
    return f"{counted(fitted, 'SVM')}, one a pair of classes" if fitted > 1 else counted(fitted, "SVM")
