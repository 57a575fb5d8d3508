"""The drawer of an image, with the keyboard alone."""

import re

import pytest

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const inside = Boolean(document.activeElement.closest('[role=dialog]'));
  return {inside, row: element.dataset?.row, still: element.matches('.still'), name: element.innerText.trim()};
}"""
BAR = ".st-key-drawer-bar"
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push([entry.hadRecentInput, entry.value]);
}).observe({ type: "layout-shift", buffered: true });
"""


def opened(tab, dashboard, place=2):
    """Open the image at a place of the errors from its tile, with Enter; give its row."""
    tab.open(f"{dashboard}errors?run=planted")
    tile = tab.page.locator(".gallery[data-drawn] button.tile").nth(place)
    row = tile.get_attribute("data-row")
    tile.focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile(f"image={row}$"))
    drawn(tab)
    return row


def drawn(tab):
    """Wait until all galleries of the drawer are drawn."""
    tab.page.locator("[role=dialog] .gallery[data-drawn]").nth(2).wait_for()
    tab.settle()


def focused(tab):
    """Tell what has the focus."""
    return tab.page.evaluate(FOCUSED)


def test_escape_gives_the_focus_back_to_the_tile(dashboard, visit):
    """The focus goes into the drawer, which has a name, and back to the tile that it came from."""
    tab = visit()
    row = opened(tab, dashboard)
    assert focused(tab)["inside"]
    assert tab.page.get_by_role("dialog", name="Image").count() == 1
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_url(re.compile("run=planted$"))
    tab.settle()
    assert (focused(tab)["inside"], focused(tab)["row"]) == (False, row)
    assert tab.complaints == []


def test_tab_reaches_all_of_it_and_nothing_else(dashboard, visit):
    """Close, the buttons, the link, terms, each gallery once, and round again; Shift goes back."""
    tab = visit()
    opened(tab, dashboard)
    stops = []
    for _ in range(24):
        tab.page.keyboard.press("Tab")
        stops.append(focused(tab))
    assert all(stop["inside"] for stop in stops)
    names = [stop["name"] for stop in stops]
    around = names.index(names[0], 1)
    assert any("Next" in name for name in names[:around])
    assert any("Show on the map" in name for name in names[:around])
    assert sum(stop["row"] is not None for stop in stops[:around]) == 3  # a stop a gallery
    tab.page.locator(BAR).get_by_role("button", name="Next").focus()
    tab.page.keyboard.press("Shift+Tab")
    assert "Previous" in focused(tab)["name"]


def test_arrows_walk_the_list_that_the_page_shows(dashboard, visit):
    """The next image comes into the same drawer and into the address; closed, the focus is on its tile."""
    tab = visit()
    opened(tab, dashboard, place=0)
    order = [tile.get_attribute("data-row") for tile in tab.page.locator(".stMain button.tile").all()]
    tab.page.evaluate("document.querySelector('[role=dialog]').dataset.same = 'yes'")
    assert tab.page.locator(BAR).get_by_role("button", name="Previous").is_disabled()
    for place, key in ((1, "ArrowRight"), (2, "ArrowRight"), (1, "ArrowLeft")):
        tab.page.keyboard.press(key)
        tab.page.wait_for_url(re.compile(f"image={order[place]}$"))
        tab.page.locator(BAR, has_text=f"{place + 1} of {len(order)}").wait_for()
        assert focused(tab)["inside"]
    drawn(tab)
    assert tab.page.locator("[data-same]").count() == 1
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_url(re.compile("run=planted$"))
    tab.settle()
    assert focused(tab)["row"] == order[1]
    assert tab.complaints == []


def test_a_reload_walks_on_in_the_list_that_was_opened(dashboard, visit):
    """The address says which list of the page it is; the examples of the classes are not the first on Overview."""
    tab = visit()
    tab.open(f"{dashboard}?run=planted")
    examples = tab.page.locator(".st-key-examples .gallery[data-drawn]")
    examples.wait_for()
    rows = [tile.get_attribute("data-row") for tile in examples.locator("button.tile").all()]
    examples.locator("button.tile").nth(1).click()
    tab.page.wait_for_url(re.compile(f"image={rows[1]}&list=examples$"))
    tab.open(tab.page.url)
    tab.page.locator(BAR, has_text=f"2 of {len(rows)}").wait_for()
    drawn(tab)
    tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_url(re.compile(f"image={rows[2]}&list=examples$"))
    tab.page.locator(BAR, has_text=f"3 of {len(rows)}").wait_for()
    assert tab.complaints == []


def test_arrows_in_a_gallery_move_the_focus_there(dashboard, visit):
    """Where an arrow does something it does not walk on."""
    tab = visit()
    row = opened(tab, dashboard)
    tab.page.locator("[role=dialog] button.tile:not(.still)").first.focus()
    before = focused(tab)["row"]
    tab.page.keyboard.press("ArrowRight")
    assert focused(tab)["row"] != before
    assert tab.page.url.endswith(f"image={row}")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_nothing_moves_while_one_walks(erring, visit, width, height):
    """Ten steps: the layout shift of all of them together, that of half a second after a key included."""
    tab = visit(width, height)
    tab.page.add_init_script(SHIFTS)
    opened(tab, erring, place=0)
    tab.page.evaluate("() => window.shifts.splice(0)")
    for place in range(2, 12):
        tab.page.keyboard.press("ArrowRight")
        tab.page.locator(BAR, has_text=re.compile(rf"(?<!\d){place} of ")).wait_for()
        drawn(tab)
    assert sum(value for _, value in tab.page.evaluate("() => window.shifts")) <= 0.1
    assert tab.complaints == []
