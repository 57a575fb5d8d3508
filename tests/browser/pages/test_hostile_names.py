"""What a browser makes of names that mean something to Plotly, Markdown or HTML: the names."""

from __future__ import annotations

import pytest

from cache import Store
from tests.browser.conftest import running_dashboard
from tests.hostile_names import NAMES
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRITTEN = "() => [...document.querySelectorAll('.js-plotly-plot svg text')].map((text) => text.textContent)"
FEW = NAMES[:20]
"""As many as a matrix of Plotly's has; more are painted."""
SHORT = {name for name in FEW if len(name) <= 12 and "\n" not in name and name.isascii()}
"""Those that a matrix writes whole, as they are."""


@pytest.fixture(scope="module")
def address(tmp_path_factory, chromium):
    """A dashboard on a run with these classes."""
    store = Store(tmp_path_factory.mktemp("hostile") / "cache")
    for run, names in (("few", FEW), ("all", NAMES)):
        planted_run(
            store, run, plan=Plan(names, n_train=len(names) * 4, n_test=len(names) * 8, noise=3, seed=2)
        )
    with running_dashboard(store.root) as started:
        yield started


def test_a_matrix_writes_every_name_as_it_is(address, visit):
    """Quotes, entities, formulas, tags and templates, in Plotly's own text."""
    tab = visit()
    tab.page.on("dialog", lambda dialog: tab.complaints.append("a script of a name ran"))
    tab.open(f"{address}confusion?run=few&true=11&predicted=1")
    tab.page.locator(".js-plotly-plot svg text").first.wait_for()
    assert set(tab.page.evaluate(WRITTEN)) >= SHORT
    assert tab.complaints == []


@pytest.mark.parametrize("run", ["few", "all"])
def test_a_sentence_keeps_its_order_and_its_words(address, visit, run):
    """A name that turns the direction of text leaves the numbers behind it; dashes and arrows stay what they are."""
    tab = visit()
    tab.open(f"{address}confusion?run={run}&true=11&predicted=1")
    said = tab.page.evaluate("document.body.innerText")
    assert "\u202e" not in said
    assert "of true class right to left, predicted as <b>bold</b>." in said
    assert "→ b" not in said
    assert tab.complaints == []
