"""From the map to other pages and back: the same points, wherever somebody looks at them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData, image_ids
from dashboard.run.predictions import cell_rows
from dashboard.wording.numbers import percent
from tests.browser.conftest import Visit
from tests.browser.map_page import Map, filters

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def data(planted_cache) -> RunData:
    """The run that is looked at."""
    return RunData(Store(planted_cache), "planted")


@pytest.fixture
def open_page(dashboard, visit):
    """Open a page of the run: ``open_page("errors", "&true=1")``."""

    def opened(page: str, query: str = "", **options) -> Visit:
        tab = visit(**options)
        tab.open(f"{dashboard}{page}?run=planted{query}")
        return tab

    return opened


def lit(seen: Map, count: int) -> None:
    """Wait until so many points are lit."""
    seen.page.wait_for_selector(f'.lb-map[data-lit="{count}"]')


def test_a_class_of_the_table_is_lit_on_the_map(open_page, data):
    """Overview: the dots beside a class lead to the map, where this class is lit and the rest is grey."""
    tab = open_page("")
    name = data.class_names[2]
    tab.page.get_by_role("button", name=f"Show {name} on the map").click()
    tab.page.wait_for_url(re.compile("/map"))
    lit(Map(tab, data), int((data.test_labels == 2).sum()))
    assert tab.complaints == []


def test_a_cell_of_the_matrix_is_lit_on_the_map(open_page, data):
    """Confusion: the images of the chosen cell, and no others."""
    said = data.own_predictions
    row = int(np.flatnonzero(~said.correct)[0])
    true, predicted = int(data.test_labels[row]), int(said.predicted[row])
    tab = open_page("confusion", f"&true={true}&predicted={predicted}")
    tab.page.get_by_role("link", name="Show these on the map").click()
    tab.page.wait_for_url(re.compile("/map"))
    lit(Map(tab, data), len(cell_rows(said, true, predicted)))


def test_the_errors_are_lit_on_the_map(open_page, visit, data):
    """Errors: all that are wrong; in a private window, the map's own address shows the same."""
    wrong = int((~data.own_predictions.correct).sum())
    tab = open_page("errors")
    tab.page.get_by_role("link", name="Show these on the map").click()
    tab.page.wait_for_url(re.compile(r"/map\?.*only=wrong"))
    lit(Map(tab, data), wrong)
    private = visit()
    private.open(tab.page.url)
    lit(Map(private, data), wrong)


def test_an_image_goes_to_the_map_and_back(open_page, data):
    """The drawer's link pins the image; the pinned card leads to the drawer among the errors of its cell."""
    said = data.own_predictions
    row = int(np.flatnonzero(~said.correct)[1])
    tab = open_page("errors", f"&image={row}")
    tab.page.get_by_role("link", name="Show on the map", exact=True).click()
    tab.page.wait_for_url(re.compile("/map"))
    seen = Map(tab, data)
    seen.page.wait_for_selector(f'.lb-map[data-pinned="{row}"]')
    seen.page.locator('.pins [data-do="details"]').first.click()
    tab.page.wait_for_url(re.compile(rf"/errors.*image={row}"))
    tab.settle()
    query = tab.page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
    assert (query["true"], query["predicted"]) == (str(data.test_labels[row]), str(said.predicted[row]))
    tab.page.get_by_role("dialog").get_by_text(image_ids(data, "test", [row])[0]).first.wait_for()
    tab.page.locator(".st-key-drawer-bar", has_text=re.compile(r"\d of \d")).wait_for()
    assert tab.complaints == []


def test_other_pages_follow_the_map(open_page, data):
    """What is filtered on the map is filtered on the next page at once, though the links there were written before."""
    tab = open_page("map")
    seen = Map(tab, data)
    filters(seen.page).get_by_label("True class").select_option(data.class_names[1])
    lit(seen, int((data.test_labels == 1).sum()))
    seen.page.get_by_role("link", name="Confusion").first.click()
    tab.page.wait_for_url(re.compile("/confusion.*true=1"))
    tab.settle()
    assert "true=1" in tab.page.url
    tab.page.get_by_text(f"of true class {data.class_names[1]}").first.wait_for()


def test_a_filter_on_the_map_runs_no_page(visit, dashboard, data):
    """The server is told, and answers with the map's own part of the page: the bar, for one, is not sent again."""
    tab, messages = visit(), []
    tab.page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda message: messages.append(message))
    )
    tab.open(f"{dashboard}map?run=planted")
    seen = Map(tab, data)
    settings = f"· {percent(data.own_predictions.accuracy)}".encode()
    assert any(settings in message for message in messages if isinstance(message, bytes))
    del messages[:]
    filters(seen.page).get_by_label("Wrong").check()
    lit(seen, int((~data.own_predictions.correct).sum()))
    seen.page.wait_for_timeout(1_500)
    assert messages
    assert not any(settings in message for message in messages if isinstance(message, bytes))
    assert tab.complaints == []
