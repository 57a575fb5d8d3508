"""Another projection chosen on the map's page: laid out, watched, shared; the images travel, what is chosen stays."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData
from pipeline.api import FaithfulnessStage, Projection, ensure, find
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.browser.map_page import Map, open_menu
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WAIT = PATIENCE * 1000
DRAWN = ".lb-map[data-drawn]"
SLOW = 100
"""A perplexity that `slow_server` makes last long enough to be watched."""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """A store of this file's own, as maps are written to it."""
    made = Store(tmp_path_factory.mktemp("projection") / "cache")
    planted_run(made, plan=Plan(n_test=120))
    return made


@pytest.fixture(scope="module")
def address(store, chromium):
    """The address of the page."""
    with running_dashboard(store.root, "tests.browser.slow_server") as root:
        yield f"{root}map?run=planted"


def laid_out(store: Store, perplexity: float, *, make: bool = False) -> RunData:
    """Give the run's data as it is with another map."""
    run, data = store.run("planted"), RunData(store, "planted")
    found = (ensure if make else find)(store, Projection.named("tsne", perplexity=perplexity), run.stages)
    return data.laid_out(found)


def popover(tab) -> None:
    """Open what the button opens."""
    tab.page.locator(".st-key-settings button").first.click()
    tab.page.get_by_role("button", name="Lay out", exact=True).wait_for(timeout=WAIT)


def order(tab, perplexity: float) -> None:
    """Ask for a map by its perplexity."""
    popover(tab)
    tab.page.get_by_role("radio", name="t-SNE", exact=True).click()
    tab.settle()
    tab.page.get_by_test_id("stNumberInputField").fill(str(perplexity))
    tab.page.keyboard.press("Tab")
    tab.settle()
    tab.page.get_by_role("button", name="Lay out", exact=True).click()


def wait_for_map(tab, title: str) -> None:
    """Wait until a map is in use, and the images have travelled there."""
    tab.page.locator(f'[aria-label*="laid out by {title}. Arrow"]').wait_for(timeout=WAIT)
    tab.settle()
    tab.page.wait_for_timeout(800)


def test_another_perplexity_is_laid_out_shown_and_shared(store, address, visit):
    """Asked for, computed, in use; the numbers below are its own; a private window shows the same, in place."""
    tab = visit()
    tab.open(address)
    tab.page.wait_for_selector(DRAWN)
    order(tab, 7)
    wait_for_map(tab, "t-SNE, perplexity 7")
    assert re.search(r"\?run=planted&projection=tsne&perplexity=7(#|$)", tab.page.url)
    data = laid_out(store, 7)
    tab.page.locator(".trust dt", has_text="Trustworthiness").wait_for(state="attached", timeout=WAIT)
    open_menu(tab.page, "View")
    judged = find(store, FaithfulnessStage(), data.run.stages).manifest.facts
    assert f"{judged['trustworthiness']:.3f}" in tab.page.locator(".trust").inner_text()
    tab.page.keyboard.press("Escape")  # the menu lies over the map
    seen = Map(tab, data)
    row = seen.lonely()
    seen.page.mouse.click(*seen.places()[row])
    seen.wait_for("pinned", str(row))
    seen.page.wait_for_timeout(600)
    private = visit()
    private.open(tab.page.url)
    other = Map(private, data)
    other.wait_for("pinned", str(row))
    other.point_at(other.lonely())
    assert other.said["hoverId"] == str(row)
    assert tab.complaints == private.complaints == []


def test_a_slow_layout_is_watched_reloaded_shared_and_cancelled(store, address, visit):
    """Progress shows, survives a reload, is seen by whoever opens the link, and ends when nobody waits any more."""
    first, second = visit(), visit(390)
    first.open(address)
    first.page.wait_for_selector(DRAWN)
    order(first, SLOW)
    words = re.compile(rf"Laying out t-SNE, perplexity {SLOW} of planted: \d+ of \d+ iterations")
    first.page.locator(".stMain").get_by_text(words).wait_for(timeout=WAIT)
    first.page.reload()
    first.page.locator(".stMain").get_by_text(words).wait_for(timeout=WAIT)
    second.open(first.page.url)
    second.page.locator(".stMain").get_by_text(words).wait_for(timeout=WAIT)
    second.page.wait_for_selector(DRAWN)  # the run's own, meanwhile
    for tab in (second, first):
        tab.page.get_by_role("button", name="Cancel").click()
        tab.page.wait_for_url(re.compile(r"\?run=planted(#|$)"))
    first.page.locator(".stMain").get_by_text(words).wait_for(state="detached", timeout=WAIT)
    assert find(store, Projection.named("tsne", perplexity=SLOW), store.run("planted").stages) is None
    assert first.complaints == second.complaints == []


def test_a_map_laid_out_anew_keeps_the_selection_too(store, address, visit):
    """The map is the same element all the while that progress comes and goes above it."""
    tab = visit()
    tab.open(f"{address}#select=scatter:0.0.40000.0.40000.65535.0.65535")
    seen = Map(tab, RunData(store, "planted"))
    chosen = seen.selected()
    assert 0 < len(chosen) < 120
    map_then = tab.page.locator(".lb-map").element_handle()
    order(tab, 11)
    wait_for_map(tab, "t-SNE, perplexity 11")
    assert tab.page.locator(".lb-map").evaluate("(now, then) => now === then", map_then)
    assert Map(tab, laid_out(store, 11)).selected() == chosen
    assert tab.complaints == []


def test_what_is_chosen_stays_when_the_images_travel(store, address, visit):
    """The selection row by row, colour, pin and filters; its torn neighbours are found anew; and back."""
    data = laid_out(store, 9, make=True)
    ensure(store, FaithfulnessStage(), data.run.stages)
    tab = visit()
    tab.open(
        f"{address}#colour=faithfulness&pin=3&only=wrong&select=scatter:0.0.40000.0.40000.65535.0.65535&at=30000,30000,2"
    )
    seen = Map(tab, RunData(store, "planted"))
    chosen = seen.selected()
    assert 0 < len(chosen) < 120
    popover(tab)
    tab.page.locator("label", has_text="t-SNE, perplexity 9").click()
    wait_for_map(tab, "t-SNE, perplexity 9")
    there = Map(tab, data)
    assert there.selected() == chosen
    assert (there.said["colour"], there.said["pinned"]) == ("faithfulness", "3")
    assert "only=wrong" in there.page.url
    assert "at=" not in there.hash
    kept = np.array(find(store, FaithfulnessStage(), data.run.stages).array("preserved"))[3]
    assert f"{kept} of 20" in tab.page.locator('.pin [data-line="kept"]').inner_text()
    popover(tab)
    tab.page.locator("label", has_text="the run's own").click()
    wait_for_map(tab, "PCA")
    assert Map(tab, RunData(store, "planted")).selected() == chosen
    assert tab.complaints == []


def test_faithfulness_comes_back_as_the_colour_once_it_is_measured(store, address, visit):
    """A map just laid out has none yet: true classes until then."""
    tab = visit()
    tab.open(f"{address}#colour=faithfulness")
    seen = Map(tab, RunData(store, "planted"))
    assert seen.said["colour"] == "faithfulness"
    order(tab, 11)
    wait_for_map(tab, "t-SNE, perplexity 11")
    seen.page.wait_for_selector('.lb-map[data-colour="faithfulness"]', timeout=WAIT)
    assert find(store, FaithfulnessStage(), laid_out(store, 11).run.stages) is not None
    assert tab.complaints == []


def test_a_link_to_a_map_that_is_not_there_keeps_what_it_says(store, address, visit):
    """A shape drawn on it is of that map, and not applied to another; it is there once the map is."""
    tab = visit()
    box = "0.0.32000.0.32000.65535.0.65535"
    tab.open(f"{address}&projection=tsne&perplexity=13#select=scatter:{box}&pin=4")
    tab.page.wait_for_selector(DRAWN)
    own = Map(tab, RunData(store, "planted"))
    assert (own.said["selected"], own.said["pinned"]) == ("0", "")
    tab.page.get_by_role("button", name="Lay it out now").click()
    wait_for_map(tab, "t-SNE, perplexity 13")
    seen = Map(tab, laid_out(store, 13))
    seen.wait_for("pinned", "4")
    assert 0 < len(seen.selected()) < 120
    assert f"select=scatter:{box}" in seen.hash
    assert tab.complaints == []


def test_what_the_popover_holds_fits_a_phone(address, visit):
    """Nothing is cut off at 390 pixels."""
    tab = visit(390)
    tab.open(address)
    popover(tab)
    box = tab.page.get_by_test_id("stPopoverBody").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
