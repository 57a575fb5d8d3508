"""Back and Forward: one action is one entry of the browser's history, and Back shows what was there before it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import PATIENCE
from tests.browser.map_page import colour_by, filters

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SETTLED = 1600  # milliseconds: the map writes its address 150 and 1000 after a change
MAP = "document.querySelector('.lb-map')?.dataset"
SHOWN = f"""() => {{
  const map = {MAP};
  const said = map && Object.fromEntries(["colour", "pinned", "lit", "selected"].map((name) => [name, map[name]]));
  const cards = [...document.querySelectorAll(".lb-cards")].map((cards) => cards.innerText);
  const tiles = [...document.querySelectorAll("button.tile")].length;
  return {{ address: location.href, said, cards, tiles, title: document.title }};
}}"""
"""What the viewer has before them."""


def settle(tab) -> None:
    """Wait until Streamlit and the map have written what they have to write."""
    tab.settle()
    if tab.page.locator(".lb-map").count():
        tab.page.wait_for_selector(".lb-map[data-drawn]", timeout=PATIENCE * 1000)
    tab.page.wait_for_timeout(SETTLED)
    tab.settle()


def at(address: str) -> Callable:
    """Do something that ends at an address: ``at("true=1")(act)`` gives an action."""

    def wrap(act):
        def acted(tab):
            act(tab)
            tab.page.wait_for_function(
                "(said) => location.href.match(said)", arg=address, timeout=PATIENCE * 1000
            )

        return acted

    return wrap


def choose(label: str, option: str) -> Callable:
    """Choose in one of Streamlit's lists."""

    def act(tab):
        tab.page.get_by_role("combobox", name=re.compile(label)).click()
        tab.page.get_by_role("option", name=option, exact=True).click()

    return act


def click(selector: str, **which) -> Callable:
    """Click the first of what a selector finds."""
    return lambda tab: tab.page.locator(selector, **which).first.click()


def select(label: str, value: str) -> Callable:
    """Choose in a list of the map, by keyboard."""

    def act(tab):
        filters(tab.page).get_by_label(label).focus()
        tab.page.keyboard.press(value)

    return act


def type_word(tab) -> None:
    """Search on the map, letter by letter, slower than the address is written."""
    tab.page.locator(".filters").get_by_label("Search").click()
    for letter in "000":
        tab.page.keyboard.press(letter)
        tab.page.wait_for_timeout(400)


def keys(*names: str) -> Callable:
    """Press keys on the map."""

    def act(tab):
        tab.page.locator(".stage").focus()
        for name in names:
            tab.page.keyboard.press(name)

    return act


def step_of_slider(tab) -> None:
    """Move C by a stop."""
    tab.page.get_by_role("slider", name="Penalty C").press("ArrowRight")


ACTIONS = {
    "map: true class": ("map", "", at("true=1")(select("True class", "s"))),
    "map: outcome": (
        "map",
        "",
        at("only=wrong")(lambda tab: filters(tab.page).get_by_label("Wrong").check()),
    ),
    "map: colour": ("map", "", at("colour=margin")(lambda tab: colour_by(tab.page, "Margin"))),
    "map: class of the legend": ("map", "", at("true=2")(click(".entry-name", has_text="cross"))),
    "map: all selected": ("map", "", at("select=")(keys("ControlOrMeta+a"))),
    "map: layout": ("map", "", at("layout=grid")(keys("g"))),
    "map: pin": ("map", "", at("pin=")(keys("ArrowRight", "Enter"))),
    "map: search": ("map", "", at("find=000")(type_word)),
    "map: to a page, filtered": (
        "map",
        "&true=1",
        at("/errors.*true=1")(click(".st-key-pages a", has_text="Errors")),
    ),
    "map: run": ("map", "&true=1", at("run=planted-hog")(choose("Run", "planted-hog"))),
    "page": ("errors", "", at("/confusion")(click(".st-key-pages a", has_text="Confusion"))),
    "run": ("errors", "", at("run=planted-hog")(choose("Run", "planted-hog"))),
    "filter": ("errors", "", at("true=1")(choose("True class", "square"))),
    "filters cleared": ("errors", "&true=1", at("run=planted$")(click("button", has_text="Clear filters"))),
    "image": ("errors", "", at("image=")(click("button.tile"))),
    "class of the table": ("", "", at("/errors.*true=")(click(".classes tbody tr"))),
    "C": ("retrain", "", at("C=")(step_of_slider)),
    "pair of the list": ("confusion", "", at("true=.*predicted=")(click(".st-key-confused-pairs button"))),
    "shares": ("confusion", "", at("matrix=rows")(click("button", has_text="Per cent of true class"))),
    "order of the classes": ("confusion", "", at("order=alphabet")(click("button", has_text="Alphabet"))),
    "swap": ("compare", "", at("versus=planted(&|$)")(click("button", has_text="Swap"))),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_an_entry_and_back_undoes_it(dashboard, visit, name):
    """The history grows by exactly one; Back shows the state before, Forward the state after, and neither adds any."""
    page, more, act = ACTIONS[name]
    tab = visit()
    tab.open(f"{dashboard}{page}?run=planted{more}")
    settle(tab)
    before, entries = tab.page.evaluate(SHOWN), tab.page.evaluate("history.length")
    act(tab)
    settle(tab)
    after = tab.page.evaluate(SHOWN)
    assert after != before
    assert tab.page.evaluate("history.length") == entries + 1
    tab.page.go_back()
    settle(tab)
    assert tab.page.evaluate(SHOWN) == before
    tab.page.go_forward()
    settle(tab)
    assert tab.page.evaluate(SHOWN) == after
    assert tab.page.evaluate("history.length") == entries + 1
    assert tab.complaints == []


def test_a_visit_without_a_run_is_one_entry(dashboard, visit):
    """The address gets the run; nobody has to go back over that."""
    tab = visit()
    tab.page.goto("about:blank")
    entries = tab.page.evaluate("history.length")
    tab.open(f"{dashboard}map")
    settle(tab)
    assert tab.page.evaluate("history.length") == entries + 1


def test_back_and_forth_over_several_actions(dashboard, visit):
    """A filter, a page, a filter there; back over all of them: each state as it was, and no more entries."""
    tab = visit()
    tab.open(f"{dashboard}?run=planted")
    settle(tab)
    acts = [
        click(".st-key-pages a", has_text="Map"),
        select("True class", "s"),
        click(".st-key-pages a", has_text="Errors"),
        choose("Predicted class", "cross"),
    ]
    states = [tab.page.evaluate(SHOWN)]
    entries = tab.page.evaluate("history.length")
    for act in acts:
        act(tab)
        settle(tab)
        states.append(tab.page.evaluate(SHOWN))
    assert tab.page.evaluate("history.length") == entries + len(acts)
    for state in reversed(states[:-1]):
        tab.page.go_back()
        settle(tab)
        assert tab.page.evaluate(SHOWN) == state
    assert tab.page.evaluate("history.length") == entries + len(acts)
