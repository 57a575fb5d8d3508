"""A link is a state: what one window shows, a private one shows too, on another screen."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dashboard.run.data import RunData
from tests.browser.map_page import Map, colour_by, open_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def follow(map_store, visit):
    """Open a link in a window of its own, on another screen."""

    def followed(link: str, run: str = "planted", **options) -> Map:
        tab = visit(**{"width": 820, "height": 700} | options)
        tab.open(link)
        return Map(tab, RunData(map_store, run))

    return followed


def shown(seen: Map) -> tuple[str, dict[str, str]]:
    """Read the view: the address without its host, and what the map says of itself."""
    seen.page.wait_for_timeout(600)
    said = seen.said
    return re.sub(r"^.*?/map(\.html)?", "/map", seen.page.url), {
        name: said[name] for name in ("colour", "pinned", "lit", "selected")
    }


def test_a_link_restores_everything(open_map, follow):
    """Run, colour, legend, filters, rows, pins, layout and camera."""
    seen = open_map()
    page, row = seen.page, seen.lonely()
    colour_by(page, "Predicted class")
    page.locator(".entry-name", has_text="cross").click()
    page.locator(".stage").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.mouse.click(*seen.places()[row])
    open_menu(page, "View")
    page.get_by_role("button", name="Shapes").click()
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(800)
    link, said = shown(seen)
    for part in (
        "run=planted",
        "colour=predicted",
        "predicted=2",
        "select=rows:",
        f"pin={row}",
        "shapes=1",
        "at=",
    ):
        assert part in link
    other = follow(page.url)
    assert shown(other) == (link, said)
    assert other.selected() == np.flatnonzero(seen.data.own_predictions.predicted == 2).tolist()
    assert other.tab.complaints == []


def test_a_lasso_is_linked_as_its_outline(open_map, follow):
    """Short, and the same rows on a phone."""
    seen = open_map()
    box = seen.box
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("l")
    left, top = box["x"] + 80, box["y"] + 60
    seen.drag((left, top), (left + 450, top + 20), (left + 400, top + 380), (left + 30, top + 300))
    rows = seen.selected()
    assert len(rows) > 3
    assert "select=scatter:" in seen.hash
    assert follow(seen.page.url, width=390).selected() == rows


def test_a_lasso_in_the_grid_is_the_same_rows_in_the_scatter(open_map, follow):
    """A shape belongs to its layout: the link finds its rows there, whichever layout it opens with."""
    seen = open_map()
    open_menu(seen.page, "View")
    with seen.page.expect_response(re.compile("/lazybones/grid/")):
        seen.page.locator(".segments label", has_text="Grid").click()
    seen.page.wait_for_timeout(800)
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("b")
    box = seen.box
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    seen.drag((left - 130, top - 110), (left + 60, top + 80))
    seen.page.wait_for_timeout(600)
    count = seen.said["selected"]
    assert "select=grid:" in seen.hash
    assert 0 < int(count) < 80
    in_grid = follow(seen.page.url)
    in_grid.wait_for("selected", count)
    seen.page.keyboard.press("g")
    seen.page.wait_for_timeout(800)
    assert "layout=" not in seen.hash
    in_scatter = follow(seen.page.url)
    in_scatter.wait_for("selected", count)
    assert in_scatter.tab.complaints == in_grid.tab.complaints == []


def test_links_from_other_pages_are_taken_over(open_map, follow):
    """Colour and image move into the hash; filters, C and run stay in the query; the link still says it all."""
    seen = open_map(query="&true=1&predicted=1&colour=correct&image=7&C=10.0")
    link, said = shown(seen)
    query, _, hash = link.partition("#")
    assert query == "/map?run=planted&C=10.0&true=1&predicted=1"
    assert sorted(hash.split("&")) == ["colour=correct", "pin=7"]
    assert shown(follow(seen.page.url)) == (link, said)


def test_the_link_says_the_run_even_if_nobody_chose_it(map_address, follow):
    """A link must not depend on which run is the default one."""
    link, _ = shown(follow(f"{map_address}map"))
    assert re.search("[?]run=[a-z]", link)


def test_a_pasted_hash_changes_the_view(open_map):
    """Without a reload; nonsense in it is left out."""
    seen = open_map()
    seen.page.evaluate("location.hash = 'colour=margin&true=2&only=nonsense&pin=5.99999'")
    seen.wait_for("colour", "margin")
    assert (seen.said["pinned"], seen.said["lit"]) == ("5", str((seen.data.test_labels == 2).sum()))


def test_an_older_link_is_read_and_written_anew(open_map):
    """Its filters stood behind the #, those of the legend under a name of their own."""
    seen = open_map(query="#colour=predicted&classes=0.2&only=wrong&find=1")
    link, said = shown(seen)
    assert link == "/map?run=planted&predicted=0.2&only=wrong&find=1#colour=predicted"
    predicted = seen.data.own_predictions.predicted
    names = [str(row) for row in seen.data.artefact("dataset").array("test_ids")]
    wrong = (predicted != seen.data.test_labels) & np.isin(predicted, (0, 2))
    assert said["lit"] == str(sum(wrong[row] and "1" in name for row, name in enumerate(names)))


def test_another_page_and_back_is_the_same_view(open_map):
    """The tab remembers colour, selection and camera of a run; other pages' addresses have no hash of ours."""
    seen = open_map()
    colour_by(seen.page, "Margin")
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("ControlOrMeta+a")
    seen.page.get_by_role("button", name="Zoom in").click()
    seen.page.wait_for_timeout(1500)
    before = shown(seen)
    seen.page_link("Confusion").click()
    seen.page.wait_for_url(re.compile("/confusion"))
    seen.tab.settle()
    seen.page.wait_for_timeout(1200)
    assert "select=" not in seen.page.url
    seen.page_link("Map").click()
    seen.page.wait_for_url(re.compile("/map"))
    seen.page.wait_for_selector(".lb-map[data-drawn]")
    seen.tab.settle()
    assert shown(seen) == before
    assert seen.tab.complaints == []
