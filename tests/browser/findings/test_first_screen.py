"""The first screen, in a real browser: the map in small, findings with their images, and where they lead."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

IN_VIEW = """(elements) => elements.filter((element) => {
  const {top, bottom, width} = element.getBoundingClientRect();
  return width > 0 && top >= 0 && bottom <= innerHeight;
}).length"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_map_and_images_are_on_the_first_screen(dashboard, visit, width, height):
    """Without scrolling there are the whole map in small, and four images or more."""
    tab = visit(width, height)
    tab.open(f"{dashboard}?run=planted-hog")
    tab.page.locator(".map[data-drawn='80']").wait_for()
    tab.page.locator(".st-key-findings .gallery[data-drawn]").first.wait_for()
    assert tab.page.locator(".map").evaluate_all(IN_VIEW) == 1
    assert tab.page.locator(".st-key-findings .tile canvas").evaluate_all(IN_VIEW) >= 4
    assert tab.complaints == []


def test_the_map_in_small_shows_an_image_and_opens_the_map(dashboard, visit):
    """Under the pointer is the image of the nearest point; a click opens the map of the same run."""
    tab = visit()
    tab.open(f"{dashboard}?run=planted-hog")
    small = tab.page.locator(".map[data-drawn]")
    small.wait_for()
    assert re.search(r"map\?run=planted-hog$", small.get_attribute("href"))
    assert small.locator(".image").is_hidden()
    box = small.bounding_box()
    places = [(x, y) for x in range(20, int(box["width"]), 20) for y in range(20, int(box["height"]), 20)]
    for x, y in places:
        small.hover(position={"x": x, "y": y})
        if small.locator(".image").is_visible():
            break
    assert small.locator(".image").is_visible()
    small.click()
    tab.page.wait_for_url(re.compile(r"/map\?run=planted-hog"))


def test_the_better_setting_is_used_by_its_button(dashboard, visit):
    """Then it is in the address, and no other is better any more; how it was computed is one click away."""
    tab = visit()
    tab.open(f"{dashboard}?run=planted-hog")
    tab.page.locator(".st-key-finding_setting button", has_text="Use C = 0.01").click()
    tab.page.wait_for_url(re.compile("C=0.01"))
    tab.settle()
    assert tab.page.locator(".st-key-finding_setting").count() == 0
    assert not tab.page.locator("#computed").is_visible()
    tab.page.get_by_text("How was this computed?").click()
    tab.page.locator("#computed").wait_for()
