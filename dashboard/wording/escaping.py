"""Names from data sets are anybody's text: one escape for each place that they are shown in or written to.

A shell's is `cache.commands.shell`; the map and other components set texts, never markup; no SVG holds a name.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_LONGEST = 60
_PLOTLY = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;"})
_TYPOGRAPHIC = re.compile(r"(?<=\\[-<>~])(?=\\[-<>=])")
_JOINER, _ISOLATE, _END = "\u2060", "\u2068", "\u2069"
_RIGHT_TO_LEFT = {"R", "AL"}
_ACTING = {"Cc", "Cs", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"}


def shown(name: str) -> str:
    """Give a name as it can stand in a sentence: in one line, without characters that act on the text around it.

    One from right to left is isolated, so that the numbers behind it stay in their order.
    """
    line = " ".join(name.split())
    kept = [letter for letter in line if not {unicodedata.category(letter), _direction(letter)} & _ACTING]
    text = "".join(kept)
    return f"{_ISOLATE}{text}{_END}" if {_direction(letter) for letter in text} & _RIGHT_TO_LEFT else text


_direction = unicodedata.bidirectional


def html(text: str) -> str:
    """Escape a text for HTML, attributes in quotes included."""
    return escape(text)


def plotly(text: str) -> str:
    """Escape a text for Plotly, which knows few entities (`&quot;` is not one), reads formulas and fills in `%{x}`."""
    return text.translate(_PLOTLY)


def markdown(text: str) -> str:
    """Escape a text for Streamlit's Markdown: no links, pictures, colours or formulas come out of it."""
    escaped = _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
    return _TYPOGRAPHIC.sub(
        _JOINER, escaped
    )  # Streamlit makes dashes and arrows of what is left after escapes


def csv(text: str) -> str:
    """Make a text safe in a spreadsheet, which would run what begins like a formula; quoting is the writer's."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def file_name(text: str) -> str:
    """Turn a text into a name that is a file's on every system: no folders, nothing reserved, not too long."""
    name = re.sub(r"[^\w-]+", "_", text).strip("_-")[:_LONGEST] or "unnamed"
    return f"_{name}" if _RESERVED.match(name) else name
