"""A drawer with one test image: what the classifier says of it, why, and its neighbours in feature space."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import streamlit as st

from cache import LazybonesError
from dashboard.components.gallery import Gallery, Group, Look, gallery
from dashboard.components.sprites import photograph, sprites_of
from dashboard.images.captions import image_tiles
from dashboard.page import address, messages
from dashboard.page.address import PENDING
from dashboard.page.context import ViewContext, show_pending
from dashboard.page.lists import ImageList, walk, walked
from dashboard.run.data import (
    RunData,
    class_name,
    colours_of,
    image_ids,
    judged_of,
    neighbours_of,
    original,
)
from dashboard.run.table import said_of
from dashboard.why.ahead import prepare
from dashboard.why.section import show_decision, show_votes, show_why
from dashboard.wording.escaping import html, markdown
from dashboard.wording.html import definitions
from dashboard.wording.judged import judged_images
from dashboard.wording.margin import signed_margin
from dashboard.wording.numbers import distance, signed, thousands
from dashboard.workarounds.dialog_keys import walk_by_keys

TITLE = "Image"


def show_selected(context: ViewContext) -> None:
    """Open the drawer if an image is selected; closing it deselects the image. Call it last.

    The list that has the image, of those that the page has offered (`dashboard.page.lists`), is walked through by two
    buttons and by the arrow keys.
    """
    if context.view.selected is None:
        return

    def body() -> None:
        with messages.shown():
            now = _walked(context)
            _image(now, int(now.view.selected or 0))

    # one title for all images: with another Streamlit takes it for another dialog, which loses focus and place
    drawer = st.dialog(
        TITLE, width="medium", position="right", on_dismiss=lambda: context.change(selected=None)
    )
    drawer(body)()


def _walked(context: ViewContext) -> ViewContext:
    """Give the context with the image that was walked to, which the drawer shows by itself; else run the page.

    A script run of the whole page would take the drawer away for a moment, and the focus with it.
    """
    asked = context.now.within(context.data.n_classes, context.data.n_test)
    view = replace(context.view, selected=asked.selected, among=asked.among, sheet=asked.sheet)
    if PENDING in st.session_state:
        if view.selected is None or replace(asked, run=view.run) != view:
            show_pending()
        address.settle(view, typed=False)
    return replace(context, view=view)


def _image(context: ViewContext, row: int) -> None:
    """Draw all of one image: last what may have to be fitted, so that it keeps nothing waiting and moves nothing."""
    found = walked(context, row)
    _bar(context, row, found)
    _picture(context, row)
    evidence = show_why(context, row)
    _neighbours(context, row)
    if evidence is not None:
        show_decision(context, evidence)
    if found is not None:
        _look_ahead(context, *found)


def _look_ahead(context: ViewContext, through: ImageList, place: int) -> None:
    """Prepare the next image of the list and the one before, while this one is looked at."""
    for other in (place + 1, place - 1):
        if 0 <= other < len(through.rows):
            with suppress(LazybonesError):  # who walks there is told
                prepare(context, int(through.rows[other]))


def _bar(context: ViewContext, row: int, found: tuple[ImageList, int] | None) -> None:
    """Draw what leads elsewhere: to the image before and the one after, and to the map."""
    with st.container(horizontal=True, vertical_alignment="center", key="drawer-bar"):
        if found is not None:
            through, place = found
            _step(context, through, place - 1, ("Previous", "previous", "arrow_back"))
            st.markdown(f"{thousands(place + 1)} of {thousands(len(through.rows))}", width="content")
            _step(context, through, place + 1, ("Next", "next", "arrow_forward"))
        if "map" in context.pages:
            context.link(
                "Show on the map", "map", icon=":material/scatter_plot:", outcome="all", selected=row
            )
    walk_by_keys(row)


def _step(context: ViewContext, through: ImageList, place: int, words: tuple[str, str, str]) -> None:
    """Draw the button that shows the image at another place."""
    label, key, icon = words
    help_ = f"{label} image: the {'left' if key == 'previous' else 'right'} arrow key"
    st.button(
        label,
        key=f"drawer-{key}",
        icon=f":material/{icon}:",
        help=help_,
        disabled=not 0 <= place < len(through.rows),
        width="content",
        on_click=lambda: walk(context, through, place),
    )


def _picture(context: ViewContext, row: int) -> None:
    data = context.data
    st.subheader(markdown(image_ids(data, "test", [row])[0] or f"Image {row}"), anchor=False)
    whole = original(data, row)
    uri = sprites_of(data, "test", [row]).uri if whole is None else photograph(whole)
    true = class_name(data, int(data.test_labels[row])) if data.n_classes else ""
    facts = {**({"True class": true} if true else {}), **_verdict(context, row)}
    further = [said for said in said_of(data.artefact("dataset"), row) if said[1]]
    kind = "" if whole is None else ' class="photograph"'
    explained = {"Margin": "margin"} | ({"Predicted": "votes"} if "Runner-up" in facts else {})
    picture = f'<img src="{uri}" alt="{html(true)}"{kind}>'
    st.html(f'<div class="lb-detail">{picture}{definitions(facts.items(), explained=explained)}</div>')
    if further:
        st.html(f'<div class="lb-detail">{definitions(further)}</div>')


def _verdict(context: ViewContext, row: int) -> dict[str, str]:
    """Give what the classifier in use says of an image; nothing without one."""
    said, names = context.said, context.data.class_names
    if said is None:
        return {}
    predicted, runner_up = names[int(said.predicted[row])], names[int(said.runner_up[row])]
    others, outcome = len(names) - 1, "right" if said.correct[row] else "wrong"
    if others == 1:  # votes, and who comes second, say nothing then
        return {"Predicted": f"{predicted} ({outcome})", "Margin": signed(said.margin[row])}
    return {
        "Predicted": f"{predicted} ({outcome}), {said.votes[row]} of {others} votes",
        "Runner-up": f"{runner_up}, {said.runner_up_votes[row]} of {others} votes",
        "Margin": signed_margin(float(said.margin[row]), correct=bool(said.correct[row])),
    }


def _neighbours(context: ViewContext, row: int) -> None:
    data = context.data
    st.subheader("Nearest neighbours", anchor=False)
    if not data.has("neighbours"):
        _no_neighbours(data)
        return
    indices, distances = neighbours_of(data, row)
    st.caption(f"The {judged_images(len(indices), judged_of(data))} nearest in feature space, nearest first.")
    show_votes(context, indices)
    rows = [int(index) for index in indices]
    tiles = image_tiles(context, rows, [f"distance {distance(apart)}" for apart in distances])
    content = Gallery(
        groups=[Group(tiles)],
        sheet=sprites_of(data, "test", rows),
        colours=colours_of(data),
        action="Show this image",
        look=Look(size=92),
    )
    gallery(content, "neighbours", lambda other: context.change(selected=other))


def _no_neighbours(data: RunData) -> None:
    """Say that the neighbours are not known, and what adds them."""
    if not data.run.finished:
        st.caption("They are not known yet: the run is still being made.")
        return
    st.info("This run has no neighbours. Run the pipeline again to add them.", icon=":material/info:")
    messages.show_command("", data.run.command)
