"""The images the classifier gets wrong: which kinds there are, and each kind's images, worst first."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.analysis.slices import found_slices, note, rows_of
from dashboard.analysis.slices import told as told_of_slices
from dashboard.components.choices import Choice
from dashboard.components.choices import message as choices_message
from dashboard.page.context import ViewContext
from dashboard.run.data import judged_of
from dashboard.site.nodes import Node, columns, goes_to, heading, html, images, paragraph, part
from dashboard.site.pages.map import map_message
from dashboard.views.errors import KINDS_MEAN, TITLE, kind_lines, lead
from dashboard.wording.judged import noun
from dashboard.wording.numbers import percent
from dashboard.wording.setting import setting_name

BY = ("true", "predicted")
WRONG = {"only": "wrong"}


def nodes(context: ViewContext) -> Sequence[Node]:
    """Give the page's nodes."""
    n_wrong = context.data.n_test - context.predictions.n_correct
    head = heading(TITLE, lead(context, n_wrong))
    if not n_wrong:
        every = f"every {noun(judged_of(context.data))} is predicted right at {setting_name(context.setting)}"
        return [head, paragraph(f"**No errors:** {every}.")]
    kind = goes_to("errors", {"true": "$0", "predicted": "$1", **WRONG}, drops=("rows",))
    lines = choices_message(kind_lines(context, n_wrong), None, lines=True)
    master = [
        paragraph(KINDS_MEAN, style="lb-small"),
        part("choices", lines, {"picked": kind}, BY),
        *_slices(context),
    ]
    return [head, columns("list", master, [images(map_message(context), {}, always=WRONG)])]


def _slices(context: ViewContext) -> list[Node]:
    """List the slices, each of which opens on the map; nothing where nobody has looked for any."""
    slices = found_slices(context)
    if slices is None:
        return []
    names = context.data.class_names
    made = [html("<h2>Slices</h2>"), paragraph(told_of_slices(slices), style="lb-small")]
    if not slices.found or "map" not in context.pages:
        return made
    cards = [
        Choice(str(i), one.name(names), percent(one.rate), note(one, names))
        for i, one in enumerate(slices.found)
    ]
    rows = {str(i): {"rows": rows_of(context, one)} for i, one in enumerate(slices.found)}
    goes = {"picked": goes_to("map", {}, drops=("true", "predicted", "only"), values=rows)}
    return [*made, part("choices", choices_message(cards, None), goes)]
