"""Layouts, the overview and the picture of the map, in a running dashboard."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.map_page import open_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATE = """() => {
  const map = document.querySelector(".lb-map") ?? [...document.querySelectorAll("*")].map((e) =>
    e.shadowRoot?.querySelector(".lb-map")).find(Boolean);
  return { ...map.dataset, ...map.querySelector("canvas.points").dataset };
}"""


def pixels(page) -> np.ndarray:
    """Read the canvas of points, uint8 (height, width, 4)."""
    address = page.locator("canvas.points").evaluate("(canvas) => canvas.toDataURL()")
    return image_of(base64.b64decode(address.partition(",")[2]))


def image_of(png: bytes) -> np.ndarray:
    """Decode a picture, uint8 (height, width, 4)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


@pytest.fixture
def opened(visit, dashboard):
    """The planted run's map, its thumbnails loaded, on a dense display."""
    tab = visit(device_scale_factor=2)
    tab.open(f"{dashboard}map?run=planted")
    tab.page.wait_for_selector(".lb-map[data-thumbnails='ready']")
    tab.page.locator(".stage").scroll_into_view_if_needed()
    tab.page.mouse.move(1, 1)
    return tab


def wheel(page, turns: int) -> None:
    """Zoom in round the middle of the map, and rest."""
    box = page.locator(".stage").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(turns):
        page.mouse.wheel(0, -200)
    page.wait_for_timeout(500)
    page.mouse.move(1, 1)
    page.wait_for_timeout(300)


def test_images_grow_out_of_the_points_and_can_be_switched_off(opened):
    """At home there are points; zoomed in, images; switched off, points again."""
    page = opened.page
    assert page.evaluate(STATE)["images"] == "0"
    wheel(page, 8)
    assert int(page.evaluate(STATE)["images"]) > 0
    open_menu(page, "View")
    page.locator('button[data-do="images"]').click()
    assert page.evaluate(STATE)["images"] == "0"
    assert opened.complaints == []


def test_the_grid_shows_every_image_and_leads_back(opened):
    """In the grid all images are in view, each in a cell of its own; the scatter is then what it was."""
    page = opened.page
    before = pixels(page)
    open_menu(page, "View")
    page.locator('label:has(input[value="grid"])').click()
    n = int(page.evaluate(STATE)["drawn"])
    page.wait_for_selector(f'[data-images="{n}"]')
    page.wait_for_timeout(600)
    assert not np.array_equal(pixels(page), before)
    open_menu(page, "View")
    page.locator('label:has(input[value="scatter"])').click()
    page.wait_for_selector('[data-images="0"]')
    page.wait_for_timeout(600)
    assert np.array_equal(pixels(page), before)
    assert opened.complaints == []


def test_the_overview_comes_with_the_zoom_and_moves_the_map(opened):
    """Hidden at home; a drag of its frame to the right moves the view to the right."""
    page = opened.page
    overview = page.locator(".minimap-frame")
    overview.wait_for(state="attached")
    assert not overview.is_visible()
    wheel(page, 5)
    assert overview.is_visible()
    assert page.locator(".minimap").get_attribute("aria-hidden") == "true"
    frame = page.locator(".minimap-view")
    before = frame.bounding_box()
    middle = (before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 20, middle[1], steps=4)
    page.mouse.up()
    page.wait_for_timeout(300)
    after = frame.bounding_box()
    assert after["x"] - before["x"] == pytest.approx(20, abs=1.5)
    assert after["y"] == pytest.approx(before["y"], abs=1.5)
    assert opened.complaints == []


def test_the_picture_is_what_is_seen_twice_as_large(opened):
    """On a dense display the file's pixels are those on the screen; the legend is below."""
    page = opened.page
    seen = pixels(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name="PNG of this view").click()
    picture = image_of(download.value.path().read_bytes())
    height, width = seen.shape[:2]
    assert picture.shape[1] == width
    assert picture.shape[0] > height
    assert np.array_equal(picture[:height], seen)
    assert len(np.unique(picture[height:].reshape(-1, 4), axis=0)) > 5
    assert download.value.suggested_filename.endswith(".png")
