"""The map of a projection: a component of plain ES modules, ``dashboard/ui/embedding_map.js`` and what it imports.

Points and thumbnails are files that the browser fetches and keeps (`dashboard.routes`); what travels with every
script run is about 2 kB of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from dashboard import ui_files
from dashboard.palette import CORRECT, WRONG, class_colours, margin_scale

NAME = "lazybones_embedding_map"


@dataclass(frozen=True)
class Sheets:
    """Describe the sheets of thumbnails.

    Attributes
    ----------
    urls : tuple of str
        The sheets in order.
    cell : int
        Side of a thumbnail in pixels.
    columns, per_sheet : int
        Thumbnails in a row, and in a sheet; row-major.
    """

    urls: tuple[str, ...]
    cell: int
    columns: int
    perSheet: int  # JavaScript reads it


@dataclass(frozen=True)
class MapFiles:
    """Name the map's files, relative to the server's base path (see `dashboard.routes`).

    Attributes
    ----------
    points, columns : str
        Positions and true labels; predicted and runner-up labels and margins.
    ids : str or None
        Names of the images; without them the card shows row numbers.
    sheets : Sheets or None
        Thumbnails; without them the card says that there is no image.
    """

    points: str
    columns: str
    ids: str | None = None
    sheets: Sheets | None = None


def embedding_map(
    files: MapFiles,
    n: int,
    class_names: Sequence[str],
    *,
    label: str,
    seed: Mapping[str, Any],
    margin_range: tuple[float, float] = (0.0, 0.0),
    key: str = "embedding_map",
    on_view: Callable[[Mapping[str, Any]], None] | None = None,
) -> None:
    """Mount the map.

    Parameters
    ----------
    files : MapFiles
        Where the browser finds points and thumbnails.
    n : int
        Number of points.
    class_names : sequence of str
        Name of each class.
    label : str
        What the map shows, for screen readers; for example ``"t-SNE map of 10,000 images"``.
    seed : mapping
        What other pages share with the map: ``true``, ``predicted``, ``outcome``, ``colour``, ``image``; None: open.
    margin_range : tuple of float
        Lowest and highest margin, as `dashboard.points.margin_range` gives them.
    key : str
        Streamlit's key of this component.
    on_view : callable, optional
        Called with a mapping like `seed` when the viewer changed it, before the script runs again.
    """
    data = {
        **asdict(files),
        "n": n,
        "class_names": list(class_names),
        "label": label,
        "seed": dict(seed),
        "margin_range": list(margin_range),
        "paints": {
            "light": _paints(len(class_names), dark=False),
            "dark": _paints(len(class_names), dark=True),
        },
    }
    _component()(key=key, data=data, on_view_change=lambda: _tell(key, n, on_view))


def _component() -> Callable[..., Any]:
    """Register the component; the modules come from a folder named by their content, so versions never mix."""
    folder = f"lazybones/ui/{ui_files.version()}"
    loader = (
        f'const module = await import(new URL("{folder}/map.js", document.baseURI));\n'
        "export default (mount) => module.default(mount);\n"
    )
    names = ui_files.modules("map.js")  # all at once, instead of one level of imports after the other
    preload = "".join(f'<link rel="modulepreload" href="{folder}/{name}">' for name in names)
    return st.components.v2.component(
        NAME, html=preload + ui_files.text("map.html"), css=ui_files.styles("map"), js=loader
    )


def _tell(key: str, n: int, listener: Callable[[Mapping[str, Any]], None] | None) -> None:
    view = st.session_state[key].get("view")
    if listener is not None and isinstance(view, dict):
        listener({**view, "image": _row(view.get("image"), n)})


def _row(row: Any, n: int) -> int | None:
    """Read a row that a browser sent: anything else than a row of this map is None."""
    return row if type(row) is int and 0 <= row < n else None


def _paints(n_classes: int, *, dark: bool) -> dict[str, Any]:
    return {
        "classes": class_colours(n_classes, dark),
        "correct": CORRECT[dark],
        "wrong": WRONG[dark],
        "margin": margin_scale(dark),
    }
