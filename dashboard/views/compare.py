"""Two classifiers on the same test images: which is better, where, and whether that can be chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.comparison.changes import Wording, movers, show_groups
from dashboard.comparison.classes import class_columns
from dashboard.comparison.f1 import f1_gain, show_f1
from dashboard.comparison.mended import mended_of, same_tests, show_mended
from dashboard.comparison.sides import (
    Side,
    opponent,
    relatives,
    rivals,
    run_labels,
    same_test_images,
    suggested_run,
    versus_of,
    with_penalty,
)
from dashboard.components.class_table import Ranked, column_table
from dashboard.components.side_by_side import map_pair
from dashboard.components.text_blocks import heading
from dashboard.images.drawer import show_selected
from dashboard.maps.side_by_side import have_two_spaces, neighbours_in_common, pair_data
from dashboard.page.bound import bound_to
from dashboard.page.context import ViewContext
from dashboard.page.lists import offer
from dashboard.page.messages import show_command
from dashboard.run.cached import settings_of
from dashboard.run.data import RunData, colours_of, folds_in, judged_of
from dashboard.run.predictions import untrained
from dashboard.statistics.flips import BROKE, FIXED, RIGHT, WRONG, Flips
from dashboard.statistics.shared_neighbours import depth
from dashboard.wording.comparison import accuracy_and_interval, chance, untrained_sentence
from dashboard.wording.escaping import markdown
from dashboard.wording.html import stat_cards
from dashboard.wording.judged import noun
from dashboard.wording.numbers import fixed, images, interval95, percent, points, thousands
from dashboard.wording.setting import setting_name
from dashboard.workarounds.page_scripts import mend_charts
from pipeline.api import Setting

TITLE = "Compare"
ICON = ":material/compare:"
ORDER = 60
NEEDS = ("dataset", "features", "classifier")

COMPARISON = Wording(
    (
        (RIGHT, "Both right", ""),
        (FIXED, "A right, B wrong", ""),
        (BROKE, "A wrong, B right", ""),
        (WRONG, "Both wrong", ""),
    ),
    before="B:",
    after="A:",
    either="by A or by B",
    matrix="Each cell: images of A minus images of B. Blue: A is better there; red: B is.",
    lines=True,
)


def render(context: ViewContext) -> None:
    """Draw the page."""
    heading(TITLE, lead(context))
    others = [*rivals(context), *relatives(context)]
    side_a = Side.of(context)
    side_b, refusal = opponent(context, others)
    if refusal:
        st.warning(
            markdown(f"{refusal} Comparing with {side_b.name(side_a)} instead."), icon=":material/warning:"
        )
    _pickers(context, side_a, side_b, others)
    if side_a.is_same(side_b):
        _nothing_to_compare(context, others)
        return
    if mended := mended_of(side_b, side_a):
        if not same_test_images(side_a.data, side_b.data):
            show_mended(context, mended)
            show_selected(context)
            return
        st.markdown(same_tests(mended))
    _show(context, side_a, side_b)
    show_selected(context)


def lead(context: ViewContext) -> str:
    """Say what is compared, as HTML."""
    images_of_both = f"the same {noun(judged_of(context.data))}s"
    return f"Two classifiers, A and B, on {images_of_both}, image by image. A is what the bar above names."


def _show(context: ViewContext, side_a: Side, side_b: Side) -> None:
    """Draw what two classifiers differ in."""
    flips = side_a.since(side_b)
    st.html(numbers(side_a, side_b, flips))
    st.markdown(summary(flips))
    show_groups(context, flips, side_b, COMPARISON)
    show_f1(f1_gain(side_b, side_a))
    shared = shares_in_common(side_a.data, side_b.data)
    _maps(context, side_a, side_b, shared)
    _classes(context, side_a, side_b, shared)
    mend_charts(dark=context.dark)


def numbers(side_a: Side, side_b: Side, flips: Flips) -> str:
    """Write the accuracies and their difference, as HTML."""
    gain, n = flips.gain, len(flips.true)
    cards = (
        ("A", *accuracy_and_interval(side_a.predictions.n_correct, n)),
        ("B", *accuracy_and_interval(side_b.predictions.n_correct, n)),
        ("A minus B", f"{points(gain.value)} points", interval95(gain.low, gain.high, points)),
        ("Same answer", percent(1 - flips.changed.mean()), f"different for {images(flips.changed.sum())}"),
    )
    return stat_cards(cards)


def summary(flips: Flips) -> str:
    """Say in Markdown who is better, and whether that can be chance."""
    only_a, only_b = flips.counts[FIXED], flips.counts[BROKE]
    if not only_a + only_b:
        return "**A and B have the same images right.**"
    who = (
        "A and B are equally good"
        if only_a == only_b
        else f"{'A' if only_a > only_b else 'B'} has more images right"
    )
    return (
        f"**{who}**: A is right and B wrong on **{thousands(only_a)}**, the other way round on "
        f"**{thousands(only_b)}**; that {chance(flips.p)}."
    )


def _pickers(context: ViewContext, side_a: Side, side_b: Side, others: list[Side]) -> None:
    own = Side(context.data, context.data.own_predictions)
    sides = {side.data.run.name: side for side in (own, *others)}
    row = st.container(key="sides")
    left, middle, right = row.columns([6, 2, 6], gap="small", vertical_alignment="bottom")
    with left:
        _picker("A", side_a, sides, lambda data, setting: _use(context, side_b, data, setting))
    with middle:
        st.button(
            "Swap",
            icon=":material/swap_horiz:",
            width="stretch",
            help="Let A and B change places",
            on_click=lambda: _swap(context, side_a, side_b),
        )
    with right:
        _picker(
            "B",
            side_b,
            sides,
            lambda data, setting: context.change(versus=versus_of(data, setting), group=None),
        )


def _picker(
    side_name: str, now: Side, sides: dict[str, Side], chosen: Callable[[RunData, Setting], None]
) -> None:
    run, setting = now.data.run.name, now.predictions.setting
    listed = settings_of(now.data)
    listed += [] if setting in listed else [setting]

    def other_run(name: str) -> None:
        chosen(sides[name].data, sides[name].predictions.setting)

    labels = run_labels([side.data for side in sides.values()])
    with st.container(horizontal=True, gap="small"):
        st.selectbox(
            f"Run {side_name}",
            list(sides),
            format_func=lambda name: labels.get(name, name),
            **bound_to(f"run of {side_name}", run, other_run),
        )
        st.selectbox(
            f"Setting of {side_name}",
            listed,
            format_func=setting_name,
            width=190,
            **bound_to(f"setting of {side_name}, {run}", setting, lambda other: chosen(now.data, other)),
        )


def _use(context: ViewContext, opponent: Side, data: RunData, setting: Setting) -> None:
    """Make a classifier A; B is said in full, as what the URL leaves out depends on A."""
    pinned = versus_of(opponent.data, opponent.predictions.setting)
    asked = with_penalty(data, setting)
    context.change(run=data.run.name, asked=asked, versus=pinned, group=None)


def _swap(context: ViewContext, side_a: Side, side_b: Side) -> None:
    """Let both change places, and say what that changes elsewhere: the run and the setting of every page."""
    _use(context, side_a, side_b.data, side_b.predictions.setting)
    st.toast(
        f"A is **{markdown(side_b.name(side_a))}** now, on every page: see the bar above.",
        icon=":material/swap_horiz:",
    )


def _nothing_to_compare(context: ViewContext, others: list[Side]) -> None:
    with st.container(border=True):
        st.markdown("**A and B are the same classifier.** Choose another C, or another run, for one of them.")
        if not others:
            why = "No other run was tested on these images yet. This makes one:"
            show_command(why, suggested_run(context.data))


def _classes(context: ViewContext, side_a: Side, side_b: Side, shared: NDArray[np.float64] | None) -> None:
    st.header("Class by class", anchor=False)
    st.caption(columns_mean(with_neighbours=shared is not None))
    for letter, side in (("A", side_a), ("B", side_b)):
        missing = untrained_sentence(untrained(side.predictions, folds_in(side.data)), side.data.class_names)
        if missing:
            st.caption(f"{letter}: {missing}")
    columns, support = class_columns(side_a, side_b, shared)

    def picked(label: int) -> None:
        context.change(true_label=label, predicted_label=None, group=None)

    column_table(
        columns,
        support,
        context.data.class_names,
        colours_of(context.data),
        "class differences",
        "Show its images",
        picked,
        ranked=Ranked(context.view.ranked, lambda word: context.change(ranked=word)),
    )


def columns_mean(*, with_neighbours: bool) -> str:
    """Say in Markdown what the columns of the table of classes are."""
    common = "*Same neighbours*: of an image's nearest images by A, the share that B has, too. "
    return (
        "Recall of A and of B, the share of a class's images that is predicted as it, and their difference in points. "
        f"{common if with_neighbours else ''}Point at a difference to see its interval; click a class for its images "
        "above."
    )


def shares_in_common(one: RunData, another: RunData) -> NDArray[np.float64] | None:
    """Give each image's share of common neighbours; None where the features are the same, or have no neighbours."""
    if not have_two_spaces(one, another):
        return None
    first, second = (data.artefact("neighbours") for data in (one, another))
    return neighbours_in_common(first, second) / max(depth(first.rows("indices"), second.rows("indices")), 1)


def _maps(context: ViewContext, side_a: Side, side_b: Side, shared: NDArray[np.float64] | None) -> None:
    """Draw both maps; what their user does to them runs nothing here."""
    st.header("Two maps", anchor=False)
    for side in (side_a, side_b):
        if not side.data.has("projection"):
            why = f"{markdown(side.data.run.name)} has no map yet. This makes one:"
            show_command(why, side.data.run.command)
            return
    st.markdown(maps_mean(side_a, side_b, shared))
    every = movers(context, side_b, np.arange(context.data.n_test))
    map_pair(pair_data(context.view, side_a, side_b), on_open=offer(context, "maps", every))


def maps_mean(side_a: Side, side_b: Side, shared: NDArray[np.float64] | None) -> str:
    """Say in Markdown what the two maps have in common."""
    if shared is not None:
        return _neighbourhoods(side_a, shared)
    if side_a.data.run.stages.get("projection") == side_b.data.run.stages.get("projection"):
        return "A and B read the same features and share one map: only what they answer differs."
    return ""


def _neighbourhoods(side_a: Side, shared: NDArray[np.float64]) -> str:
    m, share = side_a.data.artefact("neighbours").rows("indices").shape[1], shared.mean()
    return (
        f"Of an image's **{m}** nearest images, A's and B's feature spaces have **{fixed(m * share, 1)}** in common "
        f"on average ({percent(share)}); by chance it would be {fixed(m * m / (side_a.data.n_test - 1), 2)}. "
        f"None in common: {images((shared == 0).sum())}. Colour the maps by *Neighbours in common* to see where; "
        "click an image to see which."
    )
