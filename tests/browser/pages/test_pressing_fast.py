"""Somebody who presses faster than the pages are drawn: the last press counts, and the address says so."""

from __future__ import annotations

import re

import pytest

from cache import Store
from pipeline.api import SeparabilityStage, ensure
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONFUSED, HARDEST = (f".st-key-{key} button" for key in ("confused-pairs", "hardest-pairs"))
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


def said(tab) -> str:
    """Read the classes that the address says, as a line of a list is named after them."""
    found = re.search(r"true=(\d+)&predicted=(\d+)", tab.page.url)
    return f"{found[1]}.{found[2]}" if found else ""


@pytest.mark.parametrize(("page", "lines"), [("confusion", CONFUSED), ("separability", HARDEST)])
def test_of_many_lines_pressed_fast_the_last_is_chosen(address, visit, page, lines):
    """Whatever came between: the address says it, and stays so, and it is the only one that looks chosen."""
    tab = visit()
    tab.open(f"{address}{page}?run=planted")
    tab.page.locator(lines).first.wait_for(timeout=PATIENCE * 1000)
    names = [line.get_attribute("data-name") for line in tab.page.locator(lines).all()]
    assert len(names) > len(GAPS)
    for turn, gap in enumerate(GAPS):
        for place in range(len(names)):
            last = names[(place + turn) % len(names)]
            tab.page.locator(f'{lines}[data-name="{last}"]').click()
            tab.page.wait_for_timeout(gap)
        tab.settle()
        for _ in range(2):
            assert said(tab) == last, gap
            pressed = tab.page.locator(f"{lines}[aria-pressed=true]")
            assert [line.get_attribute("data-name") for line in pressed.all()] == [last]
            tab.page.wait_for_timeout(600)
    assert tab.complaints == []
