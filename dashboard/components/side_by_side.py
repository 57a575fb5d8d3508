"""Two maps beside each other that move as one: ES modules in ``dashboard/ui/pair/``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.components.embedding_map import MapData, Seed, for_visitor, message, read_row
from dashboard.components.widget import component, heard
from dashboard.server import ui_bundle

NAME = "lazybones_map_pair"


@dataclass(frozen=True)
class PairData:
    """Describe two maps of the same images.

    Attributes
    ----------
    left, right : MapData
        What A and B say of the images, and where each has them.
    names : tuple of str
        What stands above each.
    group : int or None
        What the page asks the maps to show alone: what both have right, only A, only B, neither.
    true : int or None
        The class that the page asks them to show alone: a label.
    """

    left: MapData
    right: MapData
    names: tuple[str, str]
    group: int | None = None
    true: int | None = None


def map_pair(content: PairData, *, key: str = "map_pair", on_open: Callable[[int], None]) -> None:
    """Mount the two maps.

    Parameters
    ----------
    content : PairData
        What there is to see.
    key : str
        Streamlit's key of this component.
    on_open : callable
        Called with the row of an image whose details the viewer asked for.
    """

    def opened() -> None:
        row = read_row(heard(key, "open"), content.left.n)
        if row is not None:
            on_open(row)

    mount = component(NAME, js=ui_bundle.loader("pair/entry.js"))
    told = pair_message(content)
    limited = {side: for_visitor(told[side]) for side in ("left", "right")}
    mount(key=key, data=told | limited, on_open_change=opened)


def pair_message(content: PairData) -> dict[str, Any]:
    """Write what the browser is told."""
    return {
        "run": content.left.run,
        "left": message(content.left, Seed()),
        "right": message(content.right, Seed()),
        "names": content.names,
        "seed": {"group": content.group, "true": content.true},
    }
