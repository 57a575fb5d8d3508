"""A thousand classes in a real browser: their matrix is searched, zoomed and clicked, all pages need little memory."""

from __future__ import annotations

import re
import time

import numpy as np
import psutil
import pytest

from cache import Store
from dashboard.navigation import discover
from dashboard.run.data import RunData
from dashboard.statistics.class_order import alphabetical_order
from dashboard.statistics.scores import confusion_matrix
from tests.browser.conftest import running_dashboard
from tests.many_classes import many_classes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READABLE, ROOM = 13, (120, 96)
K = 1000
MEMORY = 512
"""Megabytes that every page of so many classes has to do with."""


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


@pytest.fixture(scope="module")
def small(many, chromium):
    """The address of a server that may take little memory, and its process."""
    before = set(psutil.Process().children(recursive=True))
    with running_dashboard(many.store.root, LAZYBONES_MEMORY=f"{MEMORY}MB") as root:
        (server,) = [one for one in set(psutil.Process().children()) - before if "run" in one.cmdline()]
        yield root, server


def watched(tab, server, seconds: float) -> float:
    """Wait; give the most megabytes that a server and its processes held meanwhile."""
    most, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        held = sum(one.memory_info().rss for one in (server, *server.children(recursive=True)))
        most = max(most, held / 1e6)
        tab.page.wait_for_timeout(100)
    return most


@pytest.mark.parametrize("page", [page.path for page in discover()])
def test_every_page_opens_in_little_memory(small, visit, page):
    """No page fails, none takes more than there is; what would take more is refused in a sentence."""
    root, server = small
    tab = visit(1280, 860)
    tab.page.goto(f"{root}{page}?run=many&versus=many-rival")
    most = watched(tab, server, 3)
    tab.settle()
    assert max(most, watched(tab, server, 1)) < MEMORY
    assert tab.page.get_by_text("Something unexpected").count() == 0
    assert tab.complaints == []


def test_what_takes_too_much_memory_is_refused(small, visit):
    """Half a million machines at a time are not begun: the sentence says how much memory they need."""
    root, server = small
    tab = visit(1280, 860)
    tab.open(f"{root}separability?run=many")
    tab.page.get_by_role("button", name="Compute separability").click()
    most = watched(tab, server, 5)
    tab.page.get_by_text("Memory for machines of 1,000 classes").wait_for()
    assert most < MEMORY
    assert tab.complaints == []
