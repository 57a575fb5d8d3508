"""The browser's history: one action of the viewer is one entry, and Back shows what was there before.

Needed for Streamlit 1.67. It adds an entry for every address that it writes: a page that was opened and then corrects
its address makes two, and the first of them is a state that nobody has seen. ``dashboard/ui/page/one_entry.js`` lets an
address that nobody's press or key has asked for take the place of the last one. It may go when
``tests/browser/pages/test_history.py`` passes without it.
"""

from __future__ import annotations

from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "ui" / "page" / "one_entry.js"
