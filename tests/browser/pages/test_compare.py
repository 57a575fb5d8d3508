"""The page that compares two classifiers, in a real browser."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData
from tests.browser.conftest import running_dashboard
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A store of this file's own with two runs of the same images."""
    store = Store(tmp_path_factory.mktemp("compare") / "cache")
    planted_run(store, "planted", plan=Plan(noise=2.5), stand_in=True)
    planted_run(store, "rival", plan=Plan(noise=2.5), extractor="hog")
    return store.root


@pytest.fixture(scope="module")
def address(cache, chromium):
    """The address of the page."""
    with running_dashboard(cache) as root:
        yield f"{root}compare"


def tiles(tab) -> set[int]:
    """Give the rows of the images that are shown."""
    tab.page.locator(".gallery[data-drawn]").wait_for()
    shown = tab.page.locator("button.tile")
    return {int(shown.nth(i).get_attribute("data-row")) for i in range(shown.count())}


def test_cell_of_the_table_and_class_open_their_images(address, cache, visit):
    """Only A right; then, of one class, where the two differ; the address opens the same again."""
    a, b = (RunData(Store(cache), name) for name in ("planted", "rival"))
    right = [np.array(data.own_predictions.predicted) == data.test_labels for data in (a, b)]
    tab = visit()
    tab.open(f"{address}?run=planted")
    tab.page.locator("button[data-name=fixed]").click()
    tab.page.wait_for_url(re.compile("group=fixed"))
    tab.settle()
    only_a = np.flatnonzero(right[0] & ~right[1])
    assert len(tiles(tab)) == min(16, len(only_a))
    assert tiles(tab) <= set(only_a.tolist())
    tab.page.locator(".classes tbody tr").nth(2).click()
    tab.page.wait_for_url(lambda url: "true=2" in url and "group" not in url)
    tab.settle()
    differ = a.own_predictions.predicted != b.own_predictions.predicted
    wanted = np.flatnonzero(differ & (a.test_labels == 2))
    assert tiles(tab) <= set(wanted.tolist())
    again = visit(700)
    again.open(tab.page.url)
    assert tiles(again) == tiles(tab)
    assert tab.complaints == again.complaints == []


def test_swap_turns_the_comparison_round(address, visit):
    """The difference changes its sign; address, bar and a notice name the new A; the stand-in stays marked."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    bar = tab.page.locator(".st-key-topbar")
    mark = bar.get_by_role("button", name="Stand-in")
    cards = tab.page.locator(".lb-cards > div")
    accuracies = [cards.nth(i).locator("dd").first.inner_text() for i in (0, 1)]
    mark.wait_for()
    for run, versus in (("rival", "planted"), ("planted", "rival")):
        tab.page.get_by_role("button", name="Swap").click()
        tab.page.wait_for_url(re.compile(f"run={run}.*versus={versus}"))
        tab.page.get_by_text(re.compile(f"^A is {run}.* now, on every page")).wait_for()
        tab.settle()
        accuracies.reverse()
        assert [cards.nth(i).locator("dd").first.inner_text() for i in (0, 1)] == accuracies
        assert bar.get_by_role("combobox", name="Run").input_value() == run
        mark.wait_for()
    assert tab.complaints == []


def test_an_opponent_that_nobody_has_named_is_marked_too(address, visit):
    """The address says no other run; the page compares with a stand-in, and says so."""
    tab = visit()
    tab.open(f"{address}?run=rival")
    tab.page.locator(".st-key-topbar").get_by_role("button", name="Stand-in").wait_for()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_page_fits_its_window(address, visit, width, dark):
    """Nothing lies over the edge."""
    tab = visit(width, dark=dark)
    tab.open(f"{address}?run=planted&group=wrong")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.complaints == []
