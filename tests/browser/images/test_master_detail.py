"""The choice at the left, its images at the right, in a real browser: both in view, sticky, on a phone a jump."""

from __future__ import annotations

import pytest

from cache import Store
from pipeline.api import SeparabilityStage, ensure
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHOICES = {
    "confusion": ".st-key-master .js-plotly-plot",
    "errors": ".st-key-master .choices button",
    "separability": ".st-key-master .js-plotly-plot",
    "compare": ".st-key-master .choices button",
}
"""What is chosen from on each page."""
END = """() => {
  const column = (side) => document.querySelector(`.st-key-${side}`).closest(".stColumn");
  const [left, right] = [column("master"), column("detail")];
  const page = document.querySelector(".stMain");
  page.scrollBy(0, left.parentElement.getBoundingClientRect().bottom - innerHeight);
  const [a, b] = [left, right].map((side) => side.getBoundingClientRect());
  const scrolls = [left, right].map((side) => getComputedStyle(side).overflowY);
  return { scrolls, ends: [a.bottom, b.bottom], top: b.top };
}"""
"""Scrolls to the end of both sides, and tells what is seen there."""


@pytest.fixture(scope="module")
def address(tmp_path_factory, chromium):
    """The address of a dashboard with two runs of the same images."""
    store = Store(tmp_path_factory.mktemp("master") / "cache")
    plan = Plan(noise=2.5, n_test=400)
    ensure(store, SeparabilityStage(0.1), planted_run(store, "planted", plan=plan).stages)
    planted_run(store, "rival", plan=plan, extractor="hog")
    with running_dashboard(store.root) as root:
        yield root


def boxes(tab, page: str) -> tuple[dict, dict]:
    """Wait for the page, and give where what is chosen from and the first image are in the window."""
    tile = tab.page.locator(".st-key-detail button.tile").first
    tile.wait_for(timeout=PATIENCE * 1000)
    tab.page.locator(CHOICES[page]).first.wait_for(timeout=PATIENCE * 1000)
    return tab.page.locator(CHOICES[page]).first.bounding_box(), tile.bounding_box()


@pytest.mark.parametrize("page", CHOICES)
def test_choice_and_images_are_in_view(address, visit, page):
    """At 1280 x 800 beside each other, without a click; at the end of the longer one too, and neither is cut."""
    tab = visit(1280, 800)
    tab.open(f"{address}{page}?run=planted")
    choice, image = boxes(tab, page)
    assert choice["x"] + choice["width"] <= image["x"]
    assert 0 <= choice["y"] < 700
    assert 0 <= image["y"] < 760
    assert tab.complaints == []
    end = tab.page.evaluate(END)
    assert end["scrolls"] == ["visible", "visible"]  # nothing scrolls in itself
    assert all(0 < bottom <= 801 for bottom in end["ends"])
    assert end["top"] < 700  # the shorter side has stayed


def test_the_choice_stays_while_its_images_are_scrolled(address, visit):
    """The list of errors, beside more images than the window has room for."""
    tab = visit(1280, 800)
    tab.open(f"{address}errors?run=planted")
    _, image = boxes(tab, "errors")
    pages = tab.page.locator(".stPagination button:not([aria-label$=page])")
    assert pages.all_inner_texts() == ["1", "2", "3", "4"]  # a width of its own would leave one out
    tab.page.mouse.move(image["x"] + 20, 700)
    tab.page.mouse.wheel(0, 500)
    tab.page.wait_for_function("document.querySelector('.st-key-detail').getBoundingClientRect().y < 20")
    assert tab.page.locator(CHOICES["errors"]).first.bounding_box()["y"] >= 0
    assert tab.complaints == []


def test_a_phone_has_a_jump_and_a_choice_leads_to_its_images(address, visit):
    """The button says how many, and is gone where they are; another kind of error brings its images into view."""
    phone = visit(390, 800, has_touch=True, is_mobile=True)
    phone.open(f"{address}errors?run=planted")
    jump = phone.page.locator(".lb-jump")
    tile = phone.page.locator(".st-key-detail button.tile").first
    tile.wait_for(timeout=PATIENCE * 1000)
    assert jump.inner_text().startswith("See ")
    page = phone.page.locator(".stMain").bounding_box()
    assert page["y"] + page["height"] <= jump.bounding_box()["y"]  # it covers nothing
    tabs = phone.page.locator(".st-key-pages")
    assert tabs.get_attribute("data-more") == "left right"  # where the bar scrolls to
    tabs.evaluate("(row) => row.scrollTo(9999, 0)")
    phone.page.wait_for_selector(".st-key-pages[data-more=left]")
    assert tile.bounding_box()["y"] > 800
    jump.tap()
    phone.page.wait_for_function("document.querySelector('.lb-jump[data-seen]')")
    assert tile.bounding_box()["y"] < 800
    phone.page.evaluate("document.querySelector('.st-key-master').scrollIntoView()")
    phone.page.locator(".st-key-master .choices button").nth(2).tap()
    phone.page.wait_for_url(lambda url: "true=" in url and "predicted=" in url)
    phone.settle()
    phone.page.wait_for_function("document.querySelector('.st-key-detail').getBoundingClientRect().y < 400")
    assert phone.complaints == []
