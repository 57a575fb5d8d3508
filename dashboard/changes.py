"""Show what flips from one classifier to another: counts, cells, and exactly those images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.browse import Sheet, class_filters, image_sheet
from dashboard.components.choices import Choice, choices
from dashboard.components.gallery import Tile, word
from dashboard.context import ViewContext
from dashboard.figures.delta import delta_figure
from dashboard.figures.matrix import CLICKABLE_UP_TO, clicked_choice
from dashboard.figures.theme import theme
from dashboard.flips import BROKE, DIFFERENT, FIXED, SAME, Flips, spoken_gain, verdict
from dashboard.plain import plain
from dashboard.statistics import Interval, macro_f1_difference
from dashboard.tiles import sentence
from dashboard.versus import Side

CHART = "change of the confusion matrix"

_SHEET = Sheet(images=16, size=84)
_GROUPS = (
    (FIXED, "Fixed", "wrong before, right now", "good"),
    (BROKE, "Broke", "right before, wrong now", "bad"),
    (DIFFERENT, "Still wrong, differently", "another wrong class now", "plain"),
    (SAME, "Still wrong, the same", "the same wrong class", "plain"),
)


def show_changes(context: ViewContext, before: Side, after: Side) -> None:
    """Draw the section.

    Parameters
    ----------
    context : ViewContext
        The group, classes and sheet to show.
    before, after : Side
        Two classifiers; ``after`` is the one in use.
    """
    flips = after.since(before)
    st.markdown(summary(flips, before.name(after), after.name(before)))
    pair = (before.said.artefact.key, before.said.row, after.said.artefact.key, after.said.row)
    st.caption(f1_sentence(f1_gain(before, after, pair)))
    _cards(context, flips)
    class_filters(context, "Taken for, before or now")
    chart, images = st.columns(2, gap="medium")
    with chart:
        _matrix(context, flips)
    with images:
        _images(context, flips, before)


def summary(flips: Flips, before: str, after: str) -> str:
    """Say in two sentences of Markdown what changed, and whether that can be chance."""
    fixed, broke = flips.counts[FIXED], flips.counts[BROKE]
    went = f"From {plain(before)} to {plain(after)}"
    if not flips.changed.any():
        return f"{went} **no answer changes**."
    if not fixed + broke:
        return f"{went} **no image is fixed and none breaks**; what was wrong is wrong in another way."
    text = f"{went} the change **fixed {fixed:,}** and **broke {broke:,}** of {len(flips.true):,} images: "
    return f"{text}{verdict(flips.p)}. Accuracy: {spoken_gain(flips.gain)}."


@st.cache_data(max_entries=200, show_spinner=False)
def f1_gain(_before: Side, _after: Side, key: tuple[str, int, str, int]) -> Interval:
    """Give by how much the mean F1 of the classes is higher after than before; ``key`` tells pairs apart."""
    data = _after.data
    return macro_f1_difference(
        data.test_labels, _before.said.predicted, _after.said.predicted, data.n_classes
    )


def _cards(context: ViewContext, flips: Flips) -> None:
    cards = [
        Choice(name, label, f"{flips.counts[name]:,}", note, tone) for name, label, note, tone in _GROUPS
    ]
    choices(cards, "flip groups", context.view.group, lambda name: context.change(group=name))


def _matrix(context: ViewContext, flips: Flips) -> None:
    k, chosen = context.data.n_classes, (context.view.true_label, context.view.predicted_label)
    came, went = flips.moves(k)
    figure = delta_figure(came, went, context.data.class_names, theme(context.dark), chosen=chosen)

    def clicked() -> None:
        choice = clicked_choice(st.session_state[CHART].selection.points, k)
        if choice is not None:
            true, said = (None, None) if choice == chosen else choice
            context.change(true_label=true, predicted_label=said, group=_group_beside(context))

    st.plotly_chart(
        figure,
        key=CHART,
        on_select=clicked,
        selection_mode="points",
        config={"displayModeBar": False},
        alt=f"Change of the confusion matrix: {flips.changed.sum():,} images have another answer",
    )
    ways = (
        " Click a cell, a name or a number at the rim for exactly those images."
        if k <= CLICKABLE_UP_TO
        else ""
    )
    st.caption(f"Images after less before. Blue is better: more right, fewer wrong; red is worse.{ways}")


def _group_beside(context: ViewContext) -> str | None:
    """Keep the group when a cell is clicked, unless it has no images in any cell: those that did not change."""
    return None if context.view.group == SAME else context.view.group


def _images(context: ViewContext, flips: Flips, before: Side) -> None:
    view = context.view
    rows = flips.rows(view.group, view.true_label, view.predicted_label)
    names = [plain(name) for name in context.data.class_names]
    st.markdown(described(len(rows), names, view.group, view.true_label, view.predicted_label))
    if len(rows):
        ordered = movers(context, before, rows)
        image_sheet(context, ordered, "flipped images", _SHEET, lambda _, part: _tiles(context, before, part))


def movers(context: ViewContext, before: Side, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Order images by how far their margin moved, farthest first."""
    moved = np.abs(context.predictions.margin[rows] - before.said.margin[rows])
    return rows[np.argsort(-np.nan_to_num(moved), kind="stable")]


def described(
    count: int, names: Sequence[str], group: str | None, true_label: int | None, either_label: int | None
) -> str:
    """Say in Markdown which images are shown.

    Parameters
    ----------
    count : int
        How many.
    names : sequence of str
        Names of the classes, safe as Markdown.
    group, true_label, either_label : optional
        As `Flips.rows`.
    """
    what = next((label.lower() for name, label, *_ in _GROUPS if name == group), "with another answer")
    text = f"**{count:,} image{'' if count == 1 else 's'}** {what}"
    if true_label is not None:
        text += f", of true class **{names[true_label]}**"
    if either_label is not None:
        text += f", taken for **{names[either_label]}** before or now"
    return f"{text}."


def _tiles(context: ViewContext, before: Side, rows: Sequence[int]) -> list[Tile]:
    ids = context.data.test_ids(list(rows))
    return [_tile(context, before, row, image_id) for row, image_id in zip(rows, ids, strict=True)]


def _tile(context: ViewContext, before: Side, row: int, image_id: str) -> Tile:
    names = context.data.class_names
    true, was, now = (
        int(labels[row])
        for labels in (context.data.test_labels, before.said.predicted, context.predictions.predicted)
    )
    lines = (
        [word(names[true], true)],
        [word("was"), word(names[was], was)],
        [word("now"), word(names[now], now)],
    )
    title = f"{sentence(context, row, image_id)}; before: {names[was]}"
    return Tile(row, title, lines, wrong=now != true)


def f1_sentence(gain: Interval) -> str:
    """Say how the mean F1 of the classes changed."""
    return (
        f"F1 averaged over the classes: {spoken_gain(gain)}. p: McNemar's test, mid-p; intervals: Agresti and Min's "
        "for paired accuracies, bootstrap over the images for F1."
    )
