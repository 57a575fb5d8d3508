"""The confusion matrix of many classes in a real browser: found by name, zoomed, clicked."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData
from dashboard.statistics.class_order import alphabetical_order
from dashboard.statistics.scores import confusion_matrix
from tests.browser.conftest import running_dashboard
from tests.many_classes import many_classes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READABLE, ROOM = 13, (120, 96)
K = 1000


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> RunData:
    """A run of a thousand classes."""
    store = Store(tmp_path_factory.mktemp("many") / "cache")
    many_classes(store, "many", K, each=4)
    return RunData(store, "many")


@pytest.fixture(scope="module")
def address(many, chromium):
    """The address of its page."""
    with running_dashboard(many.store.root) as root:
        yield f"{root}confusion?run=many&order=alphabet"


def find(tab, name: str) -> None:
    """Type a class's name."""
    tab.page.get_by_label("Find a class").fill(name)
    tab.page.keyboard.press("Enter")


def said(tab) -> str:
    """Read what a screen reader hears."""
    return tab.page.locator(".said").inner_text()


def test_a_class_is_found_by_its_name_and_its_images_by_a_click(many, address, visit):
    """Out of a thousand: its cell comes into view, Enter shows its images, the total of its row all of its class."""
    matrix = confusion_matrix(many.test_labels, many.own_predictions.predicted, K)
    label = 500
    tab = visit(1280, 1000)
    tab.open(address)
    tab.page.locator(".view canvas").wait_for()
    find(tab, f"class {label}")
    assert said(tab).startswith(f"{matrix[label, label]} of {matrix[label].sum()} true class {label} (")
    tab.page.locator(".view").press("Enter")
    tab.page.wait_for_url(re.compile(f"true={label}&predicted={label}&"))
    tab.settle()
    assert tab.page.locator("button.tile").count() == matrix[label, label]
    assert tab.complaints == []


def test_a_click_means_the_cell_under_it(many, address, visit):
    """At the top left, in the order of the alphabet; names and totals mean a whole row or column."""
    order = alphabetical_order(many.class_names)
    tab = visit(1280, 1000)
    tab.open(address)
    box = tab.page.locator(".view canvas").bounding_box()
    row, column = 3, 7
    place = [ROOM[i] + READABLE * (at + 0.5) for i, at in enumerate((column, row))]
    tab.page.mouse.click(box["x"] + place[0], box["y"] + place[1])
    tab.page.wait_for_url(re.compile(f"true={order[row]}&predicted={order[column]}&"))
    tab.settle()
    tab.page.mouse.click(box["x"] + 60, box["y"] + place[1])
    tab.page.wait_for_url(re.compile(f"true={order[row]}&(?!predicted)"))
    tab.settle()
    tab.page.mouse.click(box["x"] + place[0], box["y"] + box["height"] - 20)
    tab.page.wait_for_url(re.compile(f"run=many&predicted={order[column]}&"))


def test_all_of_it_can_be_seen_and_nobody_is_lost(many, address, visit):
    """Zoomed out everything fits, zoomed in it scrolls; on a phone, too, in the dark; unknown names are said."""
    tab = visit(390, 844, dark=True)
    tab.open(address)
    view = tab.page.locator(".view")
    tab.page.locator(".view canvas").wait_for()
    scrolls = "(view) => [view.scrollWidth > view.clientWidth, view.scrollHeight > view.clientHeight]"
    tab.page.wait_for_timeout(500)
    assert view.evaluate(scrolls) == [True, True]
    for _ in range(2):  # room may come free with the scroll bars
        tab.page.get_by_role("button", name="Show all of it").click()
    assert view.evaluate(scrolls) == [False, False]
    find(tab, "zebra")
    assert "No class" in said(tab)
    assert np.array(tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
    assert tab.complaints == []
