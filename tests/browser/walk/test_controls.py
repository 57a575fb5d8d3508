"""Every control of every page: what it changes is in the address, and Back undoes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.navigation import discover
from tests.browser.conftest import Visit
from tests.browser.walk.controls import SCRIPT, Control, State, difference, drawn, found, state, use

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = [page.path for page in discover()]
ENTRY = "navigation.currentEntry.key"


class PrivateWindow:
    """Opens links as somebody does who has never been here; only what browsers cache of files is kept."""

    def __init__(self, tab) -> None:
        self.context = tab.page.context
        tab.page.close()
        self.context.add_init_script(SCRIPT + "if (location.host) localStorage.clear();")

    def begin(self, link: str):
        """Begin to open a link; `state` waits for it."""
        self.context.clear_cookies()
        tab = Visit(self.context.new_page())
        tab.page.goto(link, wait_until="commit")
        return tab


def faults(tab, private: PrivateWindow, control: Control, before: State) -> Iterator[str]:
    """Use a control, and go the three ways to the state that follows, and the one to the state before."""
    entry = tab.page.evaluate(ENTRY)
    use(tab, control)
    after = state(tab)
    if after == before:
        return
    tab.page.reload(wait_until="commit")
    other = private.begin(tab.page.url)  # both at once
    again, seen = state(tab, after), state(other, after)
    other.page.close()
    if again != after:
        yield f"{control}: reloaded, {difference(again, after)}"
    if seen != after:
        yield f"{control}: in a private window, {difference(seen, after)}"
    if tab.page.evaluate(ENTRY) == entry:
        yield f"{control}: no entry of the history for {after['address']}"
        return
    tab.page.go_back()
    back = state(tab, before)
    if back != before:
        yield f"{control}: Back, {difference(back, before)}"


@pytest.mark.parametrize("page", PAGES)
def test_every_control_keeps_its_state_in_the_address(address, visit, page):
    """Reloaded, or opened in a private window, it is the same after each; Back shows what was before."""
    start = f"{address}{'' if page == PAGES[0] else page}?run=planted"
    tab, private = visit(height=800), PrivateWindow(visit(height=800))
    tab.page.add_init_script(SCRIPT)
    tab.page.goto(start)
    before = state(tab)
    controls = drawn(found(tab), seed=PAGES.index(page))
    assert controls
    wrong: list[str] = []
    for control in controls:
        if control not in found(tab):
            wrong.append(f"{control}: is not there any more")
            continue
        try:
            new = list(faults(tab, private, control, before))
        except Exception as error:
            error.add_note(f"This was {control}. Before: {wrong}. The browser's complaints: {tab.complaints}")
            raise
        wrong += new
        if new:
            tab.page.goto("about:blank")
            tab.page.goto(start)
            before = state(tab)
    assert wrong == []
    assert tab.complaints == []
