"""Which classes are taken for which, and exactly those images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from dashboard.components.choices import message as choices_message
from dashboard.components.class_matrix import MatrixContent, message
from dashboard.components.class_order import ORDER_MEANS, order_name, order_of
from dashboard.figures.theme import theme
from dashboard.page.context import ViewContext
from dashboard.run.data import judged_of
from dashboard.site.nodes import Node, columns, goes_to, heading, html, images, paragraph, part, words
from dashboard.site.pages.map import map_message
from dashboard.statistics.scores import confusion_matrix, most_confused
from dashboard.views.confusion import PAIRS_MEAN, TITLE, describe, matrix_label, pair_lines
from dashboard.wording.escaping import html as safe
from dashboard.wording.escaping import markdown
from dashboard.wording.html import told
from dashboard.wording.judged import noun
from dashboard.wording.setting import setting_name

BY = ("true", "predicted")


def nodes(context: ViewContext) -> Sequence[Node]:
    """Give the page's nodes."""
    matrix = confusion_matrix(context.data.test_labels, context.predictions.predicted, context.data.n_classes)
    at = safe(setting_name(context.setting))
    worst = most_confused(matrix, 1)
    start = dict(zip(BY, map(str, worst[0][:2]), strict=True)) if worst else {}
    said = words(BY, _sentences(context, matrix), "" if worst else _all_right(context))
    return [
        heading(TITLE, f"Which classes are taken for which, at {at}. Off the diagonal are errors."),
        columns("master", _master(context, matrix), [said, images(map_message(context), start)]),
    ]


def _master(context: ViewContext, matrix: NDArray[np.int64]) -> list[Node]:
    content = MatrixContent(
        matrix,
        context.data.class_names,
        order_of(context, matrix),
        normalised=False,
        chosen=(None, None),
        label=matrix_label(context, matrix),
    )
    cell = goes_to("confusion", {"true": "$0", "predicted": "$1"}, drops=("only", "rows"))
    drawn = {**message(content, theme(dark=False)), "dark": asdict(theme(dark=True))}
    how = f"{ORDER_MEANS[order_name(context)]} Click a cell, a class name or a total to see exactly those images."
    made = [part("class_matrix", drawn, {"picked": cell}, BY), paragraph(how, style="lb-small")]
    if pairs := pair_lines(context, matrix):
        lines = choices_message(pairs, None, lines=True)
        made += [
            html("<h2>Most confused</h2>"),
            paragraph(PAIRS_MEAN, style="lb-small"),
            part("choices", lines, {"picked": cell}, BY),
        ]
    return made


def _sentences(context: ViewContext, matrix: NDArray[np.int64]) -> dict[str, str]:
    """Say what there is of each class, of each prediction, and of each cell that has images."""
    names = [markdown(name) for name in context.data.class_names]
    labels = range(len(names))
    cells = [(int(true), int(predicted)) for true, predicted in zip(*np.nonzero(matrix), strict=True)]
    every = [*((label, None) for label in labels), *((None, label) for label in labels), *cells]
    return {
        "|".join("" if label is None else str(label) for label in choice): told(
            describe(matrix, names, choice)
        )
        for choice in every
    }


def _all_right(context: ViewContext) -> str:
    return told(f"**No errors:** every {noun(judged_of(context.data))} is predicted right.")
