"""Somebody who presses faster than the pages are drawn: the last press counts, and the address says so."""

from __future__ import annotations

import re

import pytest

from cache import Store
from pipeline.api import SeparabilityStage, ensure
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAIRS = ".st-key-confused-pairs a"
GAPS = (40, 160, 350)
"""Milliseconds between two presses."""


@pytest.fixture(scope="module")
def address(tmp_path_factory, chromium):
    """A dashboard on a run whose pairs of classes are judged."""
    store = Store(tmp_path_factory.mktemp("fast") / "cache")
    made = planted_run(store, "planted", plan=Plan(noise=2.5))
    ensure(store, SeparabilityStage(0.1), made.stages)
    with running_dashboard(store.root) as root:
        yield root


def chosen(tab) -> str:
    """Read the classes that the address says."""
    found = re.search(r"true=\d+&predicted=\d+", tab.page.url)
    return found[0] if found else ""


def test_of_many_links_pressed_fast_the_last_is_shown(address, visit):
    """Whatever came between; and the page shows the images that the address says."""
    tab = visit()
    tab.open(f"{address}confusion?run=planted")
    links = tab.page.locator(PAIRS)
    wanted = [re.search(r"true=\d+&predicted=\d+", link.get_attribute("href"))[0] for link in links.all()]
    for turn, gap in enumerate(GAPS):
        for place in range(len(wanted)):
            last = (place + turn) % len(wanted)
            links.nth(last).click()
            tab.page.wait_for_timeout(gap)
        tab.settle()
        assert chosen(tab) == wanted[last], gap
        tab.page.wait_for_timeout(600)
        assert chosen(tab) == wanted[last], "it must stay so"


def test_of_many_pairs_pressed_fast_the_last_is_chosen(address, visit):
    """Each press chooses a pair, no press is lost, and exactly the pair of the address looks chosen."""
    tab = visit()
    tab.open(f"{address}separability?run=planted")
    pills = tab.page.get_by_role("radiogroup", name="Hardest to tell apart").get_by_role("radio")
    pills.first.wait_for(timeout=PATIENCE * 1000)
    known: dict[str, str] = {}
    for name in pills.all_inner_texts():  # one at a time, to learn which pair is which
        pills.filter(has_text=name).click()
        tab.page.wait_for_function(
            "(before) => location.search !== before", arg=known.get("", "?run=planted")
        )
        tab.settle()
        known |= {name: chosen(tab), "": tab.page.evaluate("location.search")}
    assert len(set(known.values())) == len(known)
    names = [name for name in known if name]
    for turn, gap in enumerate(GAPS):
        for place in range(len(names)):
            last = names[(place + turn) % len(names)]
            pills.filter(has_text=last).click()
            tab.page.wait_for_timeout(gap)
        tab.settle()
        tab.page.wait_for_timeout(600)
        assert chosen(tab) == known[last], gap
        assert [
            pill.inner_text() for pill in pills.all() if pill.get_attribute("aria-checked") == "true"
        ] == [last]
    assert tab.complaints == []
