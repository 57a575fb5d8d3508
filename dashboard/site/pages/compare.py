"""Two runs of a site on the same test images: which is better, where, and whether that can be chance."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.comparison.classes import class_columns
from dashboard.comparison.f1 import f1_gain
from dashboard.comparison.sides import Side, run_labels
from dashboard.components.choices import Choice
from dashboard.components.choices import message as choices_message
from dashboard.components.class_table import message
from dashboard.components.side_by_side import pair_message
from dashboard.maps.side_by_side import pair_data
from dashboard.page.context import ViewContext
from dashboard.run.data import colours_of
from dashboard.run.features import model_of
from dashboard.site.nodes import Node, goes_to, heading, html, paragraph, part, table
from dashboard.statistics.flips import Flips
from dashboard.views.compare import (
    COMPARISON,
    TITLE,
    columns_mean,
    lead,
    maps_mean,
    numbers,
    shares_in_common,
    summary,
)
from dashboard.wording.comparison import gain_in_words
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import percent, thousands

VERSUS = "versus"


def nodes(context: ViewContext, side_b: Side, others: Sequence[Side]) -> Sequence[Node]:
    """Give the page's nodes.

    Parameters
    ----------
    context : ViewContext
        With A in use.
    side_b : Side
        What it is compared with.
    others : sequence of Side
        All that it can be compared with, B among them.
    """
    side_a = Side.of(context)
    flips = side_a.since(side_b)
    shared = shares_in_common(side_a.data, side_b.data)
    columns_, support = class_columns(side_a, side_b, shared)
    table = message(
        columns_,
        support,
        context.data.class_names,
        colours_of(context.data),
        action="Show it on the map",
        locates=False,
    )
    return [
        heading(TITLE, lead(context)),
        *_sides(side_a, side_b, others),
        html(numbers(side_a, side_b, flips)),
        paragraph(summary(flips)),
        _groups(flips),
        paragraph(
            f"Mean F1 of the classes: A minus B is {gain_in_words(f1_gain(side_b, side_a))}.",
            style="lb-small",
        ),
        *_maps(context, side_a, side_b, maps_mean(side_a, side_b, shared)),
        html("<h2>Class by class</h2>"),
        paragraph(columns_mean(with_neighbours=shared is not None), style="lb-small"),
        part("class_table", table, {"picked": goes_to("map", {"true": "$"}, drops=("predicted",))}),
    ]


def _sides(side_a: Side, side_b: Side, others: Sequence[Side]) -> list[Node]:
    """Name A and B; a press on another run makes it B."""
    labels = run_labels([side.data for side in (side_a, *others)])
    said = paragraph(f"A: **{_name(side_a)}**. B: **{_name(side_b)}**.")
    if len(others) < 2:
        return [said]
    cards = [
        Choice(side.data.run.name, labels[side.data.run.name], percent(side.predictions.accuracy), "")
        for side in others
    ]
    listed = choices_message(cards, side_b.data.run.name, lines=True)
    return [said, part("choices", listed, {"picked": goes_to("compare", {VERSUS: "$"})}, (VERSUS,))]


def _name(side: Side) -> str:
    return markdown(f"{side.data.run.name}, {model_of(side.data)}")


def _groups(flips: Flips) -> Node:
    counts, n = flips.counts, len(flips.true)
    return table(
        (label, thousands(counts[name]), percent(counts[name] / n)) for name, label, _ in COMPARISON.groups
    )


def _maps(context: ViewContext, side_a: Side, side_b: Side, said: str) -> list[Node]:
    if not (side_a.data.has("projection") and side_b.data.has("projection")):
        return []
    told = pair_message(pair_data(context.view, side_a, side_b))
    goes = {"open": goes_to("map", {"image": "$"})}
    return [html("<h2>Two maps</h2>"), paragraph(said), part("pair", told, goes)]
