"""The modules of Streamlit's elements are fetched while the page is opened, not when the first element of a kind comes.

Needed for Streamlit 1.67. Its client loads the code of each kind of element when the first one is drawn, a level of
imports after the other, and shows a grey bar of 40 px meanwhile: what stands below moves, once for each kind. It may go
when ``tests/browser/pages/test_topbar.py``, which measures how much moves, passes without it. Where Streamlit has other
names nothing is fetched early, and nothing else changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import streamlit

MODULES = Path(streamlit.__file__).parent / "static" / "static" / "js"
ELEMENTS = (
    "Html",
    "StreamlitMarkdown",
    "BidiComponent",
    "PageLink",
    "Selectbox",
    "Button",
    "ButtonGroup",
    "TextInput",
    "Slider",
    "Radio",
    "ProgressBar",
    "Pagination",
)
"""The kinds that pages are made of."""
_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.-]+\.js)"')


@cache
def link_tags() -> bytes:
    """Give the HTML elements that have the browser fetch the modules at once, and know them before the page starts."""
    needed = [list(_needed(element)) for element in ELEMENTS]
    names = dict.fromkeys(name for names in needed for name in names)
    tags = (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in names)
    imports = "".join(f'import "./static/js/{names[0]}";' for names in needed if names)
    return f'{"".join(tags)}<script type="module" crossorigin>{imports}</script>'.encode()


def _needed(element: str) -> Iterator[str]:
    """List the module of an element, and all that it imports, from which each is imported only once."""
    waiting = [path.name for path in MODULES.glob(f"{element}.*.js")]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or not (MODULES / name).is_file():
            continue
        seen.add(name)
        waiting += _IMPORT.findall((MODULES / name).read_text(encoding="utf-8"))
        yield name
