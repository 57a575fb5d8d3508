"""A choice at the left and its images at the right, both in view; on a phone below each other, with a jump."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.workarounds.page_scripts import page_script

EVEN, LIST = (6, 7), (2, 5)
"""Widths of the two sides: of a chart, and of a list."""


def master_detail(widths: tuple[int, int] = EVEN) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Lay out both sides: the shorter one stays in view while the other one scrolls with the page."""
    left, right = st.columns(widths, gap="medium")
    return left.container(key="master"), right.container(key="detail")


@contextmanager
def jump_to(images: str, choice: object) -> Iterator[None]:
    """Draw the right side; on a phone a button at the foot of the window leads there until it is in view.

    Parameters
    ----------
    images : str
        What is there: "14 images".
    choice : object
        What is chosen: where another one is chosen, the window shows the beginning of the right side.
    """
    with st.container(key="jump"):
        st.html(f'<button type="button" class="lb-jump">See {images} below</button>')
    yield
    page_script("follow_choice")(key="follow_choice", data={"choice": repr(choice)})
