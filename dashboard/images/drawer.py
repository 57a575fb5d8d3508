"""A drawer with one test image: what the classifier says of it, and its neighbours in feature space."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cache.counting import counted
from dashboard.components.gallery import Gallery, Group, Look, gallery
from dashboard.components.sprites import photograph, sprite_sheet
from dashboard.components.text_blocks import no_neighbours
from dashboard.images.captions import image_tiles
from dashboard.page import messages
from dashboard.page.context import ViewContext, show_pending
from dashboard.run.data import image_ids, neighbours_of, original, pixels
from dashboard.run.table import said_of
from dashboard.wording.escaping import html, markdown
from dashboard.wording.html import definitions
from dashboard.wording.numbers import distance, signed


def show_selected(context: ViewContext) -> None:
    """Open the drawer if an image is selected; closing it deselects the image."""
    row = context.view.selected
    if row is None:
        return

    def body() -> None:
        show_pending()  # a click on a neighbour reruns this drawer only
        with messages.shown():
            _picture(context, row)
            if "map" in context.pages:
                context.link("Show on the map", "map", icon=":material/scatter_plot:", outcome="all")
            _neighbours(context, row)

    title = image_ids(context.data, "test", [row])[0] or f"Image {row}"
    drawer = st.dialog(
        markdown(title), width="medium", position="right", on_dismiss=lambda: context.change(selected=None)
    )
    drawer(body)()


def _picture(context: ViewContext, row: int) -> None:
    data, said = context.data, context.predictions
    whole = original(data, row)
    uri = sprite_sheet(pixels(data, "test", [row])).uri if whole is None else photograph(whole)
    true, predicted, runner_up = (
        data.class_names[int(labels[row])] for labels in (data.test_labels, said.predicted, said.runner_up)
    )
    others = data.n_classes - 1
    facts = {
        "True class": true,
        "Predicted": f"{predicted} ({'right' if said.correct[row] else 'wrong'}), {said.votes[row]} of {others} votes",
        "Runner-up": f"{runner_up}, {said.runner_up_votes[row]} of {others} votes",
        "Margin": signed(said.margin[row]),
        "Ahead of runner-up by": signed(said.runner_up_margin[row]),
    }
    further = [said for said in said_of(data.artefact("dataset"), row) if said[1]]
    kind = "" if whole is None else ' class="photograph"'
    picture = f'<img src="{uri}" alt="{html(true)}"{kind}>'
    st.html(f'<div class="lb-detail">{picture}{definitions([*facts.items(), *further])}</div>')
    st.caption(
        "Margin: the true class against its strongest rival, in units of the SVM's decision value. "
        "Negative is wrong; beyond ±1 is outside the SVM's margin."
    )


def _neighbours(context: ViewContext, row: int) -> None:
    data = context.data
    st.subheader("Nearest neighbours", anchor=False)
    if not data.has("neighbours"):
        no_neighbours(data.run.command)
        return
    indices, distances = neighbours_of(data, row)
    true = int(data.test_labels[row])
    same = int(np.sum(data.test_labels[indices] == true))
    st.caption(
        f"The {counted(len(indices), 'test image')} nearest in feature space, nearest first. "
        f"Of the class {markdown(data.class_names[true])}: {same}."
    )
    rows = [int(index) for index in indices]
    tiles = image_tiles(context, rows, [f"distance {distance(apart)}" for apart in distances])
    content = Gallery(
        groups=[Group(tiles)],
        images=pixels(data, "test", rows),
        n_classes=data.n_classes,
        action="Show this image",
        look=Look(size=92),
    )
    gallery(content, "neighbours", lambda other: context.change(selected=other))
