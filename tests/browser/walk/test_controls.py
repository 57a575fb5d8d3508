"""Every control of every page: what it changes is in the address, and Back undoes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.navigation import discover
from tests.browser.walk.controls import SCRIPT, Control, difference, drawn, found, state, use

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = [page.path for page in discover()]
FAULTS = {
    "map": "Which tab of the inspector is open, and in which order its gallery stands, is not in the address.",
    **dict.fromkeys(("overview", "confusion", "separability", "compare"), "Not walked to its end yet."),
    "retrain": "The table of what was tried is the session's, and shows its buttons only there.",
}
"""What the walk has found and nobody has mended yet."""
ENTRY = "navigation.currentEntry.key"


def faults(tab, private, control: Control) -> Iterator[str]:
    """Use a control, and go the three ways to the state that follows, and the one to the state before."""
    before, entry = state(tab), tab.page.evaluate(ENTRY)
    use(tab, control, found(tab)[control])
    tab.page.wait_for_timeout(1200)  # the map writes its address up to a second later
    after = state(tab)
    tab.page.reload()
    again = state(tab, after)
    if again != after:
        yield f"{control}: reloaded, {difference(again, after)}"
    if after["address"] != before["address"]:
        other = private()
        other.page.add_init_script(SCRIPT)
        other.open(tab.page.url)
        seen = state(other, after)
        if seen != after:
            yield f"{control}: in a private window, {difference(seen, after)}"
        other.page.context.close()
    if tab.page.evaluate(ENTRY) == entry:
        if after["address"] != before["address"]:
            yield f"{control}: no entry of the history for {after['address']}"
        return
    tab.page.go_back()
    back = state(tab, before)
    if back != before:
        yield f"{control}: Back, {difference(back, before)}"


def page_or_fault(page: str):
    """Give a page for the walk; it may fail where a fault is known."""
    marks = [pytest.mark.xfail(reason=FAULTS[page], strict=False)] if page in FAULTS else []
    return pytest.param(page, marks=marks)


@pytest.mark.parametrize("page", [page_or_fault(page) for page in PAGES])
def test_every_control_keeps_its_state_in_the_address(address, visit, page):
    """Reloaded, or opened in a private window, it is the same after each; Back shows what was before."""
    start = f"{address}{'' if page == PAGES[0] else page}?run=planted"
    tab = visit(height=800)
    tab.page.add_init_script(SCRIPT)
    tab.open(start)
    state(tab)
    controls = drawn(found(tab), seed=PAGES.index(page))
    assert controls
    wrong: list[str] = []
    clean = True
    for control in controls:
        if not clean or not state(tab)["address"].startswith(start) or control not in found(tab):
            tab.open(start)
            state(tab)
        if control not in found(tab):
            wrong.append(f"{control}: is not there any more")
            continue
        new = list(faults(tab, lambda: visit(height=800), control))
        clean = not new
        wrong += new
    assert wrong == []
    assert tab.complaints == []
