"""Draw the page again when the system goes dark or light; see ``dashboard/ui/page/theme_change.js``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).parents[1] / "ui" / "page" / "theme_change.js"


def follow_theme() -> None:
    """Mount the script on this page, without anything to see."""
    component = st.components.v2.component("lazybones_theme_change", js=_SCRIPT.read_text(encoding="utf-8"))
    component(key="lazybones_theme_change", on_dark_change=lambda: None)
