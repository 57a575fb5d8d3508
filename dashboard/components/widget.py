"""Components of ``dashboard/ui/widgets``: a module and a style sheet of one name each."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import streamlit as st

from dashboard.server import ui_bundle

HTML: Mapping[str, str] = MappingProxyType(
    {
        "choices": '<div class="choices" role="group"></div>',
        "class_matrix": '<div class="matrix"></div>',
        "class_table": '<div class="table classes"></div>',
        "gallery": '<div class="gallery"></div>',
        "history_table": '<div class="table history"></div>',
        "map_thumbnail": '<a class="map"><canvas class="points"></canvas><canvas class="marks"></canvas>'
        '<span class="words"></span><canvas class="image" hidden></canvas></a>',
    }
)
"""What each component starts with, by the name of its files without their endings."""


@cache
def component(name: str, html: str = "", css: str = "", js: str = "") -> Callable[..., Any]:
    """Give the mount command of a component, which registers it wherever it is not; parameters as Streamlit's."""
    return st.components.v2.component(name, html=html or None, css=css or None, js=js)


@cache
def widget(name: str) -> Callable[..., Any]:
    """Give the mount command of a component that is one of these.

    Parameters
    ----------
    name : str
        One of ``HTML``.
    """
    script = ui_bundle.loader(f"widgets/{name}.js")
    return component(f"lazybones_{name}", HTML[name], ui_bundle.style(name), script)


def heard(key: str, event: str) -> Any:
    """Read what a component's browser has told, for its callback; it may send anything.

    Parameters
    ----------
    key : str
        Streamlit's key of the component.
    event : str
        Name of the trigger.

    Returns
    -------
    object
        None where nothing was told, or where the viewer has gone to another page meanwhile: what a component tells
        may come after it, and then nothing of the component is left to read it from.
    """
    said = st.session_state.get(key)
    return said.get(event) if isinstance(said, Mapping) else None


def row_index(value: Any, rows: Container[int]) -> int | None:
    """Read which of some rows a browser means, which may send anything; None if it is none of them."""
    return int(value) if type(value) in (int, float) and value in rows else None
