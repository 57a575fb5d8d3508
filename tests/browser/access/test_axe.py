"""Every page as axe-core reads it, light and dark: no violation of WCAG 2.2, levels A and AA, and headings in order.

It reads into shadow roots, so components are looked at like all else, but not into canvases.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from dashboard.navigation import discover
from tests.browser.conftest import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = ["heading-order", "page-has-heading-one"]  # good practice that no level asks for
RUN = """async ({ tags, rules }) => {
  document.documentElement.style.overflow = ""; // of an open drawer: axe would take all text for cut off
  const asked = new Set([...axe.getRules(tags).map(({ ruleId }) => ruleId), ...rules]);
  const { violations, passes } = await axe.run(document, { runOnly: [...asked], resultTypes: ["violations"] });
  const told = violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html, any, all, none }) =>
    `${id} (${impact}): ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}: ${html.slice(0, 200)}`));
  return { told, passed: passes.map(({ id }) => id) };
}"""
AT_REST = "!document.querySelector('.stSkeleton, [data-testid=stSkeleton], [data-stale=true]')"
FOLLOWED = "(scheme) => getComputedStyle(document.documentElement).colorScheme === scheme"


@pytest.fixture
def look(visit) -> Callable:
    """Open a tab with axe-core in it; skips where it is not installed."""
    if not AXE.is_file():
        pytest.skip(f"needs axe-core in {AXE.parent.parent}: npm ci")

    def opened(address: str, **options):
        tab = visit(**options)
        tab.page.add_init_script(AXE.read_text(encoding="utf-8"))
        tab.open(address)
        return tab

    return opened


def violations(tab) -> list[str]:
    """Give the violations of what is shown now, each with its rule, what is wrong, and the element."""
    tab.settle()
    tab.page.wait_for_function(AT_REST)
    found = tab.page.evaluate(RUN, {"tags": STANDARD, "rules": RULES})
    assert {"color-contrast", "button-name", "aria-hidden-focus", *RULES} <= set(found["passed"])
    return found["told"]


def in_both_schemes(tab) -> dict[str, list[str]]:
    """Give the violations in light and in dark, to which an open page changes."""
    found = {}
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        tab.page.wait_for_function(FOLLOWED, arg=scheme)
        found[scheme] = violations(tab)
    return {scheme: told for scheme, told in found.items() if told}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_has_a_violation(erring, look, dark):
    """Of all that the bar has, one after the other, as they open."""
    tab = look(f"{erring}?run=planted", dark=dark)
    found = {}
    for page in discover():
        tab.page.locator(".st-key-pages a", has_text=page.title).click()
        tab.page.locator(f".st-key-page-{page.path}").wait_for()
        told = violations(tab)
        if told:
            found[page.title] = told
    assert found == {}, json.dumps(found, indent=1)


def test_the_drawer_of_an_image_has_no_violation(erring, look):
    """With the galleries and bars in it."""
    tab = look(f"{erring}errors?run=planted")
    tab.page.locator(".gallery[data-drawn] button.tile").nth(2).click()
    tab.page.locator("[role=dialog] .gallery[data-drawn]").nth(2).wait_for()
    assert in_both_schemes(tab) == {}


def test_what_opens_from_the_bar_has_no_violation(erring, look):
    """The classifier in use, and what it says of a stand-in: both hang outside the app's root."""
    tab = look(f"{erring}retrain?run=planted")
    for opens in (".st-key-bar-settings button", ".st-key-bar-mark button"):
        tab.page.locator(opens).first.click()
        tab.page.locator("[data-testid=stPopoverBody]").wait_for()
        assert in_both_schemes(tab) == {}
        tab.page.keyboard.press("Escape")
        tab.page.locator("[data-testid=stPopoverBody]").wait_for(state="detached")


def test_the_map_with_its_inspector_has_no_violation(erring, look):
    """A pinned image with its neighbours beside the map, another one read."""
    tab = look(f"{erring}map?run=planted")
    tab.page.wait_for_selector(".lb-map[data-thumbnails=ready][data-parts=ready]")
    stage = tab.page.get_by_role("application")
    for key in ("ArrowRight", "Enter", "ArrowRight"):
        stage.press(key)
    tab.page.locator(".pin-name").wait_for()
    assert in_both_schemes(tab) == {}
