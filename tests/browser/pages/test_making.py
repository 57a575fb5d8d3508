"""A run that another process makes, watched in a browser; and images without classes."""

from __future__ import annotations

import re

import pytest

from cache import Store
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.making_runs import arrive, finish, unfinished_run
from tests.planted import planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WAIT = PATIENCE * 1000


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    return Store(tmp_path / "cache")


@pytest.fixture
def address(store, chromium):
    """The address of a dashboard on it."""
    store.root.mkdir(parents=True)
    with running_dashboard(store.root) as root:
        yield root


def test_pages_fill_while_a_run_is_made_and_keep_what_their_user_did(store, address, visit):
    """The map comes by itself; zoomed in, it stays so while the classifier comes; the end is told."""
    run = unfinished_run(store, ("dataset", "thumbnails"))
    tab = visit()
    with store.locked("run", "planted"):
        tab.open(f"{address}map?run=planted")
        tab.page.get_by_text("This page waits for the features and map.").wait_for(timeout=WAIT)
        arrive(store, run, "features", "neighbours", "projection", "faithfulness")
        tab.page.locator(".lb-map[data-state=ready][data-judged=false]").wait_for(timeout=WAIT)
        tab.page.locator('.lb-map [data-do="in"]').click()
        tab.page.locator(".lb-map").evaluate("(map) => (map.dataset.ours = 'yes')")
        tab.page.wait_for_url(re.compile("#at="))
        arrive(store, run, "classifier", "validation")
        tab.page.locator(".lb-map[data-judged=true]").wait_for(timeout=WAIT)
    finish(store, run)
    tab.page.get_by_text("planted is finished").wait_for(timeout=WAIT)
    tab.page.locator(".lb-making").wait_for(state="detached", timeout=WAIT)
    assert tab.page.locator(".lb-map").get_attribute("data-ours") == "yes"
    assert tab.page.locator('.lb-map input[value="margin"]').count() == 1
    assert "#at=" in tab.page.url
    assert tab.page.get_by_role("alert").count() == 0
    assert tab.complaints == []


def test_two_watch_a_run_from_before_its_file_is_there(store, address, visit):
    """Both see it come, the one on a narrow screen too."""
    wide, narrow = visit(), visit(width=390)
    with store.locked("run", "planted"):
        for tab in (wide, narrow):
            tab.open(f"{address}?run=planted")
            tab.page.get_by_text("This page waits for the images.").wait_for(timeout=WAIT)
        unfinished_run(store, ("dataset", "thumbnails"))
        for tab in (wide, narrow):
            tab.page.get_by_text("The first 10 images of each class.").wait_for(timeout=WAIT)
            assert tab.complaints == []


def test_a_map_of_images_without_classes(store, address, visit):
    """One colour, no filters of classes; a pinned image leads to its neighbours; images can be taken away."""
    planted_run(store, labelled=False)
    tab = visit()
    tab.open(f"{address}map?run=planted")
    tab.page.locator(".lb-map[data-state=ready]").wait_for(timeout=WAIT)
    colours = tab.page.locator(".modes label").all_inner_texts()
    assert [colour.strip() for colour in colours] == ["Plain", "Faithfulness"]
    assert tab.page.locator(".filters .filter:visible .filter-title").all_inner_texts() == ["Search"]
    with tab.page.expect_download() as table:
        tab.page.get_by_role("button", name="Export").click()
        tab.page.get_by_role("menuitem", name="CSV table").click()
    assert table.value.path().read_text("utf-8-sig").startswith("row,id,file,true_label,true_class,x,y")
    tab.page.locator(".stage").focus()
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("button", name="Details and neighbours").click()
    tab.page.get_by_role("heading", name="Nearest neighbours").wait_for(timeout=WAIT)
    assert tab.complaints == []
