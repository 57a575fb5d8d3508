"""What several pages say in the same form: their heading, and a command to copy."""

from __future__ import annotations

import streamlit as st

from dashboard.page.messages import show_command


def heading(title: str, lead: str) -> None:
    """Draw a page's title, and what it is about, as HTML."""
    st.title(title, anchor=False)
    st.html(f'<p class="lb-lead">{lead}</p>')


def no_neighbours(command: str) -> None:
    """Say that a run has no neighbours, and offer the command that adds them."""
    st.info("This run has no neighbours. Run the pipeline again to add them.", icon=":material/info:")
    show_command("", command)
