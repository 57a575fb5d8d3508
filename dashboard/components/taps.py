"""Let fingers click Plotly charts; see ``dashboard/ui/taps.js`` for why they cannot by themselves."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).parent.parent / "ui" / "taps.js"


def let_taps_click() -> None:
    """Mount the script on this page, without anything to see."""
    component = st.components.v2.component("lazybones_taps", js=_SCRIPT.read_text(encoding="utf-8"))
    with st.container(key="taps", height="content"):
        component(key="lazybones_taps")
