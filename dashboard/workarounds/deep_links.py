"""Links to a page open without a detour: the browser is told where Streamlit's server and the map's modules are.

Needed for Streamlit 1.67. Opened at ``/errors``, its client first looks for the server below that address: without the
script in ``dashboard/ui/page/deep_links.js`` every shared link begins with two failed requests and a later start. It
may go when ``tests/browser/pages/test_pages.py``, which fails on any error in the console, passes without it; the
map's modules then come one level of imports after the other (``docs/decisions/0006-deep-links.md``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dashboard.server import ui_bundle
from dashboard.workarounds import history

SCRIPT = Path(__file__).parents[1] / "ui" / "page" / "deep_links.js"
ENTRIES = (
    *(
        f"widgets/{name}.js"
        for name in ("map_thumbnail", "gallery", "class_table", "choices", "history_table")
    ),
    "map/entry.js",
)
"""The components whose modules browsers fetch early: first those of the start page, which are small."""


def script_tags(depth: int) -> bytes:
    """Give the HTML elements that hold the script, and those that mind the browser's history.

    Parameters
    ----------
    depth : int
        How many names the page's address has below the server's: any address may be asked for.
    """
    return f'<script data-depth="{depth}" '.encode() + _rest()


@cache
def _rest() -> bytes:
    modules = dict.fromkeys(module for entry in ENTRIES for module in ui_bundle.modules(entry))
    addresses = " ".join(f"lazybones/ui/{ui_bundle.version()}/{module}" for module in modules)
    own, *others = (path.read_text(encoding="utf-8") for path in (SCRIPT, *history.SCRIPTS))
    return f'data-modules="{addresses}">{own}</script><script>{"".join(others)}</script>'.encode()
