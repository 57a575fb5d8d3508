"""What all pages say in the same form: their heading."""

from __future__ import annotations

import streamlit as st


def heading(title: str, lead: str) -> None:
    """Draw a page's title, and what it is about, as HTML."""
    with st.container(key="heading"):
        st.title(title, anchor=False)
        st.html(f'<p class="lb-lead">{lead}</p>')
