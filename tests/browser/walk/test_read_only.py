"""A server that only shows, as a browser has it: nothing there has it compute or write.

Every widget of every page is used in ``tests/dashboard/server/test_read_only.py``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboard.jobs.permission import READ_ONLY
from dashboard.run.mode import VARIABLE
from tests.browser.conftest import running_dashboard
from tests.browser.walk.controls import SCRIPT, state

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEYS = "kwux1"
"""What judges an image on the page Labels."""


@pytest.fixture(scope="module")
def place(erring_store, tmp_path_factory) -> Path:
    """A copy of the erring runs, whose modes forbid to write."""
    copy = tmp_path_factory.mktemp("read-only") / "cache"
    shutil.copytree(erring_store.root, copy)
    for path in (*copy.rglob("*"), copy):
        path.chmod(path.stat().st_mode & ~0o222)
    yield copy
    for path in (copy, *copy.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


@pytest.fixture(scope="module")
def server(place, chromium):
    """A read-only server on it, whose tries to write or compute are noted."""
    with running_dashboard(place, "tests.browser.walk.watched", **{VARIABLE: "read-only"}) as address:
        yield address


@pytest.fixture
def noted(place):
    """Give what the server has tried, since the test began."""
    notes = place.with_name(f"{place.name}.notes")
    before = len(notes.read_text())
    return lambda: notes.read_text()[before:].splitlines()


@pytest.fixture
def opened(server, visit):
    """Open a page; ``opened("map", "C=0.07")``."""

    def open_page(page, query=""):
        tab = visit(height=800)
        tab.page.add_init_script(SCRIPT)
        tab.page.goto(f"{server}{page}?run=planted&{query}")
        state(tab)
        return tab

    return open_page


def test_what_a_drawer_and_the_pages_would_have_computed_is_not(opened, noted):
    """With a setting and a map that nobody has computed, and an image whose machines nobody has fitted."""
    tab = opened("errors", "C=0.07&projection=tsne&perplexity=7&image=3")
    tab.page.get_by_text("Support vectors").first.wait_for()
    for page in ("separability", "compare"):
        opened(page, "C=0.07&projection=tsne&perplexity=7&versus=rival")
    assert noted() == []


def test_labels_can_be_looked_at_and_not_judged(opened, noted):
    """The keys that walk do; those that judge say why not."""
    tab = opened("labels")
    deck = tab.page.locator(".labels")
    deck.locator(".picture img").wait_for()
    assert deck.locator(".shut").inner_text() == READ_ONLY
    first = deck.get_attribute("data-number")
    for key in KEYS:
        tab.page.keyboard.press(key)
    assert deck.locator(".spoken").inner_text() == READ_ONLY
    assert deck.get_attribute("data-number") == first
    assert deck.get_attribute("data-waiting") == "0"
    assert not deck.locator("[data-saves]:visible").count()
    tab.page.keyboard.press("ArrowRight")
    assert deck.get_attribute("data-number") != first
    assert noted() == []


def test_a_map_offers_no_grid_no_poster_and_no_guest(opened, noted):
    """Each says why, where it would be."""
    tab = opened("map")
    frame = tab.page.locator(".lb-map").first
    grid = frame.locator("input[name=layout][value=grid]")
    assert grid.is_disabled()
    assert grid.locator("..").get_attribute("title") == READ_ONLY
    frame.get_by_role("button", name="Export").click()
    items = frame.get_by_role("menuitem").all_inner_texts()
    assert not [words for words in items if "Poster" in words]
    assert f"No posters. {READ_ONLY}" in frame.locator(".menu-note").inner_text()
    tab.page.keyboard.press("Escape")
    frame.get_by_role("tab", name="Guest").click()
    assert READ_ONLY in frame.locator(".guest-hint").inner_text()
    assert noted() == []


def test_the_curve_lets_nothing_be_fitted(opened, noted):
    """Where no classifier was fitted it says why, and letting go there asks for nothing."""
    tab = opened("retrain", "C=0.07")
    tab.page.get_by_text(READ_ONLY).first.wait_for()
    assert not tab.page.get_by_role("button", name="Fit it").count()
    assert noted() == []
