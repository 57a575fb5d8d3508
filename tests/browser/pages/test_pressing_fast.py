"""Somebody who presses faster than the pages are drawn: the last press counts, and the address says so."""

from __future__ import annotations

import re

import pytest

from cache import Store
from pipeline.api import SeparabilityStage, ensure
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.browser.walk.controls import SCRIPT, state
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONFUSED, HARDEST = (f".st-key-{key} button" for key in ("confused-pairs", "hardest-pairs"))
GAPS = (40, 160, 350)
"""Milliseconds between two presses."""
CHOOSE_AND_LEAVE = """(late) => {
  const link = [...document.querySelectorAll(".st-key-pages a")].find((one) => one.innerText.includes("Errors"));
  const choose = () => {
    walk.everything().find((one) => one.matches(".entry-name")).click();
    link.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  };
  if (!late) choose();
  link.click();
  if (late) setTimeout(choose);
}"""


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


@pytest.mark.parametrize("late", [False, True])
def test_a_choice_on_the_map_and_a_press_of_a_link_at_once(address, visit, late):
    """A busy browser does both in one go: the next page is whole; where the press came last, it has the choice."""
    tab = visit()
    tab.page.add_init_script(SCRIPT)
    tab.open(f"{address}map?run=planted")
    tab.page.locator(".lb-map[data-parts=ready]").wait_for(timeout=PATIENCE * 1000)
    state(tab)
    tab.page.evaluate(CHOOSE_AND_LEAVE, late)
    tab.page.wait_for_url(re.compile("/errors" if late else "/errors.*true=0"), timeout=PATIENCE * 1000)
    assert "Errors" in state(tab)["headings"]
    assert tab.complaints == []
