"""Kernel, gamma, training images and feature set in a real browser: chosen, fitted, compared, shared."""

from __future__ import annotations

import re

import pytest

from cache import Store
from dashboard.run.cached import settings_of
from dashboard.run.data import RunData
from dashboard.statistics.flips import BROKE, FIXED, Flips
from pipeline.api import Setting
from pipeline.retraining.retrainer import retrain
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.planted import Plan, linear, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAN = Plan(n_train=120, noise=2.5)
PART = Setting(0.1, "linear", None, 10)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A store of this file's own: two runs of the same images, and one small part that was fitted before."""
    store = Store(tmp_path_factory.mktemp("dials") / "cache")
    retrain(store, planted_run(store, "planted", plan=PLAN), PART)
    planted_run(store, "planted-hog", plan=PLAN, extractor="hog")
    return store.root


@pytest.fixture(scope="module")
def address(cache, chromium):
    """The address of the page; fits at a large C are slow."""
    with running_dashboard(cache, "tests.browser.slow_server") as root:
        yield f"{root}retrain"


def kernel(tab, name: str) -> None:
    """Choose a kernel; a page that is still being drawn may lose the first press."""
    before = tab.page.url
    for _ in range(3):
        tab.page.locator(".stButtonGroup").get_by_text(name, exact=True).click()
        for _ in range(20):
            if tab.page.url != before:
                return
            tab.page.wait_for_timeout(500)


def flips(cache, before: Setting, after: Setting) -> Flips:
    """Compare two settings as the store has them."""
    data = RunData(Store(cache), "planted")
    return Flips(data.test_labels, *(data.predictions(setting).predicted for setting in (before, after)))


def cards(tab) -> list[int]:
    """Give the numbers on the cards of fixed and broken images."""
    shown = (tab.page.locator(f"button[data-name={name}]").inner_text() for name in (FIXED, BROKE))
    return [int(re.search(r"\d+", text)[0]) for text in shown]


def test_another_kernel_is_fitted_and_its_flips_are_seen_by_others(address, cache, visit):
    """One press: it is fitted, in use, compared with the run's own; a private window opens the same."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    assert tab.page.get_by_role("textbox", name="Gamma", exact=True).count() == 0
    kernel(tab, "RBF")
    tab.page.locator(".curve .words", has_text="From linear, C = 0.1 to RBF, C = 0.1").wait_for(
        timeout=PATIENCE * 1000
    )
    tab.settle()
    assert tab.page.url.endswith("?run=planted&kernel=rbf")
    found = flips(cache, linear(0.1), Setting(0.1, "rbf", "scale"))
    assert cards(tab) == [found.counts[name] for name in (FIXED, BROKE)]
    other = visit(390)
    other.open(tab.page.url)
    assert cards(other) == cards(tab)
    kernel(tab, "linear")
    tab.page.wait_for_url(re.compile(r"\?run=planted$"))
    assert tab.complaints == other.complaints == []


def test_slow_kernel_can_be_given_up(address, cache, visit):
    """Its progress shows under the dials, other pages work meanwhile, and cancelling goes back to what was there."""
    tab = visit()
    tab.open(f"{address}?run=planted&C=10.0")
    kernel(tab, "RBF")
    tab.page.locator(".curve .words", has_text="to RBF, C = 10").wait_for(timeout=PATIENCE * 1000)
    tab.settle()
    tab.page.get_by_label("Any other C").fill("200", timeout=PATIENCE * 1000)
    tab.page.get_by_role("button", name="Fit", exact=True).click()
    tab.page.get_by_text(re.compile(r"Fitting RBF, C = 200 .*\d+ of \d+ SVM fits")).wait_for(
        timeout=PATIENCE * 1000
    )
    assert "the pages show C = 0.1" in tab.page.locator(".stMain").inner_text().replace("linear, ", "")
    tab.page.get_by_role("button", name="Cancel").click()
    tab.page.wait_for_url(re.compile(r"\?run=planted&C=10\.0&kernel=rbf$"))
    tab.settle()
    tab.page.wait_for_timeout(1500)
    data = RunData(Store(cache), "planted")
    assert {setting.C for setting in settings_of(data) if setting.kernel == "rbf"} == {0.1, 10.0}
    assert tab.complaints == []


def test_fewer_images_that_are_in_the_store_are_there_at_once(address, cache, visit):
    """The slider's step is a look-up; the history names it, and goes back."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    slider = tab.page.locator(".stSlider", has_text="Training images a class").locator("input[type=range]")
    slider.focus()
    tab.page.keyboard.press("Home")
    tab.page.wait_for_url(re.compile(r"train=10$"))
    tab.settle()
    found = flips(cache, linear(0.1), PART)
    assert cards(tab) == [found.counts[name] for name in (FIXED, BROKE)]
    rows = tab.page.locator(".history tbody tr")
    assert "linear kernel, 10 training images a class" in rows.first.inner_text()
    rows.first.get_by_role("button", name="Pin").click()
    tab.page.wait_for_url(re.compile(r"versusTrain=10"))
    tab.settle()
    rows.nth(1).get_by_role("button", name="Use").click()
    tab.page.wait_for_url(lambda url: "train=10" not in url and "versusTrain=10" in url)
    tab.settle()
    assert cards(tab) == [found.counts[name] for name in (BROKE, FIXED)]
    assert tab.complaints == []


def test_feature_set_changes_the_run_and_keeps_the_former_as_baseline(address, visit):
    """What was in use is what the new one is compared with."""
    tab = visit()
    tab.open(f"{address}?run=planted&C=1.0")
    feature_set = tab.page.get_by_role("combobox", name="Feature set")
    feature_set.scroll_into_view_if_needed(timeout=PATIENCE * 1000)
    tab.settle()  # scrolling closes a list that has just opened
    feature_set.click()
    tab.page.get_by_role("option", name=re.compile("planted-hog")).click()
    tab.page.wait_for_url(re.compile("run=planted-hog.*versus=planted&"))
    tab.settle()
    assert "From planted, C = 1 to planted-hog, C = 1" in tab.page.locator(".curve .words").inner_text()
    assert tab.complaints == []


@pytest.mark.parametrize("page", ["", "map", "compare"])
def test_bad_values_in_the_address_are_told(address, visit, page):
    """On every page, with what is allowed."""
    tab = visit()
    tab.open(f"{address.removesuffix('retrain')}{page}?run=planted&kernel=poly&train=many")
    said = tab.page.locator(".stMain").inner_text()
    assert "kernel in the address must be one of linear, rbf. Got 'poly'." in said
    assert "train in the address must be a number of training images a class" in said
    assert tab.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_dials_fit_their_window(address, cache, visit, width, dark):
    """Nothing lies over the edge with all dials out."""
    asked = Setting(0.1, "rbf", 0.02, 20)
    store = Store(cache)
    retrain(store, store.run("planted"), asked)
    tab = visit(width, dark=dark)
    tab.open(f"{address}?run=planted&kernel=rbf&gamma=0.02&train=20")
    tab.page.get_by_role("textbox", name="Gamma", exact=True).wait_for(timeout=PATIENCE * 1000)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.complaints == []
