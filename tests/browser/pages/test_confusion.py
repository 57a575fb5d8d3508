"""Clicks and taps on the confusion matrix in a real browser: exactly the images of what was hit."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData
from tests.browser.conftest import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

K = 4

PLACE = """([x, y]) => {
  const chart = document.querySelector('.js-plotly-plot'), {xaxis, yaxis} = chart._fullLayout;
  const {left, top} = chart.getBoundingClientRect();
  return [left + xaxis._offset + xaxis.l2p(x), top + yaxis._offset + yaxis.l2p(y)];
}"""
"""Where on the screen a point of the matrix is, cells being one unit wide."""


def place_of(tab, x: float, y: float) -> list[float]:
    """Wait for the matrix, and give where on the screen a point of it is."""
    tab.page.locator(".js-plotly-plot .heatmaplayer image").first.wait_for(timeout=PATIENCE * 1000)
    tab.page.locator(".js-plotly-plot").scroll_into_view_if_needed()
    return tab.page.evaluate(PLACE, [x, y])


def hit(tab, x: float, y: float, *, tap: bool = False) -> None:
    """Click, or tap, a point of the matrix."""
    place = place_of(tab, x, y)
    (tab.page.touchscreen.tap if tap else tab.page.mouse.click)(*place)


def swipe_up(tab, x: float, y: float) -> None:
    """Put a finger down, move it up by 150 pixels, and lift it."""
    session = tab.page.context.new_cdp_session(tab.page)
    for step in range(11):
        kind = "touchMove" if step else "touchStart"
        session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - 15 * step}]}
        )
        tab.page.wait_for_timeout(16)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    tab.page.wait_for_timeout(500)


def shows(tab, true: int | None, predicted: int | None) -> None:
    """Wait until the address says what was chosen, and the page has drawn it."""
    said = (
        f"{'' if true is None else f'&true={true}'}{'' if predicted is None else f'&predicted={predicted}'}"
    )
    tab.page.wait_for_url(re.compile(rf"\?run=planted{said}$"))
    tab.settle()


def shown_rows(tab) -> list[int]:
    """Give the rows of the images in the gallery."""
    return [int(tile.get_attribute("data-row")) for tile in tab.page.locator("button.tile").all()]


def wanted_rows(data: RunData, true: int | None, predicted: int | None) -> list[int]:
    """List the test images of a choice, one by one."""
    labels = zip(data.test_labels, data.own_predictions.predicted, strict=True)
    return [row for row, (t, p) in enumerate(labels) if true in (None, t) and predicted in (None, p)]


@pytest.fixture(scope="module")
def data(planted_cache) -> RunData:
    """The run's arrays."""
    return RunData(Store(planted_cache), "planted")


@pytest.fixture
def tab(dashboard, visit):
    """The page on a desk."""
    opened = visit()
    opened.open(f"{dashboard}confusion?run=planted")
    return opened


def targets(k: int, rng: np.random.Generator):
    """List an uneven place in each cell, on each name and each total, and what it stands for."""
    dx, dy = rng.uniform(0.08, 0.92, 2)
    for true in range(k):
        for predicted in range(k):
            yield (predicted + dx, true + dy), (true, predicted)
    for label in range(k):
        yield (-0.7, label + dy), (label, None)
        yield (k + 0.75, label + dy), (label, None)
        yield (label + dx, -0.7), (None, label)
        yield (label + dx, k + 0.75), (None, label)


def test_every_click_shows_exactly_its_images(tab, data, rng):
    """Cells, names and totals, in an order that makes stale answers show: each shows its images and no other."""
    places = list(targets(K, rng))
    for place, (true, predicted) in [places[i] for i in rng.permutation(len(places))]:
        if f"{true}{predicted}" == getattr(tab, "last", ""):
            continue  # a second click on the same choice would clear it
        hit(tab, *place)
        shows(tab, true, predicted)
        assert sorted(shown_rows(tab)) == wanted_rows(data, true, predicted)[:48], (true, predicted)
        tab.last = f"{true}{predicted}"
    assert tab.complaints == []


def test_every_tap_on_a_phone_shows_exactly_its_images(dashboard, visit, data, rng):
    """A finger hits what it touches, not what was touched before it."""
    phone = visit(390, 800, has_touch=True, is_mobile=True)
    phone.open(f"{dashboard}confusion?run=planted")
    for true, predicted in ((0, 1), (2, 2), (1, 3), (3, None), (None, 0), (1, 0)):
        x = K + 0.75 if predicted is None else predicted + rng.uniform(0.15, 0.85)
        y = -0.7 if true is None else true + rng.uniform(0.15, 0.85)
        hit(phone, x, y, tap=True)
        shows(phone, true, predicted)
        assert sorted(shown_rows(phone)) == wanted_rows(data, true, predicted)
    assert phone.complaints == []


def test_quick_click_means_where_it_is_not_where_the_mouse_came_from(tab):
    """A mouse that sweeps over the matrix and clicks at once hits the cell under it."""
    start = (0.5, 0.5)
    for predicted, true in ((2, 3), (0, 2), (3, 1), (1, 3), (2, 0)):
        way = place_of(tab, *start), place_of(tab, predicted + 0.5, true + 0.5)
        tab.page.mouse.move(*way[0])
        tab.page.mouse.move(*way[1], steps=4)
        tab.page.mouse.down()
        tab.page.mouse.up()
        shows(tab, true, predicted)
        start = (predicted + 0.5, true + 0.5)


def test_second_click_clears(tab):
    """Clicking what is chosen shows what the page opened with."""
    tab.page.locator("button.tile").first.wait_for(timeout=PATIENCE * 1000)
    first = shown_rows(tab)
    hit(tab, 1.5, 0.5)
    shows(tab, 0, 1)
    hit(tab, 1.4, 0.6)
    shows(tab, None, None)
    assert shown_rows(tab) == first != []


def test_finger_can_scroll_over_the_matrix(dashboard, visit):
    """Plotly would keep the page from moving; here a swipe on the chart scrolls it."""
    phone = visit(390, 500, has_touch=True, is_mobile=True)
    phone.open(f"{dashboard}confusion?run=planted")
    chart = phone.page.locator(".js-plotly-plot")
    chart.scroll_into_view_if_needed()
    before = chart.bounding_box()
    swipe_up(phone, before["x"] + 200, max(before["y"] + 150, 350))
    assert chart.bounding_box()["y"] < before["y"] - 50


def test_shares_survive_in_the_address(tab, dashboard, visit):
    """The switch is in the URL; another browser shows the same cells."""
    tab.page.get_by_role("radio", name="Per cent of true class").click(force=True)
    tab.page.wait_for_url(re.compile("matrix=rows"))
    tab.settle()
    other = visit()
    other.open(tab.page.url)
    other.page.locator(".heatmap-label").first.wait_for(state="attached")
    numbers = [page.locator(".heatmap-label").all_text_contents() for page in (tab.page, other.page)]
    assert numbers[0] == numbers[1] != []


def test_matrix_of_many_long_names_fits_a_phone(dashboard, visit):
    """Thirty classes with long names: nothing sticks out, and a cell still leads to its images."""
    phone = visit(390, 800, has_touch=True, is_mobile=True)
    phone.open(f"{dashboard}confusion?run=planted-grey")
    phone.page.get_by_label("Find a class").fill("<b>class 3</b> *with* a long name")
    phone.page.keyboard.press("Enter")
    phone.page.locator(".view").press("Enter")
    phone.page.wait_for_url(re.compile(r"run=planted-grey&true=3&predicted=3\b"))
    assert phone.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
