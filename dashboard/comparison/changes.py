"""Show where two classifiers differ: counts, cells, and exactly those images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.comparison.f1 import f1_gain, show_f1
from dashboard.comparison.passing import passing
from dashboard.comparison.sides import Side
from dashboard.components.choices import Choice, choices
from dashboard.components.class_matrix import MatrixContent, class_matrix
from dashboard.components.class_order import ORDER_MEANS, order_name, order_of
from dashboard.components.clickable_chart import choose_cell, clickable_matrix
from dashboard.components.gallery import Tile, word
from dashboard.figures.cells import NUMBERS_UP_TO
from dashboard.figures.delta import delta_figure
from dashboard.figures.drawn import Drawn
from dashboard.figures.matrix import Choice as Pair
from dashboard.figures.theme import theme
from dashboard.images.captions import sentence
from dashboard.images.filters import filter_bar
from dashboard.images.master_detail import jump_to, master_detail
from dashboard.images.sheet import Sheet, image_sheet
from dashboard.page.context import ViewContext
from dashboard.page.lists import offer
from dashboard.page.view_state import ViewState
from dashboard.run.data import image_ids
from dashboard.run.shared import shared
from dashboard.statistics.flips import BROKE, DIFFERENT, FIXED, SAME, Flips
from dashboard.statistics.scores import confusion_matrix
from dashboard.wording.comparison import chance
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import images, percent, thousands

CHART = "change of the confusion matrix"

_SHEET = Sheet(images=16, size=84)
_MOVING = (FIXED, BROKE, DIFFERENT)


@dataclass(frozen=True)
class Wording:
    """Say what two classifiers are to each other.

    Attributes
    ----------
    groups : tuple of (str, str, str)
        Groups of images with a card each: its name as `Flips` has it, what people call it, and a note.
    before, after : str
        What stands on a tile before each of the two answers.
    either : str
        Which answers are meant where a class is chosen, in a few words.
    matrix : str
        What the matrix shows.
    lines : bool
        Whether the groups are a list with the share of each, which opens on the larger group that only one has right.
    """

    groups: tuple[tuple[str, str, str], ...]
    before: str
    after: str
    either: str
    matrix: str
    lines: bool = False


CHANGE = Wording(
    (
        (FIXED, "Fixed", "wrong before, right after"),
        (BROKE, "Broke", "right before, wrong after"),
        (DIFFERENT, "Still wrong, differently", "another wrong class after"),
        (SAME, "Still wrong, the same", "the same wrong class"),
    ),
    before="before:",
    after="after:",
    either="before or after",
    matrix="Each cell: images after minus images before. Blue is better: more right, fewer wrong; red is worse.",
)


def show_changes(context: ViewContext, before: Side, after: Side) -> None:
    """Say what the change from one classifier to another does, and show it.

    Parameters
    ----------
    context : ViewContext
        The group, classes and sheet to show.
    before, after : Side
        Two classifiers; ``after`` is the one in use.
    """
    flips = after.since(before)
    st.markdown(summary(flips, before.name(after), after.name(before)))
    show_f1(f1_gain(before, after))
    show_groups(context, flips, before, CHANGE)


def show_groups(context: ViewContext, flips: Flips, before: Side, wording: Wording) -> None:
    """Draw the cards of the groups, the matrix of differences, and the images that are chosen.

    Parameters
    ----------
    context : ViewContext
        The group, classes and sheet to show; its classifier is the one after.
    flips : Flips
        The comparison.
    before : Side
        What the classifier in use is compared with.
    wording : Wording
        What to call things.
    """
    group = shown_group(context.view, flips, wording)
    master, detail = master_detail()
    with master:
        _cards(context, flips, wording, group)
        _matrix(context, flips, wording)
    filters = context.view.filter
    rows = flips.rows(group, either=filters.predicted)
    rows = rows[passing(context, replace(filters, predicted=()))[rows]]
    with detail, jump_to(images(len(rows)), (group, filters)):
        filter_bar(context, f"Predicted class, {wording.either}")
        _images(context, rows, group, before, wording)
    offer(context, "changed", movers(context, before, flips.rows()))


def shown_group(view: ViewState, flips: Flips, wording: Wording) -> str | None:
    """Give the group whose images are shown; None for all that have two answers."""
    if view.group in {name for name, _, _ in wording.groups}:  # the page beside this one has other groups
        return view.group
    chosen = bool(view.filter.true or view.filter.predicted)
    one_sided = max((FIXED, BROKE), key=flips.counts.__getitem__)
    return one_sided if wording.lines and not chosen and flips.counts[one_sided] else None


def summary(flips: Flips, before: str, after: str) -> str:
    """Say in a sentence of Markdown what is compared, and whether the change can be chance."""
    went = f"From {markdown(before)} to {markdown(after)}"
    if not flips.changed.any():
        return f"{went} **no answer changes**."
    if not flips.counts[FIXED] + flips.counts[BROKE]:
        return f"{went} **no image is fixed and none breaks**; what was wrong is wrong in another way."
    return f"{went}, the change in accuracy {chance(flips.p)}, by McNemar's test."


def _cards(context: ViewContext, flips: Flips, wording: Wording, group: str | None) -> None:
    n, tones = len(flips.true), {FIXED: "good", BROKE: "bad"}
    cards = [
        Choice(
            name,
            label,
            thousands(flips.counts[name]),
            percent(flips.counts[name] / n) if wording.lines else note,
            tones.get(name, "plain"),
        )
        for name, label, note in wording.groups
    ]

    def picked(name: str | None) -> None:
        context.change(group=name if name or context.view.group else group)

    choices(cards, "flip groups", group, picked, lines=wording.lines)


def _matrix(context: ViewContext, flips: Flips, wording: Wording) -> None:
    names, chosen = context.data.class_names, (context.view.true_label, context.view.predicted_label)
    came, went = flips.moves(len(names))
    alt = f"Difference of two confusion matrices: {images(flips.changed.sum())} have another answer"
    group = _group_beside(context)
    if len(names) <= NUMBERS_UP_TO:
        figure = _drawn(came, went, names, chosen, context.dark)
        clickable_matrix(context, figure, CHART, alt, group=group)
        order = ""
    else:
        content = _content(context, came, went, alt)
        class_matrix(
            content, theme(context.dark), CHART, lambda cell: choose_cell(context, cell, group=group)
        )
        order = f" {ORDER_MEANS[order_name(context)]}"
    ways = (
        "The outer row and column count every image with two different predictions. Click a cell, a name or a total "
        "for its images."
    )
    st.caption(f"{wording.matrix}{order} {ways}")


@shared(lambda came, went, *others: (came.tobytes(), went.tobytes(), *others), 50)
def _drawn(
    came: NDArray[np.int64], went: NDArray[np.int64], names: tuple[str, ...], chosen: Pair, dark: bool
) -> Drawn:
    return Drawn(delta_figure(came, went, names, theme(dark), chosen=chosen))


def _content(
    context: ViewContext, came: NDArray[np.int64], went: NDArray[np.int64], label: str
) -> MatrixContent:
    names, said = context.data.class_names, context.predictions
    return MatrixContent(
        came - went,
        names,
        order_of(context, confusion_matrix(said.test_labels, said.predicted, len(names))),
        normalised=False,
        chosen=(context.view.true_label, context.view.predicted_label),
        label=label,
        totals=(came.sum(axis=1), (came + went).sum(axis=0)),
    )


def _group_beside(context: ViewContext) -> str | None:
    """Keep the group when a cell is clicked, unless its answers are the same: cells count those that differ."""
    return context.view.group if context.view.group in _MOVING else None


def _images(
    context: ViewContext, rows: NDArray[np.intp], group: str | None, before: Side, wording: Wording
) -> None:
    view, labels = context.view, {name: label for name, label, _ in wording.groups}
    names = [markdown(name) for name in context.data.class_names]
    what = f"({labels[group]})" if group else "with two different answers"
    st.markdown(described(len(rows), what, names, (view.true_label, view.predicted_label), wording.either))
    if len(rows):
        ordered, tiles = movers(context, before, rows), _Tiles(before, wording)
        image_sheet(context, ordered, "flipped images", _SHEET, tiles, own="Largest change of margin first")


def movers(context: ViewContext, before: Side, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Order images by how far their margin moved, farthest first."""
    moved = np.abs(context.predictions.margin[rows] - before.predictions.margin[rows])
    return rows[np.argsort(-np.nan_to_num(moved), kind="stable")]


def described(
    count: int, what: str, names: Sequence[str], labels: tuple[int | None, int | None], either: str
) -> str:
    """Say in Markdown which images are shown.

    Parameters
    ----------
    count : int
        How many.
    what : str
        Which group.
    names : sequence of str
        Names of the classes, safe as Markdown.
    labels : tuple of (int or None, int or None)
        Their true class, and the class that one of the two takes them for; None stands for all.
    either : str
        Which two answers are meant.
    """
    text = f"**{images(count)}** {what}"
    true, said = labels
    if true is not None:
        text += f", of true class **{names[true]}**"
    if said is not None:
        text += f", taken for **{names[said]}** {either}"
    return f"{text}."


@dataclass(frozen=True)
class _Tiles:
    """Make tiles with both answers."""

    before: Side
    wording: Wording

    def __call__(self, context: ViewContext, rows: Sequence[int]) -> list[Tile]:
        ids = image_ids(context.data, "test", list(rows))
        return [self._tile(context, row, image_id) for row, image_id in zip(rows, ids, strict=True)]

    def _tile(self, context: ViewContext, row: int, image_id: str) -> Tile:
        names = context.data.class_names
        said = context.data.test_labels, self.before.predictions.predicted, context.predictions.predicted
        true, was, now = (int(labels[row]) for labels in said)
        lines = (
            [word(names[true], true)],
            [word(self.wording.before), word(names[was], was)],
            [word(self.wording.after), word(names[now], now)],
        )
        title = f"{sentence(context, row, image_id)}; {self.wording.before} {names[was]}"
        return Tile(row, title, lines, wrong=now != true)
