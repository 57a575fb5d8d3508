"""Accuracy against C, dragged by hand over every C that is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cache import Artefact
from dashboard.analysis.penalty_path import curve_content, suggested, validation_in_store
from dashboard.comparison.sides import baseline
from dashboard.components.penalty_curve import message
from dashboard.page.context import ViewContext
from dashboard.retraining.recommendation import recommendation
from dashboard.run.data import judged_of, most_taught
from dashboard.run.whole import find_whole
from dashboard.site.nodes import Node, goes_to, heading, html, paragraph, part
from dashboard.statistics.learning_curve import learning_curve
from dashboard.views.retrain import TITLE, lead, recommended, terms
from dashboard.wording.escaping import html as safe
from dashboard.wording.judged import advice, judged_sentence
from dashboard.wording.learning_curve import learning_sentences
from dashboard.wording.setting import setting_name
from pipeline.api import LearningCurveStage


def nodes(context: ViewContext) -> Sequence[Node]:
    """Give the page's nodes."""
    before, _ = baseline(context)
    validation = validation_in_store(context)
    content = curve_content(context, before, validation, suggested(context, before, validation))
    fitted = replace(content, stops=[stop for stop in content.stops if stop.said is not None])
    told = {**message(fitted), "where": "on the map"}
    goes = {
        "picked": goes_to("retrain", {"C": "$"}),
        "opened": goes_to("map", {"image": "$"}),
        "group": goes_to("map", {"flips": "$"}),
    }
    judged = judged_of(context.data)
    best = (
        "There is no cross-validation."
        if validation is None
        else recommended(context, validation, recommendation(context.data, context.predictions))
    )
    return [
        heading(TITLE, lead()),
        part("curve", told, goes if "map" in context.pages else {"picked": goes["picked"]}),
        html(f'<p class="lb-small">{safe(judged_sentence(judged))} {terms()}</p>'),
        html("<h2>Which C is best?</h2>"),
        paragraph(advice(judged)),
        paragraph(best),
        *_learning(context),
    ]


def _learning(context: ViewContext) -> list[Node]:
    """Say whether more training images would help; nothing where that was not measured."""
    setting = replace(context.setting, per_class=None)
    stage = LearningCurveStage(setting.C, gamma=setting.gamma)
    found: Artefact | None = find_whole(context.store, stage, context.run.stages)
    if found is None:
        return []
    largest = most_taught(context.data)
    curve = learning_curve(found.array("sizes"), found.array("accuracy"), largest)
    at = paragraph(f"At {setting_name(setting)}.", style="lb-small")
    said = paragraph(learning_sentences(curve, judged_of(context.data)))
    return [html("<h2>Would more training images help?</h2>"), said, at]
