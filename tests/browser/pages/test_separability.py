"""The page of the pairs of classes, in a real browser: compute, click a pair, look at its images."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from pipeline.api import SeparabilityStage, ensure, pair_axis
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.planted import Plan, linear, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACE = """([x, y]) => {
  const chart = document.querySelector('.js-plotly-plot'), {xaxis, yaxis} = chart._fullLayout;
  const {left, top} = chart.getBoundingClientRect();
  return [left + xaxis._offset + xaxis.l2p(x), top + yaxis._offset + yaxis.l2p(y)];
}"""
"""Where on the screen a point of the first matrix is."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A store of this file's own."""
    store = Store(tmp_path_factory.mktemp("separability") / "cache")
    planted_run(store, "planted", plan=Plan(noise=2.5))
    return store.root


@pytest.fixture(scope="module")
def address(cache, chromium):
    """The address of the page."""
    with running_dashboard(cache) as root:
        yield f"{root}separability"


def test_pair_is_computed_clicked_and_shown_in_order(address, cache, visit):
    """From the button to the matrix to the images of a pair, the nearest to the boundary first."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    tab.page.get_by_role("button", name="Compute separability").click()
    tab.page.get_by_text("Errors of each pair").wait_for(timeout=PATIENCE * 1000)
    tab.page.locator(".js-plotly-plot .heatmaplayer image").first.wait_for(timeout=PATIENCE * 1000)
    tab.settle()
    tab.page.locator(".js-plotly-plot").first.scroll_into_view_if_needed()
    tab.page.mouse.click(*tab.page.evaluate(PLACE, [3.4, 1.6]))
    tab.page.wait_for_url(re.compile("true=1&predicted=3"))
    tab.settle()
    tab.page.locator(".gallery[data-drawn]").wait_for()
    tiles = tab.page.locator("button.tile")
    shown = [int(tiles.nth(i).get_attribute("data-row")) for i in range(tiles.count())]
    axis = pair_axis(Store(cache), Store(cache).run("planted"), linear(0.1), 1, 3)
    assert shown == axis.test.rows[axis.test.from_the_boundary()].tolist()[:24]
    assert np.isin(shown, axis.test.rows).all()
    assert tab.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_page_fits_its_window(address, cache, visit, width, dark):
    """Nothing lies over the edge."""
    store = Store(cache)
    ensure(store, SeparabilityStage(0.1), store.run("planted").stages)
    tab = visit(width, dark=dark)
    tab.open(f"{address}?run=planted&true=0&predicted=2")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.complaints == []
