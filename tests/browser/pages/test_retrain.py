"""The retrain page in a real browser: the curve that is a slider, live fits, and their cancelling."""

from __future__ import annotations

import re

import pytest

from cache import Store
from dashboard.figures.theme import DARK, LIGHT
from dashboard.run.data import RunData
from dashboard.statistics.flips import BROKE, FIXED, Flips
from dashboard.statistics.scores import confusion_matrix
from dashboard.wording.numbers import percent
from pipeline.api import Asked
from tests.browser.conftest import PATIENCE, running_dashboard
from tests.planted import PATH, Plan, linear, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLOW_C = 300.0
"""A fit that `slow_server` makes last long enough to be watched."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A store of this file's own, as fits are written to it: an easy run, and one that is slow to fit."""
    store = Store(tmp_path_factory.mktemp("retrain") / "cache")
    planted_run(store, "planted", plan=Plan(noise=2.5))
    names = [f"class {i}" for i in range(10)]
    planted_run(store, "slow", plan=Plan(names, n_train=200, n_test=200, noise=4.0, seed=2))
    return store.root


@pytest.fixture(scope="module")
def address(cache, chromium):
    """The address of the page."""
    with running_dashboard(cache, "tests.browser.slow_server") as root:
        yield f"{root}retrain"


def accuracy(tab) -> str:
    """Give the test accuracy that the page shows."""
    return tab.page.locator(".curve .share").inner_text()


def place(tab, C: float) -> list[float]:
    """Give where on the screen a C of the path stands."""
    tab.page.locator(".curve[data-loaded]").wait_for()
    tab.page.locator(".curve .plot").scroll_into_view_if_needed()
    box = tab.page.locator(".curve circle.stop").nth(PATH.index(C)).bounding_box()
    return [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]


def wanted(cache, run: str, C: float | None) -> str:
    """Give the accuracy as the store has it."""
    return percent(RunData(Store(cache), run).look_up(Asked(C))[1].accuracy)


def ask(tab, C: str) -> None:
    """Type a C and ask for the fit."""
    tab.page.get_by_label("Any other C").fill(C, timeout=PATIENCE * 1000)
    tab.page.get_by_role("button", name="Fit", exact=True).click()


def test_slider_changes_the_numbers_here_and_elsewhere(address, cache, visit):
    """A step of the slider is in the URL, in the numbers, and on the other pages."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    assert accuracy(tab) == wanted(cache, "planted", None)
    tab.page.get_by_role("slider", name="Penalty C").press("ArrowRight")
    tab.page.wait_for_url(re.compile(r"C=1\.0"))
    tab.settle()
    assert accuracy(tab) == wanted(cache, "planted", 1.0)
    tab.page.locator(".st-key-pages a", has_text="Overview").click()
    tab.page.wait_for_url(re.compile(r"/\?run=planted&C=1\.0$"))
    tab.settle()
    n_correct = RunData(Store(cache), "planted").predictions(linear(1.0)).n_correct
    assert tab.page.locator("h1").inner_text().startswith(f"{n_correct} of ")
    assert wanted(cache, "planted", 1.0) in tab.page.locator(".st-key-settings button").first.inner_text()
    assert tab.complaints == []


@pytest.mark.parametrize("phone", [False, True], ids=["click", "tap"])
def test_point_of_the_curve_chooses_its_C(address, cache, visit, phone):
    """By mouse and by finger, each point gives its own C."""
    tab = visit(390 if phone else 1280, 900, has_touch=phone, is_mobile=phone)
    tab.open(f"{address}?run=planted")
    for C, said in ((0.01, "0.01"), (10.0, "10.0"), (1.0, "1.0")):
        (tab.page.touchscreen.tap if phone else tab.page.mouse.click)(*place(tab, C))
        tab.page.wait_for_url(re.compile(rf"C={re.escape(said)}$"))
        tab.settle()
        assert accuracy(tab) == wanted(cache, "planted", C)
    assert tab.complaints == []


def test_curve_follows_the_system_into_the_dark(address, visit):
    """When the evening comes the open page is drawn again in the dark theme's colours, untouched."""
    from playwright.sync_api import expect

    tab = visit()
    tab.open(f"{address}?run=planted")
    line = tab.page.locator(".curve polyline.test")
    expect(line).to_have_css("stroke", rgb(LIGHT.test), timeout=PATIENCE * 1000)
    tab.page.emulate_media(color_scheme="dark")
    expect(line).to_have_css("stroke", rgb(DARK.test), timeout=PATIENCE * 1000)
    assert tab.complaints == []


def rgb(colour: str) -> str:
    """Write a colour as browsers do."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_live_fit_ends_with_the_app_at_its_C(address, cache, visit):
    """Typed, fitted, in use: the numbers are those of the new classifier, and the curve has its point."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    ask(tab, "0,05")
    tab.page.locator(".curve path.live").wait_for(timeout=PATIENCE * 1000)
    tab.settle()
    assert tab.page.url.endswith("?run=planted&C=0.05")
    assert accuracy(tab) == wanted(cache, "planted", 0.05)
    slider = tab.page.get_by_role("slider", name="Penalty C")
    assert slider.get_attribute("aria-valuetext") == f"C = 0.05, {accuracy(tab)} right"
    assert tab.complaints == []


def test_slow_fit_is_watched_reloaded_shared_and_cancelled(address, cache, visit):
    """Progress shows, survives a reload, is seen by a second visitor who waits, and ends when cancelled."""
    first, second = visit(), visit(390)
    first.open(f"{address}?run=slow")
    ask(first, f"{SLOW_C:g}")
    first.page.get_by_text(re.compile(r"Fitting C = 300 .*\d+ of \d+ SVM fits")).wait_for(
        timeout=PATIENCE * 1000
    )
    first.page.reload()
    first.page.locator(".stMain").get_by_text("Fitting C = 300").wait_for(timeout=PATIENCE * 1000)
    second.open(f"{address}?run=slow")
    ask(second, "200")
    second.page.get_by_text(re.compile("next in the queue")).wait_for(timeout=PATIENCE * 1000)
    second.page.get_by_role("button", name="Cancel").click()
    second.page.wait_for_url(re.compile(r"\?run=slow$"))
    first.page.get_by_role("button", name="Cancel").click()
    first.page.wait_for_url(re.compile(r"\?run=slow$"))
    first.page.locator(".stMain").get_by_text("Fitting C = 300").wait_for(
        state="detached", timeout=PATIENCE * 1000
    )
    assert RunData(Store(cache), "slow").predictions(linear(SLOW_C)) is None
    assert first.complaints == second.complaints == []


def test_address_of_an_unfitted_C_offers_it_on_every_page(address, visit):
    """Nothing is fitted by opening a link; the offer is there, and declining it goes back."""
    tab = visit()
    for page in (address, address.replace("retrain", "errors")):
        tab.open(f"{page}?run=planted&C=0.77")
        tab.page.get_by_role("button", name="Fit C = 0.77 now").wait_for()
        tab.page.get_by_role("button", name="Stay with C = 0.1").click()
        tab.page.wait_for_url(re.compile(r"\?run=planted$"))
    assert tab.complaints == []


def test_dragging_follows_without_the_server_and_counts_when_let_go(address, cache, visit):
    """Numbers and flips of each C while the button is held; the address changes at its release; Back undoes it."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    data = RunData(Store(cache), "planted")
    labels, own = data.test_labels, data.predictions(linear(0.1)).predicted
    places = {C: place(tab, C) for C in PATH}
    tab.page.mouse.move(*places[0.1])
    tab.page.mouse.down()
    for C in (0.01, 0.001, 10.0, 1.0):
        tab.page.mouse.move(*places[C], steps=4)
        now = data.predictions(linear(C)).predicted
        flips = Flips(labels, own, now)
        assert accuracy(tab) == wanted(cache, "planted", C)
        shown = {kind: int(tab.page.locator(f".kind.{kind} b").inner_text()) for kind in (FIXED, BROKE)}
        assert shown == {kind: flips.counts[kind] for kind in (FIXED, BROKE)}
        matrix = tab.page.locator(".matrix[data-counts]").get_attribute("data-counts")
        assert matrix.split() == [str(n) for n in confusion_matrix(labels, now, 4).ravel()]
        assert tab.page.url.endswith("?run=planted")
    tab.page.mouse.up()
    tab.page.wait_for_url(re.compile(r"C=1\.0$"))
    tab.settle()
    assert accuracy(tab) == wanted(cache, "planted", 1.0)
    tab.page.go_back()
    tab.page.wait_for_url(re.compile(r"run=planted$"))
    tab.settle()
    assert accuracy(tab) == wanted(cache, "planted", None)
    assert tab.complaints == []


def test_page_opens_on_what_the_cross_validated_choice_would_change(address, visit):
    """In words, with a button that uses it; nothing is the baseline in a box."""
    tab = visit()
    tab.open(f"{address}?run=planted")
    words = tab.page.locator(".curve .words")
    assert words.inner_text().startswith("C = 0.01 is better than C = 0.1 in cross-validation (")
    tab.page.get_by_role("button", name="Use C = 0.01").click()
    tab.page.wait_for_url(re.compile(r"C=0\.01$"))
    tab.settle()
    assert words.inner_text() == "From C = 0.1 to C = 0.01"
    assert tab.complaints == []


def test_images_that_flip_are_shown_and_opened(address, visit):
    """With their pictures; a click shows one, and a number lists all of its kind."""
    tab = visit()
    tab.open(f"{address}?run=planted&C=10.0")
    tab.page.locator(".kind .tile canvas[data-thumbnail=ready]").first.wait_for()
    tab.page.locator(".kind .tile").first.click()
    tab.page.wait_for_url(re.compile(r"image=\d+"))
    tab.open(f"{address}?run=planted&C=10.0")
    tab.page.locator(".kind.fixed .more").click()
    tab.page.wait_for_url(re.compile(r"group=fixed"))
    assert tab.complaints == []
