"""A drawer with one test image: what the classifier says of it, and its neighbours in feature space."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.components.gallery import Gallery, Group, Look, gallery
from dashboard.components.sprites import photograph, sprite_sheet
from dashboard.images.captions import image_tiles
from dashboard.page import messages
from dashboard.page.context import ViewContext, show_pending
from dashboard.run.data import RunData, class_name, image_ids, judged_of, neighbours_of, original, pixels
from dashboard.run.table import said_of
from dashboard.wording.escaping import html, markdown
from dashboard.wording.html import definitions
from dashboard.wording.judged import judged_images
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
    data = context.data
    whole = original(data, row)
    uri = sprite_sheet(pixels(data, "test", [row])).uri if whole is None else photograph(whole)
    true = class_name(data, int(data.test_labels[row])) if data.n_classes else ""
    facts = {**({"True class": true} if true else {}), **_verdict(context, row)}
    further = [said for said in said_of(data.artefact("dataset"), row) if said[1]]
    kind = "" if whole is None else ' class="photograph"'
    picture = f'<img src="{uri}" alt="{html(true)}"{kind}>'
    st.html(f'<div class="lb-detail">{picture}{definitions([*facts.items(), *further])}</div>')
    if context.said is not None:
        st.caption(
            "Margin: the true class against its strongest rival, in units of the SVM's decision value. "
            "Negative is wrong; beyond ±1 is outside the SVM's margin."
        )


def _verdict(context: ViewContext, row: int) -> dict[str, str]:
    """Give what the classifier in use says of an image; nothing without one."""
    said, names = context.said, context.data.class_names
    if said is None:
        return {}
    predicted, runner_up = names[int(said.predicted[row])], names[int(said.runner_up[row])]
    others = len(names) - 1
    return {
        "Predicted": f"{predicted} ({'right' if said.correct[row] else 'wrong'}), {said.votes[row]} of {others} votes",
        "Runner-up": f"{runner_up}, {said.runner_up_votes[row]} of {others} votes",
        "Margin": signed(said.margin[row]),
        "Ahead of runner-up by": signed(said.runner_up_margin[row]),
    }


def _neighbours(context: ViewContext, row: int) -> None:
    data = context.data
    st.subheader("Nearest neighbours", anchor=False)
    if not data.has("neighbours"):
        _no_neighbours(data)
        return
    indices, distances = neighbours_of(data, row)
    true = int(data.test_labels[row])
    same = int(np.sum(data.test_labels[indices] == true))
    told = [f"The {judged_images(len(indices), judged_of(data))} nearest in feature space, nearest first."]
    told += [f"Of the class {markdown(data.class_names[true])}: {same}."] if true >= 0 else []
    st.caption(" ".join(told))
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


def _no_neighbours(data: RunData) -> None:
    """Say that the neighbours are not known, and what adds them."""
    if not data.run.finished:
        st.caption("They are not known yet: the run is still being made.")
        return
    st.info("This run has no neighbours. Run the pipeline again to add them.", icon=":material/info:")
    messages.show_command("", data.run.command)
