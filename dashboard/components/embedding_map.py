"""The map of a projection: a component of plain ES modules, ``dashboard/ui/embedding_map.js`` and what it imports.

Points and thumbnails are files that the browser fetches and keeps (`dashboard.routes`); what travels with every
script run is about 2 kB of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import ui_files
from dashboard.palette import CORRECT, WRONG, class_colours, margin_scale
from dashboard.points import encode_rows

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
    colour_by: str = "true",
    margin_range: tuple[float, float] = (0.0, 0.0),
    selected: int | None = None,
    shown: NDArray[np.bool_] | None = None,
    key: str = "embedding_map",
    on_select: Callable[[int | None], None] | None = None,
    on_colour: Callable[[str], None] | None = None,
) -> int | None:
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
    colour_by : str
        One of ``dashboard.state.COLOURS``.
    margin_range : tuple of float
        Lowest and highest margin, as `dashboard.points.margin_range` gives them.
    selected : int, optional
        Row with a ring.
    shown : ndarray of bool, shape (n,), optional
        Rows that pass the filters; the others are dimmed.
    key : str
        Streamlit's key of this component.
    on_select : callable, optional
        Called with the row that was clicked, or None when the selection was cleared, before the script runs again.
    on_colour : callable, optional
        Called with what the viewer chose to colour by.

    Returns
    -------
    int or None
        The row that was clicked just now.
    """
    data = {
        **asdict(files),
        "n": n,
        "class_names": list(class_names),
        "label": label,
        "colour_by": colour_by,
        "margin_range": list(margin_range),
        "paints": {
            "light": _paints(len(class_names), dark=False),
            "dark": _paints(len(class_names), dark=True),
        },
        "selected": selected,
        "shown": None if shown is None or bool(shown.all()) else encode_rows(shown),
    }
    result = _component()(
        key=key,
        data=data,
        on_select_change=lambda: _tell(key, "select", n, on_select),
        on_colour_change=lambda: _tell(key, "colour", n, on_colour),
    )
    return _row(result.select, n)


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
        NAME, html=preload + ui_files.text("map.html"), css=ui_files.text("map.css"), js=loader
    )


def _tell(key: str, event: str, n: int, listener: Callable[[Any], None] | None) -> None:
    value = st.session_state[key].get(event)
    if listener is None or value is None:
        return
    listener(_row(value, n) if event == "select" else str(value))


def _row(event: Any, n: int) -> int | None:
    """Read a row that a browser sent: anything else than a row of this map is None."""
    row = event.get("row") if isinstance(event, dict) else None
    return row if type(row) is int and 0 <= row < n else None


def _paints(n_classes: int, *, dark: bool) -> dict[str, Any]:
    return {
        "classes": class_colours(n_classes, dark),
        "correct": CORRECT[dark],
        "wrong": WRONG[dark],
        "margin": margin_scale(dark),
    }
