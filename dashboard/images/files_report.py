"""What is to be known of the files that a data set was made of: left out, odd, or of a class that has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import thousands


def show_files_report(facts: Mapping[str, Any]) -> None:
    """List the files that are no usable images or are odd, notes on many of them, and classes without any."""
    refused, odd, notes = (facts.get(name, ()) for name in ("refused", "odd", "notes"))
    empty = facts.get("empty_classes", ())
    if not (refused or odd or notes or empty):
        return
    st.header("Files left out, and odd ones", anchor=False)
    if empty:
        st.caption(f"Classes without an image: {', '.join(map(markdown, empty))}.")
    for note in notes:
        st.caption(markdown(note))
    if refused:
        every = thousands(len(refused) + facts["images"])
        st.caption(f"{thousands(len(refused))} of {every} files could not be used.")
        _table(refused)
    if odd:
        st.caption(f"Used, but odd: {thousands(len(odd))}.")
        _table(odd)


def _table(files: list[dict[str, str]]) -> None:
    st.dataframe(pd.DataFrame(files, columns=["path", "reason"]), hide_index=True)
