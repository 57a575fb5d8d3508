"""All test images as points: what lies together looks alike to the network."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.comparison.passing import passing
from dashboard.components.embedding_map import Opened, Seed, embedding_map
from dashboard.components.map_content import MapFiles
from dashboard.maps import picker
from dashboard.maps.content import map_data
from dashboard.maps.faithfulness import offer_faithfulness
from dashboard.maps.guests import guest_files
from dashboard.maps.in_use import METHODS, map_in_use
from dashboard.page import address, messages
from dashboard.page.context import ViewContext, show_pending
from dashboard.page.filter import Filter
from dashboard.page.view_state import ViewState
from dashboard.wording.escaping import html

TITLE = "Map"
ICON = ":material/scatter_plot:"
ORDER = 20
NEEDS = ("dataset", "features", "projection")


def render(context: ViewContext) -> None:
    """Draw the page."""
    shown = map_in_use(context, picker.before(context))
    st.html(f'<h1 class="lb-unseen">{TITLE}</h1>')
    st.fragment(_map)(shown.context, linked=shown.wanted is None, seeded=address.says_what_the_map_shows())
    offer_faithfulness(shown.context)


def _method(context: ViewContext) -> str:
    plugin = context.data.artefact("projection").manifest.plugin
    return html(METHODS.get(plugin, plugin))


def _map(context: ViewContext, *, linked: bool, seeded: bool) -> None:
    """Draw the map; what its user does runs this alone.

    Parameters
    ----------
    context : ViewContext
        With the map in use.
    linked : bool
        Whether that is the map that the address is about.
    seeded : bool
        Whether the view says what the map shows; where the viewer went back, the map's part of the address does.
    """
    show_pending()
    with messages.shown():
        content = map_data(context, linked=linked)
        content = replace(content, files=replace(content.files, guests=guest_files(context)))
        opened = embedding_map(
            content,
            _seed(context.view, content.files) if seeded else None,
            on_view=lambda seen: context.follow(
                filter=seen.filter,
                colour=seen.colour,
                selected=seen.image,
            ),
        )
        if opened is not None and opened.page in context.pages:
            _open(context, opened)


def _seed(view: ViewState, files: MapFiles) -> Seed:
    colour = view.colour if view.colour in files.colours else "true"
    return Seed(view.filter, colour, view.selected)


def _open(context: ViewContext, opened: Opened) -> None:
    """Go to another page, to an image in the list of those of its true and predicted class that pass the filter."""
    context.update(page=opened.page, selected=opened.row, filter=list_with(context, opened.row))


def list_with(context: ViewContext, row: int) -> Filter:
    """Give the filter in use with an image's true and predicted class; these two alone where it does not pass.

    So the page that opens has a list in which the image stands.
    """
    said, now = context.said, context.now.filter
    if said is None:
        return now
    true, predicted = (int(context.data.test_labels[row]),), (int(said.predicted[row]),)
    filters = replace(now, true=true, predicted=predicted)
    return filters if passing(context, filters)[row] else Filter(true=true, predicted=predicted)
