"""Components of ``dashboard/ui/widgets``: a module and a style sheet of one name each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.server import ui_bundle


def widget(name: str, html: str) -> Callable[..., Any]:
    """Register a component with the running server, as Streamlit wants it at every start, and give its mount command.

    Parameters
    ----------
    name : str
        Of its files, without their endings.
    html : str
        What it starts with.
    """
    style = ui_bundle.contents()[f"widgets/{name}.css"].decode()
    script = ui_bundle.loader(f"widgets/{name}.js")
    return st.components.v2.component(f"lazybones_{name}", html=html, js=script, css=style)
