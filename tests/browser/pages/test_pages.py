"""Every page in a real browser: no complaints, nothing wider than the screen, crisp images."""

from __future__ import annotations

import re

import pytest

from dashboard.navigation import discover

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = [page.path for page in discover()]
OVERFLOW = "() => document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth"


def address_of(dashboard: str, page: str, query: str = "run=planted") -> str:
    """Give a page's address; the start page is at the root."""
    return f"{dashboard}{'' if page == PAGES[0] else page}?{query}"


def has_tiles(tab, n: int) -> None:
    """Wait until so many tiles are on the page."""
    from playwright.sync_api import expect

    expect(tab.page.locator("button.tile")).to_have_count(n)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws_without_complaint_and_fits_the_screen(dashboard, visit, page, width, dark):
    """On a desk and on a phone, in both themes, the console stays silent and nothing sticks out."""
    tab = visit(width, dark=dark)
    tab.open(address_of(dashboard, page))
    assert tab.page.locator("h1").count() == 1
    here = tab.page.locator(".st-key-pages a[aria-current=page]").inner_text()
    assert tab.page.title() == f"{here} · Lazybones"
    assert tab.page.locator("[role=alert].lb-trouble, .stException").count() == 0
    assert tab.page.evaluate(OVERFLOW) <= 0
    assert tab.complaints == []


@pytest.mark.parametrize("page", PAGES)
def test_names_from_the_data_stay_text(dashboard, visit, page):
    """A class named with tags shows the tags and makes no element."""
    tab = visit(390)
    tab.open(address_of(dashboard, page, "run=planted-grey"))
    assert tab.page.evaluate(
        "() => [...document.querySelectorAll('b')].every(b => !/^class \\d+$/.test(b.innerText))"
    )
    assert tab.page.evaluate(OVERFLOW) <= 0
    assert tab.complaints == []


def test_the_navigation_keeps_run_and_filters(dashboard, visit):
    """Going from page to page changes the path of the address, and nothing else of it."""
    tab = visit()
    query = "run=planted&C=1.0&true=1"
    tab.open(address_of(dashboard, "errors", query))
    for page in discover():
        tab.page.locator(".st-key-pages a", has_text=page.title).click()
        tab.page.wait_for_url(re.compile(rf"/{'' if page.path == PAGES[0] else page.path}\?"))
        tab.settle()
        tab.page.wait_for_url(re.compile(re.escape(query) + "(#|$)"))  # two maps say theirs behind it
    assert tab.complaints == []


def test_a_private_window_shows_the_same(dashboard, visit):
    """What a click put into the address, a second browser shows."""
    first = visit()
    first.open(address_of(dashboard, "errors"))
    first.page.get_by_label("True class").click()
    first.page.get_by_role("option", name="square").click()
    first.page.wait_for_url(re.compile("true=1"))
    first.settle()
    tile = first.page.locator("button.tile").first
    row = tile.get_attribute("data-row")
    tile.click()
    first.page.wait_for_url(re.compile(f"image={row}"))
    first.settle()
    first.page.locator("[role=dialog] .gallery[data-drawn]").nth(2).wait_for()
    second = visit()
    second.open(first.page.url)
    has_tiles(second, first.page.locator("button.tile").count())
    lead = ".lb-lead"
    assert second.page.locator(lead).inner_text() == first.page.locator(lead).inner_text()
    assert second.page.get_by_role("dialog").inner_text() == first.page.get_by_role("dialog").inner_text()


def test_opening_a_page_leaves_its_address_alone(dashboard, visit):
    """The dashboard writes into the address only what the user changed."""
    tab = visit()
    for query in ("", "run=planted&C=nonsense&true=99", "run=planted&stranger=1#zoom"):
        tab.page.goto("about:blank")
        tab.open(f"{dashboard}errors?{query}" if query else dashboard)
        assert tab.page.url == (f"{dashboard}errors?{query}" if query else dashboard)


def test_the_back_button_undoes_a_filter(dashboard, visit):
    """Each change of the view is one step of the browser's history."""
    tab = visit()
    tab.open(address_of(dashboard, "errors", "run=planted&true=1"))
    tab.page.locator("button.tile").first.wait_for()
    before = tab.page.locator("button.tile").count()
    tab.page.get_by_role("button", name="Clear filters").click()
    tab.page.wait_for_url(re.compile(r"run=planted$"))
    tab.settle()
    tab.page.locator("button.tile").nth(before).wait_for()
    tab.page.go_back()
    tab.settle()
    has_tiles(tab, before)


def test_a_neighbour_can_be_followed_and_the_drawer_closed(dashboard, visit):
    """The drawer shows an image's neighbours; a click on one shows that one's, and closing clears the address."""
    tab = visit()
    tab.open(address_of(dashboard, "errors"))
    tab.page.locator("button.tile").first.click()
    drawer = tab.page.get_by_role("dialog")
    neighbour = drawer.locator("button.tile:not(.still)").nth(2)
    neighbour.wait_for()
    row = neighbour.get_attribute("data-row")
    neighbour.click()
    tab.page.wait_for_url(re.compile(f"image={row}$"))
    tab.settle()
    drawer.get_by_role("button", name="Close").click()
    tab.page.wait_for_url(re.compile(r"run=planted$"))
    assert tab.complaints == []


def test_images_are_drawn_pixel_for_pixel(dashboard, visit, planted_cache):
    """A tile's canvas holds the image's own pixels, and the browser enlarges them without blurring."""
    from cache import Store
    from dashboard.run.data import RunData, pixels

    tab = visit()
    tab.open(address_of(dashboard, "errors"))
    tab.page.locator(".gallery[data-drawn]").wait_for()
    tile = tab.page.locator("button.tile").first
    drawn = tile.locator("canvas").evaluate(
        "c => [c.width, c.height, getComputedStyle(c).imageRendering,"
        " [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]"
    )
    own = pixels(RunData(Store(planted_cache), "planted"), "test", [int(tile.get_attribute("data-row"))])[0]
    assert drawn[:3] == [own.shape[1], own.shape[0], "pixelated"]
    assert [value for i, value in enumerate(drawn[3]) if i % 4 < 3] == own.reshape(-1).tolist()


def test_the_class_table_sorts_and_leads_to_the_errors(dashboard, visit):
    """The lowest recall stands first; a heading sorts the classes by its column; a class opens its errors."""
    tab = visit()
    tab.open(address_of(dashboard, PAGES[0]))
    for column, name in ((3, None), (2, "Precision")):
        if name:
            tab.page.locator(".classes thead button", has_text=name).click()
            tab.page.wait_for_url(re.compile("ranked=precision$"))
        tab.page.locator(".classes tbody tr").first.wait_for()
        cells = tab.page.locator(f".classes tbody td:nth-child({column})").all()
        values = [float(cell.inner_text()) for cell in cells]
        assert values == sorted(values)
        assert values[0] < values[-1]
    tab.page.locator(".classes tbody tr", has_text="cross").click()
    tab.page.wait_for_url(re.compile(r"errors\?run=planted&true=2&ranked=precision$"))


@pytest.mark.parametrize(
    ("query", "says"), [("?run=nonsense", "has no run"), ("?run=planted&C=0.37", "No classifier")]
)
def test_what_the_address_asks_in_vain_is_said(dashboard, visit, query, says):
    """A run that is not there, or a C nobody fitted, is named; another is shown instead."""
    tab = visit()
    tab.open(f"{dashboard}{query}")
    assert says in tab.page.locator(".stAlert").first.inner_text()
    assert tab.page.locator("h1").inner_text().endswith("images are right")
