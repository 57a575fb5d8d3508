"""Each page's main task, from opening it to its end, with nothing but keys."""

from __future__ import annotations

import re

import pytest

from tests.browser.access.keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def keys(erring, visit):
    """Open a page of the run, and give its keyboard: ``keys("errors")``."""

    def opened(page: str) -> Keys:
        tab = visit()
        tab.open(f"{erring}{page}?run=planted")
        return Keys(tab)

    return opened


def goes_to(at: Keys, address: str) -> None:
    """Wait for an address, and until its page is at rest."""
    at.page.wait_for_url(re.compile(address))
    at.tab.settle()


def test_overview_a_finding_leads_to_its_evidence(keys):
    """Its link opens the page of the two classes with their images."""
    at = keys("")
    at.tab_to("a", "See this pair")
    at.press("Enter")
    goes_to(at, r"separability\?run=planted&true=0&predicted=1")
    at.page.locator(".st-key-page-separability .gallery[data-drawn]").wait_for()
    assert at.tab.complaints == []


def test_map_a_class_is_lit_and_a_point_pinned(keys):
    """In the legend; then arrows walk to an image, and Enter pins it, with its card beside the map."""
    at = keys("map")
    at.tab_to("button", "circle 20")
    at.press("Enter")
    at.page.locator(".lb-map[data-lit='20']").wait_for()
    at.tab_to("application", "Map of 80 images")
    at.press("ArrowRight", "Enter")
    goes_to(at, r"pin=\d+")
    row = int(re.findall(r"pin=(\d+)", at.page.url)[0])
    at.page.locator(".pin-name", has_text=f"test/{row:04}").wait_for()
    assert at.focus.role == "application"
    assert at.tab.complaints == []


@pytest.mark.parametrize("page", ["confusion", "errors"])
def test_a_kind_of_error_is_chosen_and_its_images_are_looked_at(keys, page):
    """From the list of kinds to an image, on to the next, and back to its tile."""
    at = keys(page)
    at.tab_to("button", "circle → square")
    at.press("Enter")
    goes_to(at, "true=0&predicted=1")
    at.page.locator(".gallery[data-drawn]").wait_for()
    first = at.tab_to("tile")
    assert first.name.startswith("circle → square")
    at.press("ArrowRight")
    second = at.focus
    assert second.row not in ("", first.row)
    at.press("ArrowLeft", "Enter")
    goes_to(at, f"image={first.row}")
    assert at.focus.inside
    at.press("ArrowRight")
    goes_to(at, f"image={second.row}")
    at.press("Escape")
    goes_to(at, "predicted=1$")
    assert at.focus == second
    assert at.tab.complaints == []


def test_separability_another_pair_is_chosen(keys):
    """In the list of the hardest, and by its classes; the images follow."""
    at = keys("separability")
    at.tab_to("button", "circle and bar")
    at.press("Enter")
    goes_to(at, "true=0&predicted=3")
    at.tab_to("combobox", "Other class")
    at.choose("cross")
    goes_to(at, "true=0&predicted=2")
    at.page.locator(".gallery[data-drawn]").wait_for()
    assert "side of" in at.tab_to("tile").name
    assert at.tab.complaints == []


def test_retrain_another_C_is_chosen_on_the_curve(keys):
    """The numbers follow each press; the address, when it is the one."""
    at = keys("retrain")
    at.page.locator(".curve h2", has_text="C = 0.1").wait_for()
    at.tab_to("slider", "Penalty C")
    for C in ("1", "10"):
        at.press("ArrowRight")
        at.page.locator(".curve h2", has_text=re.compile(f"^C = {C}$")).wait_for()
    goes_to(at, "C=10")
    assert at.focus.role == "slider"
    assert at.tab.complaints == []


def test_compare_another_setting_is_chosen_and_a_changed_image_opened(keys):
    """Of B; then an image that only A has right, and back to its tile."""
    at = keys("compare")
    at.tab_to("combobox", "Setting of B")
    at.choose("C = 1")
    goes_to(at, "versusC=1")
    at.tab_to("button", "A right, B wrong")
    at.press("Enter")
    goes_to(at, "group=fixed")
    at.page.locator(".gallery[data-drawn]").wait_for()
    tile = at.tab_to("tile")
    at.press("Enter")
    goes_to(at, f"image={tile.row}")
    at.press("Escape")
    at.page.locator("[role=dialog]").wait_for(state="detached")
    at.tab.settle()
    assert at.focus == tile
    assert at.tab.complaints == []


def test_bar_another_C_and_another_run_are_chosen(keys):
    """The menu takes the focus and gives it back; all that is chosen is in the address."""
    at = keys("errors")
    button = at.tab_to("button", "C = 0.1")
    menu = at.page.get_by_role("dialog").get_by_role("radio")
    at.press("Enter")
    menu.first.wait_for()
    at.press("Tab")
    assert at.focus.role == "radio"
    assert at.focus.inside
    at.press("Tab", "Tab")
    assert "Stand-in" in at.focus.name
    at.press("Shift+Tab", "Escape")
    at.tab.settle()
    assert at.focus == button
    at.press("Enter")
    menu.first.wait_for()
    at.press("Tab", "ArrowDown")
    goes_to(at, "C=1")
    at.page.wait_for_function("document.activeElement.matches('.st-key-settings button')")
    assert "C = 1 " in at.focus.name
    at.press("Shift+Tab")
    assert at.focus[:2] == ("combobox", "Run")
    at.choose("rival")
    goes_to(at, "run=rival")
    assert at.tab.complaints == []
