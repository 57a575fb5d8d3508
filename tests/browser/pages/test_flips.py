"""What flipped, in a real browser: cards, cells, history and links."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData
from dashboard.statistics.flips import FIXED, Flips
from tests.browser.conftest import running_dashboard
from tests.planted import Plan, linear, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELL = """([x, y]) => {
  const chart = [...document.querySelectorAll('.js-plotly-plot')].find(c => c.querySelector('.heatmaplayer'));
  const {xaxis, yaxis} = chart._fullLayout, {left, top} = chart.getBoundingClientRect();
  return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
}"""
"""Where on the screen a place of the matrix is."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A store of this file's own with two runs of the same images."""
    store = Store(tmp_path_factory.mktemp("flips") / "cache")
    planted_run(store, "planted", plan=Plan(noise=2.5))
    planted_run(store, "planted-hog", plan=Plan(noise=2.5), extractor="hog")
    return store.root


@pytest.fixture(scope="module")
def address(cache, chromium):
    """The address of the page."""
    with running_dashboard(cache) as root:
        yield f"{root}retrain"


@pytest.fixture
def flips(cache):
    """What changes from C = 0.1 to C = 0.001."""
    data = RunData(Store(cache), "planted")
    before, after = (np.array(data.predictions(linear(C)).predicted) for C in (0.1, 0.001))
    return Flips(data.test_labels, before, after)


def tiles(tab) -> set[int]:
    """Give the rows of the images that are listed; the curve shows some of them, too."""
    tab.page.locator(".st-key-detail .gallery[data-drawn]").wait_for()
    shown = tab.page.locator(".st-key-detail button.tile")
    return {int(shown.nth(i).get_attribute("data-row")) for i in range(shown.count())}


@pytest.mark.parametrize("phone", [False, True], ids=["click", "tap"])
def test_card_and_cell_open_exactly_their_images(address, visit, flips, phone):
    """The fixed ones; then those of one cell; the address says which, and opens the same elsewhere."""
    tab = visit(390 if phone else 1280, 900, has_touch=phone, is_mobile=phone)
    tab.open(f"{address}?run=planted&C=0.001")
    card = tab.page.locator(f"button[data-name={FIXED}]")
    assert str(flips.counts[FIXED]) in card.inner_text()
    (card.tap if phone else card.click)()
    tab.page.wait_for_url(re.compile("group=fixed"))
    tab.settle()
    assert tiles(tab) == set(flips.rows(FIXED).tolist()[:16])
    came, went = flips.moves(4)
    true, said = map(int, np.argwhere((came + went > 0) & ~np.eye(4, dtype=bool))[0])
    (card.tap if phone else card.click)()
    tab.page.wait_for_url(lambda url: "group" not in url)
    tab.settle()
    chart = tab.page.locator(".js-plotly-plot").first
    chart.locator(".heatmaplayer image").first.wait_for()
    chart.scroll_into_view_if_needed()
    place = tab.page.evaluate(CELL, [said + 0.5, true + 0.5])
    (tab.page.touchscreen.tap if phone else tab.page.mouse.click)(*place)
    tab.page.wait_for_url(re.compile(f"true={true}&predicted={said}"))
    tab.settle()
    wanted = {row for row in flips.rows(None, [said]).tolist() if flips.true[row] == true}
    assert tiles(tab) == wanted
    other = visit(800)
    other.open(tab.page.url)
    assert tiles(other) == wanted
    assert tab.complaints == other.complaints == []


def test_history_steps_back_pins_and_keeps_notes(address, visit):
    """A note survives another page; Use goes back; Pin puts the baseline into the address."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    tab.page.get_by_role("slider", name="Penalty C").press("ArrowRight")
    tab.page.wait_for_url(re.compile(r"C=1\.0"))
    tab.settle()
    rows = tab.page.locator(".history tbody tr")
    assert rows.count() == 2
    rows.first.get_by_role("textbox").fill("promising")
    rows.first.get_by_role("textbox").press("Enter")
    tab.settle()
    tab.page.locator(".st-key-pages a", has_text="Overview").click()
    tab.page.wait_for_url(re.compile(r"/\?run=planted&C=1\.0$"))
    tab.settle()
    tab.page.locator(".st-key-pages a", has_text="Retrain").click()
    tab.page.wait_for_url(re.compile("/retrain"))
    tab.settle()
    assert rows.first.get_by_role("textbox").input_value() == "promising"
    rows.first.get_by_role("button", name="Pin").click()
    tab.page.wait_for_url(re.compile(r"versusC=1\.0"))
    tab.settle()
    rows.nth(1).get_by_role("button", name="Use").click()
    tab.page.wait_for_url(lambda url: "&C=" not in url and "versusC=1.0" in url)
    tab.settle()
    assert "From C = 1 to C = 0.1" in tab.page.locator(".curve .words").inner_text()
    assert tab.complaints == []


def test_another_run_is_a_baseline_too(address, visit):
    """The change of the feature set, from its own run to this one."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    tab.page.get_by_label("Compare with").click()
    tab.page.get_by_role("option", name="planted-hog").click()
    tab.page.wait_for_url(re.compile("versus=planted-hog"))
    tab.settle()
    assert tab.page.locator(".curve .words").inner_text() == "From planted-hog, C = 0.1 to planted, C = 0.1"
    assert tab.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_page_fits_its_window(address, visit, width, dark):
    """Nothing lies over the edge, whatever is open."""
    tab = visit(width, dark=dark)
    tab.open(f"{address}?run=planted&C=0.001&versus=planted-hog&group=broke")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.complaints == []
