"""Two dashboards on one store, in a real browser: the second waits for the fit of the first."""

from __future__ import annotations

import re

import pytest

from cache import Store
from pipeline.api import find_fit
from pipeline.retraining.retrainer import retrain
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.planted import Plan, linear, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def store(tmp_path):
    """A store with a run."""
    store = Store(tmp_path / "cache")
    planted_run(store, "planted", plan=Plan(noise=2.5))
    return store


@pytest.fixture
def address(store, chromium):
    """The address of the second dashboard's page."""
    with running_dashboard(store.root) as root:
        yield f"{root}retrain?run=planted"


class Left(Exception):
    """Ends the first dashboard's fit."""


def fit_elsewhere(store, meanwhile, outcome):
    """Fit C = 0.06 in this process, as another dashboard does; act while that goes on, then let it end so."""
    done = []

    def progress(*_):
        if not done:
            done.append(meanwhile())
        if outcome is Left:
            raise Left

    retrain(store, store.run("planted"), linear(0.06), progress)


def ask_and_see_the_wait(tab, address):
    """Ask for the same fit, and wait until the page says who is waited for."""
    tab.open(address)
    tab.page.get_by_label("Any other C").fill("0.06", timeout=PATIENCE * 1000)
    tab.page.get_by_role("button", name="Fit", exact=True).click()
    tab.page.locator(".stMain").get_by_text(re.compile(r"waiting for .*process \d+")).wait_for(
        timeout=PATIENCE * 1000
    )


def test_the_fit_of_the_first_dashboard_is_shown_by_the_second(store, address, visit):
    """It says for whom it waits, and goes to the new C by itself when that is there."""
    tab = visit()
    fit_elsewhere(store, lambda: ask_and_see_the_wait(tab, address), outcome=None)
    tab.page.locator(".curve:has(path.live) h2", has_text="C = 0.06").wait_for(timeout=PATIENCE * 1000)
    assert tab.page.get_by_text("failed").count() == 0
    assert tab.complaints == []


def test_a_wait_is_cancelled_by_its_button(store, address, visit):
    """The page goes back; when the first dashboard gives up too, nothing was fitted by anybody."""
    tab = visit()

    def ask_and_cancel():
        ask_and_see_the_wait(tab, address)
        tab.page.get_by_role("button", name="Cancel").click()
        tab.page.wait_for_url(re.compile(r"\?run=planted$"))

    with pytest.raises(Left):
        fit_elsewhere(store, ask_and_cancel, outcome=Left)
    tab.settle()
    assert find_fit(store, store.run("planted"), linear(0.06)) is None
    assert tab.complaints == []
