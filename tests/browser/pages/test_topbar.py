"""The bar on top of every page: the same height everywhere, all of it within reach, and nothing that moves."""

from __future__ import annotations

import re

import pytest

from cache import Store
from dashboard.navigation import discover
from dashboard.run.data import RunData
from dashboard.wording.numbers import percent
from tests.browser.pages.test_pages import PAGES, address_of
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push([entry.startTime, entry.value]);
}).observe({ type: "layout-shift", buffered: true });
"""
BOX = "e => { const { x, y, width, height } = e.getBoundingClientRect(); return [x, y, width, height]; }"


def shifted(tab) -> float:
    """Give the cumulative layout shift since it was asked last, as browsers measure it: of the worst burst.

    A burst ends with a second in which nothing moves, or after five (https://web.dev/articles/cls).
    """
    tab.page.wait_for_timeout(1500)
    worst = burst = 0.0
    began = last = -1e9
    for at, value in tab.page.evaluate("() => window.shifts.splice(0)"):
        if at - last > 1000 or at - began > 5000:
            burst, began = 0.0, at
        burst, last = burst + value, at
        worst = max(worst, burst)
    return worst


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_a_page_comes(dashboard, planted_cache, visit, width):
    """Cumulative layout shift is at most 0.1, of every page: opened, gone to, and while something is computed."""
    tab = visit(width)
    tab.page.add_init_script(SHIFTS)
    moved = {}
    for page in PAGES:
        tab.open(address_of(dashboard, page))
        moved[f"{page}, opened"] = shifted(tab)
    links = tab.page.locator(".st-key-pages a")
    for i in range(links.count()):
        links.nth(i).click()
        tab.settle()
        moved[f"{links.nth(i).inner_text()}, gone to"] = shifted(tab)
    new = planted_run(Store(planted_cache), f"new-{width}", plan=Plan(seed=width))
    tab.open(address_of(dashboard, "labels", f"run={new.name}"))
    tab.page.get_by_text("falsified on purpose").wait_for()  # what is computed last
    moved["labels, computed"] = shifted(tab)
    tab.open(address_of(dashboard, "labels", f"run={new.name}"))
    moved["labels, opened again"] = shifted(tab)
    tab.open(address_of(dashboard, "errors", f"run={new.name}&by=slices"))
    moved["errors, by slices"] = shifted(tab)
    (planted_cache / "runs" / f"{new.name}.json").unlink()
    assert {name: value for name, value in moved.items() if value > 0.1} == {}


@pytest.mark.parametrize(("width", "most"), [(1280, 56), (390, 96)])
def test_the_bar_has_one_height_and_stays(dashboard, visit, width, most):
    """One line on a desk, two on a phone; it is there after scrolling, and nothing in it is cut off below."""
    tab = visit(width)
    tab.open(address_of(dashboard, "errors"))
    tab.page.locator("button.tile").first.wait_for()
    bar = tab.page.locator(".st-key-topbar")
    before = bar.evaluate(BOX)
    assert before[1] == 0
    assert before[3] <= most
    tab.page.locator(".stMain").evaluate("e => e.scrollTo(0, 2000)")
    assert bar.evaluate(BOX) == before
    for part in tab.page.locator(".st-key-topbar :is(a, button, input)").all():
        _, y, _, height = part.evaluate(BOX)
        assert y >= 0
        assert y + height <= before[3] + 1
    assert tab.page.locator("[data-testid=stSidebar]").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", PAGES)
def test_a_stand_in_is_marked_on_every_page(dashboard, visit, page, width):
    """Within the window, with what it means a press away; runs of real features have no mark."""
    from playwright.sync_api import expect

    tab = visit(width)
    tab.open(address_of(dashboard, page))
    mark = tab.page.locator(".st-key-topbar").get_by_role("button", name="Stand-in")
    expect(mark).to_be_in_viewport(ratio=1)
    mark.click()
    expect(tab.page.get_by_text("must not be quoted")).to_be_visible()
    tab.open(address_of(dashboard, page, "run=planted-perfect"))
    expect(mark).to_have_count(0)


def test_what_one_compares_with_is_marked_too(dashboard, visit):
    """Whichever side the stand-in is on."""
    tab = visit()
    tab.open(address_of(dashboard, "compare", "run=planted-hog&versus=planted"))
    tab.page.locator(".st-key-topbar").get_by_role("button", name="Stand-in").wait_for()


def test_the_current_page_is_in_view_and_said(dashboard, visit):
    """On a phone the links scroll; the last one too comes into view, and screen readers are told."""
    tab = visit(390)
    for page in discover():
        tab.open(address_of(dashboard, page.path))
        here = tab.page.locator(".st-key-pages a[aria-current=page]")
        here.wait_for()
        assert here.inner_text() == page.title
        x, _, width, _ = here.evaluate(BOX)
        assert x >= 0
        assert x + width <= 390


def test_every_link_leads_to_its_page_in_a_new_tab(dashboard, visit):
    """Also that of the start page, from another one: with the pointer or the focus on it."""
    tab = visit()
    tab.open(address_of(dashboard, "errors"))
    tab.page.locator(".st-key-pages a[aria-current=page]").wait_for()
    links = tab.page.locator(".st-key-pages a").all()
    for come in ("hover", "focus"):
        paths = []
        for link in links:
            getattr(link, come)()
            paths.append(link.evaluate("link => link.pathname"))
        assert paths == ["/", *(f"/{page}" for page in PAGES[1:])]
        tab.page.reload()
        tab.page.locator(".st-key-pages a[aria-current=page]").wait_for()


def test_another_C_is_chosen_in_the_bar(dashboard, visit, planted_cache):
    """With the keyboard, from what is stored; the address and the button say it."""
    from cache import Store

    data = RunData(Store(planted_cache), "planted")
    C = data.settings.path.array("C").tolist()
    tab = visit()
    tab.open(address_of(dashboard, "errors"))
    button = tab.page.locator(".st-key-settings button").first
    button.focus()
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("radio", name=re.compile(r"^0\.1 ·")).focus()
    tab.page.keyboard.press("ArrowDown")
    following = C[C.index(0.1) + 1]
    tab.page.wait_for_url(re.compile(rf"C={following:g}"))
    tab.settle()
    said = data.predictions(data.settings.own.at(following))
    assert f"C = {following:g} · {percent(said.accuracy)} right" in button.inner_text()
    assert tab.complaints == []


@pytest.mark.parametrize("path", ["nopage", "no/such/page"])
def test_an_address_of_no_page_says_what_there_is(dashboard, visit, path):
    """The first page is shown, the address that was meant is named, and the console stays silent."""
    tab = visit()
    tab.open(f"{dashboard}{path}?run=planted")
    assert tab.page.locator(".st-key-pages a[aria-current=page]").inner_text() == "Overview"
    tab.page.get_by_text("no page").first.wait_for()
    assert tab.complaints == []
