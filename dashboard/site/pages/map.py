"""The map, edge to edge: as in the app, without what only a server can give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.components.embedding_map import message
from dashboard.maps.content import map_data
from dashboard.page.context import ViewContext
from dashboard.site.nodes import Node, html, window
from dashboard.views.map import TITLE


def nodes(context: ViewContext) -> Sequence[Node]:
    """Give the page's nodes."""
    return [html(f'<h1 class="lb-unseen">{TITLE}</h1>'), window(map_message(context))]


def map_message(context: ViewContext) -> dict[str, Any]:
    """Write what a map is told: no image in full and no poster is in a site, and a table at the run's own C alone."""
    told = message(map_data(context), None)
    exports = {"csv": told["exports"]["csv"]} if context.view.to_query().get("C") is None else None
    return {**told, "exports": exports, "posters": [], "served": False}
