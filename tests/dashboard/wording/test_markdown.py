"""Names from data sets in Streamlit's Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.wording.markdown import plain


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("tabby cat", "tabby cat"),
        ("[x](http://e.vil)", r"\[x\]\(http\:\/\/e\.vil\)"),
        ("<img src=x>", r"\<img src\=x\>"),
        ("**bold** $x$ :red[a]", r"\*\*bold\*\* \$x\$ \:red\[a\]"),
        ("# heading\n- list", r"\# heading \- list"),
        ("naïve 猫", "naïve 猫"),
    ],
)
def test_markup_is_escaped_and_words_are_left(name, escaped):
    """Links, tags, formulas, colours and line breaks lose their meaning; letters stay."""
    assert plain(name) == escaped


@given(st.text())
def test_nothing_is_lost_but_white_space(text):
    """Without the backslashes it is the same text again, in one line."""
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain(text)) == " ".join(text.split())
