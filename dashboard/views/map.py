"""All test images as points: what lies together looks alike to the network."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from dashboard.browse import class_filters
from dashboard.components.embedding_map import MapData, Seed, embedding_map
from dashboard.components.gallery import Gallery, Group, Look, gallery
from dashboard.context import ViewContext
from dashboard.faithfulness import show_faithfulness
from dashboard.images import sprite_sheet
from dashboard.map_files import map_files, path_points
from dashboard.plain import plain
from dashboard.points import margin_range
from dashboard.tiles import image_tiles, signed

TITLE = "Map"
ICON = ":material/scatter_plot:"
ORDER = 20

METHODS = {"tsne": "t-SNE", "pca": "PCA"}
"""What people call a projection's plug-in; others go by their own name."""


def render(context: ViewContext) -> None:
    """Draw the page."""
    _heading(context)
    class_filters(context)
    stage, panel = st.columns([11, 4], gap="medium")
    with stage:
        _map(context)
    with panel:
        _panel(context)
    show_faithfulness(context)


def _heading(context: ViewContext) -> None:
    st.title("Map", anchor=False)
    n = context.data.n_test
    images = "test image" if n == 1 else "test images"
    st.html(f'<p class="lb-lead">{n:,} {images}. {_method(context)} puts similar ones close together.</p>')


def _method(context: ViewContext) -> str:
    plugin = context.data.projection.manifest.plugin
    return escape(METHODS.get(plugin, plugin))


def _map(context: ViewContext) -> None:
    data, view = context.data, context.view
    said = context.predictions
    embedding_map(
        MapData(
            run=context.run.name,
            n=data.n_test,
            class_names=data.class_names,
            label=f"{_method(context)} map of {data.n_test:,} images",
            files=map_files(context),
            path=path_points(context),
            C=context.C,
            margin_range=margin_range(said.margin, said.runner_up_margin),
        ),
        Seed(view.true_label, view.predicted_label, colour=view.colour, image=view.selected),
        on_view=lambda seen: context.change(
            selected=seen["image"],
            colour=seen["colour"],
            true_label=seen["true"],
            predicted_label=seen["predicted"],
        ),
    )


def _panel(context: ViewContext) -> None:
    row = context.view.selected
    if row is None:
        st.markdown("**No image selected**")
        st.caption("Select a point: the image, its numbers and its nearest neighbours appear here.")
        return
    _picture(context, row)
    _neighbours(context, row)
    st.button(
        "Clear selection",
        icon=":material/close:",
        type="tertiary",
        on_click=lambda: context.change(selected=None),
    )


def _picture(context: ViewContext, row: int) -> None:
    data, said = context.data, context.predictions
    true, predicted, runner_up = (
        data.class_names[int(labels[row])] for labels in (data.test_labels, said.predicted, said.runner_up)
    )
    facts = {
        "True class": true,
        "Predicted": f"{predicted} ({'right' if said.correct[row] else 'wrong'})",
        "Runner-up": runner_up,
        "Margin": signed(said.margin[row]) if np.isfinite(said.margin[row]) else "none",
    }
    entries = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in facts.items()
    )
    picture = sprite_sheet(data.test_images([row])).uri
    st.html(f'<div class="lb-detail"><img src="{picture}" alt="{escape(true)}"><dl>{entries}</dl></div>')
    st.caption(plain(data.test_ids([row])[0]))


def _neighbours(context: ViewContext, row: int) -> None:
    data = context.data
    if not data.has("neighbours"):
        st.caption("This run has no neighbours. Run the pipeline again to add them.")
        return
    rows = [int(index) for index in data.neighbours(row)[0]]
    true = int(data.test_labels[row])
    same = int(np.sum(data.test_labels[rows] == true))
    st.markdown(f"**Nearest in feature space**: {same} of {len(rows)} are {plain(data.class_names[true])}")
    content = Gallery(
        groups=[Group([replace(tile, lines=()) for tile in image_tiles(context, rows)])],
        images=data.test_images(rows),
        n_classes=data.n_classes,
        action="Select this image",
        look=Look(size=72, columns=4),
    )
    gallery(content, "map neighbours", lambda other: context.change(selected=other))
