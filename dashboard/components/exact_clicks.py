"""Make a click or tap on a Plotly chart mean the point under it; see ``dashboard/ui/page/exact_clicks.js``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).parents[1] / "ui" / "page" / "exact_clicks.js"


def make_clicks_exact() -> None:
    """Mount the script on this page, without anything to see."""
    component = st.components.v2.component("lazybones_exact_clicks", js=_SCRIPT.read_text(encoding="utf-8"))
    component(key="lazybones_exact_clicks")
