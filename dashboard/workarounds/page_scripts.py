"""Scripts without anything to see: ES modules in ``dashboard/ui/page/``.

``exact_clicks`` makes a click or tap on a chart mean the point under it. Needed for the Plotly.js 4 that Streamlit 1.67
brings, where a click means what was hovered last: without it a tap selects what the tap before it was nearest to, and a
quick click what the mouse passed. It may go when ``tests/browser/pages/test_confusion.py`` passes without it
(``docs/decisions/0007-clicking-plotly-charts.md``).

``current_page`` brings the link of the current page into view where the bar scrolls, and says ``aria-current`` of it.
Needed for Streamlit 1.67, whose links do neither. It may go when ``tests/browser/pages/test_topbar.py`` passes without
it.

``root_theme`` says at the document's root whether the theme is dark. Needed for Streamlit 1.67, which says it at the
app's root, outside which drawers and menus hang. It may go when ``tests/browser/access/test_axe.py`` passes without it.

``theme_change`` draws the page again when the system goes dark or light. Needed for Streamlit 1.67, which changes its
own colours but runs no script: without it figures, whose colours come from Python, stay as they were. It may go when
``tests/browser/pages/test_retrain.py`` passes without it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.components.widget import component

_FOLDER = Path(__file__).parents[1] / "ui" / "page"


def mend_charts(*, dark: bool) -> None:
    """Mount both scripts on this page, which was drawn for the dark theme or the light one."""
    page_script("exact_clicks")(key="exact_clicks")
    page_script("theme_change")(key="theme_change", data={"dark": dark}, on_dark_change=lambda: None)


def mark_current_page(path: str) -> None:
    """Tell the bar which page it stands on."""
    page_script("current_page")(key="current_page", data={"page": path})


def tell_theme() -> None:
    """Say at the document's root whether the theme is dark."""
    page_script("root_theme")(key="root_theme")


@cache
def page_script(name: str) -> Callable[..., Any]:
    """Give the mount command of a script of ``dashboard/ui/page/``."""
    return component(f"lazybones_{name}", js=(_FOLDER / f"{name}.js").read_text(encoding="utf-8"))
