"""Dialogs and menus that can be used with the keyboard alone: two scripts in ``dashboard/ui/page/``.

``dialog_keys`` is needed for Streamlit 1.67, whose dialogs keep the focus inside, but look for what can have it in the
page's own elements only: Tab passes over all that is in a component. And when a dialog closes, the focus goes back to
the element it came from; a component that has drawn itself anew since has other elements, and the focus falls to the
body. The script moves the focus through components too, gives it back to the image's tile wherever that now is, and has
the arrow keys press the two buttons that walk through a list. It may go, but for these, when
``tests/browser/images/test_drawer.py`` passes without it.

``menu_keys`` is needed for the popovers of Streamlit 1.67: they stand at the end of the document, so that Tab comes to
them after all else, and one whose button says something else is made anew, closed, while the focus falls to the body.
It may go when ``tests/browser/access/test_keyboard.py`` passes without it.
"""

from __future__ import annotations

from dashboard.workarounds.page_scripts import page_script


def walk_by_keys(row: int) -> None:
    """Mount the script in the dialog that shows an image."""
    page_script("dialog_keys")(key="dialog_keys", data={"row": row})


def open_menus_by_keys() -> None:
    """Mount the script in the bar, for all menus."""
    page_script("menu_keys")(key="menu_keys")
