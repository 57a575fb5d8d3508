"""Back, Forward and a reload show a page where it was left: scrolled as far, of the same page and filter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAIN = "document.querySelector('[data-testid=stMain]')"
LOW = 300  # pixels of height: little enough for every page to be scrolled


def scrolled(tab, share: float = 0.6) -> float:
    """Scroll down by a share of what can be scrolled; give how far."""
    tab.settle()
    tab.page.evaluate(
        f"(share) => {MAIN}.scrollTo(0, ({MAIN}.scrollHeight - {MAIN}.clientHeight) * share)", share
    )
    tab.page.wait_for_timeout(300)
    top = tab.page.evaluate(f"{MAIN}.scrollTop")
    assert top > 50, "the page must be taller than its window"
    return top


def is_at(tab, top: float) -> None:
    """Wait until the page is scrolled so far, and see that it stays there."""
    close = f"(top) => Math.abs(({MAIN}?.scrollTop ?? -9) - top) < 2"
    tab.page.wait_for_function(close, arg=top, timeout=PATIENCE * 1000)
    tab.settle()
    tab.page.wait_for_timeout(800)
    assert tab.page.evaluate(f"{MAIN}.scrollTop") == pytest.approx(top, abs=2)


def open_image(tab) -> None:
    """Open the image that lies nearest to the middle of the window."""
    middle = """(tiles) => tiles.map((tile) => {
      const { top, height } = tile.getBoundingClientRect();
      return Math.abs(top + height / 2 - innerHeight / 2);
    })"""
    tab.page.locator("button.tile").first.wait_for()
    far = tab.page.locator("button.tile").evaluate_all(middle)
    before = tab.page.evaluate(f"{MAIN}.scrollTop")
    tab.page.locator("button.tile").nth(far.index(min(far))).dispatch_event("click")
    tab.page.wait_for_url(re.compile("image="))
    tab.page.get_by_role("dialog").wait_for()
    tab.settle()
    assert tab.page.evaluate(f"{MAIN}.scrollTop") == before


def to_page(name: str) -> Callable:
    """Go to another page by the bar, and down it."""

    def act(tab):
        tab.page.locator(".st-key-pages a", has_text=name).click()
        tab.page.wait_for_url(re.compile(f"/{name.lower()}"))
        tab.settle()

    return act


PLACES = {
    "errors, an image": ("errors", "&true=1", open_image),
    "errors, another page": ("errors", "&true=1", to_page("Confusion")),
    "confusion, an image": ("confusion", "&true=3&predicted=1", open_image),
    "compare, a page without scrolling": ("compare", "&group=fixed", to_page("Map")),
    "overview, another page": ("", "", to_page("Errors")),
}


@pytest.mark.parametrize("name", PLACES)
def test_back_and_reload_return_to_where_one_was(address, visit, name):
    """After what was done far down the page, Back shows that address and that place; a reload there does, too."""
    page, query, act = PLACES[name]
    tab = visit(height=LOW)
    tab.open(f"{address}{page}?run=planted{query}")
    top, before = scrolled(tab), tab.page.url
    act(tab)
    tab.page.go_back()
    tab.page.wait_for_url(lambda url: url.startswith(before))  # maps add their own part
    is_at(tab, top)
    tab.page.reload()
    is_at(tab, top)
    assert tab.page.url.startswith(before)
    assert tab.complaints == []


def test_each_entry_has_its_own_place(address, visit):
    """Back and Forward over two pages; and a page that is gone to anew begins at its top."""
    tab = visit(height=LOW)
    tab.open(f"{address}errors?run=planted")
    first = scrolled(tab, 0.8)
    to_page("Retrain")(tab)
    tab.page.wait_for_function(f"{MAIN}.scrollTop === 0")
    second = scrolled(tab, 0.3)
    tab.page.go_back()
    tab.page.wait_for_url(re.compile("/errors"))
    is_at(tab, first)
    tab.page.go_forward()
    tab.page.wait_for_url(re.compile("/retrain"))
    is_at(tab, second)


def test_whoever_scrolls_meanwhile_is_left_alone(address, visit):
    """The wheel counts for more than the place that is remembered."""
    tab = visit(height=LOW)
    tab.open(f"{address}errors?run=planted")
    top = scrolled(tab)
    tab.page.reload()
    tab.page.wait_for_function(f"(top) => Math.abs(({MAIN}?.scrollTop ?? -9) - top) < 2", arg=top)
    tab.page.mouse.move(400, 200)
    tab.page.mouse.wheel(0, -4000)
    tab.page.wait_for_timeout(1500)
    assert tab.page.evaluate(f"{MAIN}.scrollTop") < top / 2
