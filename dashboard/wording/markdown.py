"""Names from data sets are anybody's text: show them as they are, never as markup."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Escape a text for Streamlit's Markdown: no links, pictures, colours or formulas come out of it."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
