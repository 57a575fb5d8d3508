"""The browser's history: one action of the viewer is one entry, and Back shows what was there before.

Needed for Streamlit 1.67. It adds an entry for every address that it writes: a page that was opened and then corrects
its address makes two, and the first of them is a state that nobody has seen. ``dashboard/ui/page/one_entry.js`` lets an
address that nobody's press or key has asked for take the place of the last one.

And it tells its server of a link to the page that is shown, but not the browser, which goes on sending the address of
before: ``dashboard/ui/page/own_links.js`` changes the address first. Nor do its links to the start page say where they
lead, which matters in a new tab: the same script mends them.

And it scrolls an element of its own, not the window, so that browsers don't remember how far a page was scrolled:
``dashboard/ui/page/scroll_memory.js`` does.

Each may go when ``tests/browser/pages/test_history.py`` and ``test_topbar.py``, and ``tests/browser/walk/``, pass
without it.
"""

from __future__ import annotations

from pathlib import Path

SCRIPTS = tuple(
    Path(__file__).parents[1] / "ui" / "page" / f"{name}.js"
    for name in ("one_entry", "own_links", "scroll_memory")
)
