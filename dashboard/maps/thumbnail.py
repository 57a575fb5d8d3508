"""A map in small: the real points, an image under the pointer, and a link to the map itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.components.widget import widget
from dashboard.maps.files import shown_files
from dashboard.maps.in_use import METHODS, map_in_use
from dashboard.page.context import ViewContext
from dashboard.run.data import colours_of, lacks
from dashboard.wording.numbers import images

OPENED = "lazybones.open_map"


def show_thumbnail(context: ViewContext) -> None:
    """Draw the map in use in small, where the run has one; a click opens the page Map."""
    if lacks(context.data, "projection") or "map" not in context.pages:
        return
    with st.container(key="map_thumbnail"):
        widget("map_thumbnail")(
            key="thumbnail",
            data=content(context),
            on_open_change=lambda: st.session_state.update({OPENED: True}),
        )
    if st.session_state.pop(OPENED, False):
        context.update(page="map")


def content(context: ViewContext) -> dict[str, Any]:
    """Write what ``dashboard/ui/widgets/map_thumbnail.js`` is told.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the map cannot be read.
    """
    data = map_in_use(context).context.data
    plugin = data.artefact("projection").manifest.plugin
    files = shown_files(data, None)
    return {
        "n": data.n_test,
        "class_names": data.class_names,
        "label": f"{METHODS.get(plugin, plugin)} map of {images(data.n_test)}",
        "href": f"map?{urlencode(context.view.to_query())}",
        "points": files.points,
        "sheets": asdict(files.sheets) if files.sheets else None,
        "colours": colours_of(data),
    }
