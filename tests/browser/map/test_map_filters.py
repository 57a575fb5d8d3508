"""The map's filters and legend: what is lit is what brute force finds, and every control works without a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData, image_ids
from tests.browser.conftest import running_dashboard
from tests.browser.map_page import Map
from tests.browser.map_page import filters as open_filters
from tests.map_runs import map_run
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = '<b onmouseover="alert(1)">"quoted" & \'too\'</b> ' + "long " * 40


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """A planted run of four classes, one of 30 with hostile names, and one of 300."""
    made = Store(tmp_path_factory.mktemp("filters") / "cache")
    planted_run(made, "planted")
    names = [f"{HOSTILE} {i}" for i in range(30)]
    planted_run(made, "hostile", plan=Plan(names, n_train=120, n_test=300, seed=4))
    rng = np.random.default_rng(5)
    map_run(made, "classes-300", rng.normal(size=(400, 2)), n_classes=300)
    map_run(made, "no-margins", rng.normal(size=(40, 2)), margin=np.full(40, np.nan))
    return made


@pytest.fixture(scope="module")
def address(store, chromium) -> Iterator[str]:
    """The address of a dashboard on these runs."""
    with running_dashboard(store.root) as started:
        yield started


@pytest.fixture
def open_map(store, address, visit):
    """Open a run's map: ``open_map("planted", width=390)``."""

    def opened(run: str = "planted", query: str = "", **options) -> Map:
        tab = visit(**options)
        tab.open(f"{address}map?run={run}{query}")
        return Map(tab, RunData(store, run))

    return opened


def lit(seen: Map, expected: int) -> None:
    """Wait until so many images are lit, and the count says so."""
    seen.page.wait_for_selector(f'.lb-map[data-lit="{expected}"]')
    said = seen.page.locator(".filter-count").inner_text()
    assert said.startswith(f"{expected} of {seen.data.n_test} images")


def filters(seen: Map):
    """The controls by their labels, all of them in sight."""
    return open_filters(seen.page)


def test_filters_together_leave_what_all_of_them_let_pass(open_map):
    """True and predicted class, outcome, margin and text: as brute force on the run's arrays, then cleared."""
    seen = open_map()
    said, truth = seen.data.own_predictions, seen.data.test_labels
    ids = image_ids(seen.data, "test", range(seen.data.n_test))
    bar, expected = filters(seen), np.ones(len(truth), dtype=bool)
    bar.get_by_label("Right").check()
    expected &= said.predicted == truth
    lit(seen, expected.sum())
    bar.get_by_label("True class").select_option("square")
    expected &= truth == 1
    lit(seen, expected.sum())
    bar.get_by_label("Predicted class").select_option("square")
    lit(seen, expected.sum())
    middle = round(float(np.median(said.margin[expected])), 1)
    bar = filters(seen)
    bar.locator(".drop-open").click()
    bar.get_by_label("Lowest margin, as a number").fill(str(middle))
    bar.get_by_label("Lowest margin, as a number").press("Enter")
    expected &= said.margin >= middle
    lit(seen, expected.sum())
    text = ids[int(expected.argmax())][1:-1]
    bar.get_by_label("Search").fill(text.upper())
    matches = np.array([text in name for name in ids])
    expected &= matches
    seen.page.get_by_text(f"{matches.sum()} matches for “{text.upper()}”").wait_for()
    lit(seen, expected.sum())
    assert 0 < expected.sum() < 80
    bar = filters(seen)
    bar.locator(".filter-clear").click()
    lit(seen, 80)
    assert bar.get_by_label("Search").input_value() == ""
    assert bar.locator(".filter-clear").is_disabled()
    assert seen.tab.complaints == []


def test_the_margin_slider_works_by_keys(open_map):
    """Both thumbs move with arrows, never pass each other, and at their ends leave the range open."""
    seen = open_map()
    margin = seen.data.own_predictions.margin
    filters(seen).locator(".drop-open").press("Enter")
    low = filters(seen).get_by_label("Lowest margin", exact=True)
    high = filters(seen).get_by_label("Highest margin", exact=True)
    low.press("End")
    value = float(low.input_value())
    assert value == float(high.input_value())
    for _ in range(30):
        low.press("ArrowLeft")
    value = float(low.input_value())
    lit(seen, int((margin >= value).sum()))
    assert 0 < (margin >= value).sum() < 80
    low.press("Home")
    lit(seen, 80)
    low.press("Escape")
    assert filters(seen).locator(".drop.margin .drop-body").is_hidden()
    assert filters(seen).locator(".drop-open").evaluate("(opener) => opener.matches(':focus')")


def test_another_c_changes_predictions_and_nothing_else(open_map):
    """Chosen in the bar: its columns are all that is fetched; pins, filters and camera stay."""
    seen = open_map(query="#pin=9&only=wrong&at=30000,30000,2")
    data, truth = seen.data, seen.data.test_labels
    seen.page.locator(".near-tile").first.wait_for()
    rows = data.artefact("classifier").array("predicted_label")
    lit(seen, int((data.own_predictions.predicted != truth).sum()))
    asked = []
    seen.page.on("request", lambda request: asked.append(request.url))
    seen.page.locator(".st-key-settings button").first.click()
    seen.page.locator("label", has=seen.page.get_by_role("radio", name=re.compile("^10 ·"))).click()
    lit(seen, int((rows[-1] != truth).sum()))
    fetched = {re.search("/lazybones/([a-z]+)/", url)[1] for url in asked if "/lazybones/" in url}
    assert fetched == {"columns"}
    seen.tab.settle()
    lit(seen, int((rows[-1] != truth).sum()))
    assert seen.said["pinned"] == "9"
    assert "zoomed" in seen.page.locator(".stage").evaluate("(stage) => Object.keys(stage.dataset)")
    name = data.class_names[rows[-1][9]]
    assert seen.page.locator('.pin [data-line="predicted"]').inner_text().split("\n")[1] == name
    assert seen.tab.complaints == []


def test_no_margins_no_range(open_map):
    """Where no image has a margin there is nothing to choose."""
    assert filters(open_map("no-margins")).locator(".drop-open").is_disabled()


def test_enter_goes_from_one_match_to_the_next(open_map):
    """Each Enter shows the next image found; after the last one comes the first."""
    seen = open_map()
    search = filters(seen).get_by_label("Search")
    search.fill("st/001")
    rows = []
    for _ in range(11):
        search.press("Enter")
        rows.append(seen.said["hoverId"])
    assert rows == [str(row) for row in [*range(10, 20), 10]]
    assert seen.page.locator(".card").is_visible()


def test_a_search_goes_to_what_it_finds_and_back(open_map):
    """All that is found is in view, and near; an empty search leads back to where the viewer was."""
    seen = open_map()
    places, box = seen.places(), seen.box
    search = filters(seen).get_by_label("Search")
    search.fill("st/0012")
    lit(seen, 1)
    seen.page.wait_for_selector('.stage[data-zoomed="true"]')
    seen.page.wait_for_timeout(600)
    seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    seen.page.wait_for_function(
        "(map) => map.dataset.hoverId === '12'", arg=seen.page.query_selector(".lb-map")
    )
    search.fill("")
    lit(seen, 80)
    seen.page.wait_for_selector('.stage[data-zoomed="false"]')
    assert np.array_equal(seen.places(), places)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_many_classes_are_searched(open_map, dark):
    """300 classes: the filter takes a name, refuses what is none, and the legend finds one."""
    seen = open_map("classes-300", dark=dark)
    truth = filters(seen).get_by_label("True class")
    truth.fill("class 7")
    truth.press("Enter")
    truth.blur()
    lit(seen, int((seen.data.test_labels == 7).sum()))
    truth.fill("no such thing")
    truth.press("Tab")
    assert not truth.evaluate("(field) => field.validity.valid")
    lit(seen, int((seen.data.test_labels == 7).sum()))
    truth.fill("")
    truth.press("Tab")
    lit(seen, 400)
    seen.page.keyboard.press("Escape")
    seen.page.get_by_label("more of the legend").click()
    seen.page.get_by_label("Find one of 300 classes").fill("class 29")
    assert seen.page.locator(".entry-name:visible").count() == 11
    seen.page.locator(".entry-name:visible").last.click()
    lit(seen, int((seen.data.test_labels == 299).sum()))
    assert seen.tab.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_names_are_shown_as_they_are(open_map, width):
    """Markup in a class name is text everywhere, and 200 characters widen nothing."""
    seen = open_map("hostile", width=width)
    box = seen.box
    seen.point_at(seen.nearest(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    assert seen.part("truth").startswith('<b onmouseover="alert(1)">')
    assert seen.page.locator(".lb-map [onmouseover]").count() == 0
    wide = """(map) => [...map.querySelectorAll(":not(.modes *)")]
      .every((element) => element.getBoundingClientRect().right <= innerWidth + 1)"""  # these scroll in their row
    assert seen.page.locator(".lb-map").evaluate(wide)
    assert seen.page.locator(".card").bounding_box()["height"] == 144
    assert seen.tab.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_one_button_has_the_filters(open_map, width):
    """It counts what is set, and opens the fields, on a phone large ones; the search is always there."""
    seen = open_map(width=width)
    bar = seen.page.locator(".filters")
    opener = bar.locator(".tool-open")
    assert opener.inner_text() == "Filter"
    assert bar.get_by_label("Search").is_visible()
    assert bar.get_by_label("True class").is_hidden()
    opener.click()
    bar.get_by_label("True class").select_option("cross")
    bar.get_by_label("Wrong").check()
    assert opener.locator(".badge").inner_text() == "2"
    for control in (bar.get_by_label("True class"), bar.locator(".drop-open")):
        assert control.bounding_box()["height"] >= (44 if width == 390 else 34)
    opener.click()
    assert bar.get_by_label("True class").is_hidden()


def test_the_legend_mutes_joins_and_selects(open_map):
    """The eye and alt-click mute, shift joins, the small button and a double click select; counts follow filters."""
    seen = open_map()
    truth = seen.data.test_labels
    entry = lambda name: seen.page.locator(".entry", has_text=name)  # noqa: E731  # a word for a locator
    entry("square").locator(".entry-name").hover()
    entry("square").get_by_label("Dim ").click()
    lit(seen, int((truth != 1).sum()))
    entry("cross").locator(".entry-name").click(modifiers=["Alt"])
    lit(seen, int(((truth != 1) & (truth != 2)).sum()))
    entry("bar").locator(".entry-name").click()
    lit(seen, int((truth == 3).sum()))
    entry("cross").locator(".entry-name").click(modifiers=["Shift"])
    lit(seen, int((truth >= 2).sum()))
    filters(seen).locator(".filter-clear").click()
    seen.page.keyboard.press("Escape")
    entry("bar").locator(".entry-name").dblclick()
    seen.page.wait_for_selector(f'.lb-map[data-selected="{(truth == 3).sum()}"]')
    lit(seen, 80)
    entry("circle").hover()
    entry("circle").get_by_label("Select all").click()
    seen.page.wait_for_selector(f'.lb-map[data-selected="{(truth == 0).sum()}"]')
    filters(seen).get_by_label("Wrong").check()
    wrong = seen.data.own_predictions.predicted != truth
    counts = [int(count) for count in seen.page.locator(".entry .count").all_inner_texts()]
    assert counts == np.bincount(truth[wrong], minlength=4).tolist()


def test_the_legend_works_by_keys(open_map):
    """One tab stop; arrows lead from class to class, Enter shows it alone, the eye is next in the tab order."""
    seen = open_map()
    first = seen.page.locator(".entry-name").first
    assert seen.page.locator('.entry button[tabindex="0"]').count() == 3
    first.focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.keyboard.press("Enter")
    lit(seen, int((seen.data.test_labels == 1).sum()))
    assert seen.page.locator(".entry-name").nth(1).get_attribute("aria-pressed") == "true"
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    lit(seen, int((seen.data.test_labels != 1).sum()))


@pytest.mark.parametrize("count", [2, 5])
def test_entries_of_the_legend_are_a_filter(run, count):
    """A click lets an entry pass, another one too, a second one not; muted in turn all are back in the end."""
    chosen: list[int] = []
    for index in range(count):
        chosen = run(
            "(legend, [a, b, c]) => legend.muted(a, b, c)", "legend/choosing", [chosen, index, count]
        )
        assert chosen == list(range(index + 1, count))
    toggle = "(legend, [a, b, c]) => legend.toggled(a, b, c)"
    once = run(toggle, "legend/choosing", [[], 1, count])
    both = run(toggle, "legend/choosing", [once, 0, count])
    assert (once, both) == ([1], [] if count == 2 else [0, 1])
    assert run(toggle, "legend/choosing", [once, 1, count]) == []


@pytest.mark.parametrize(
    ("low", "high"), [(-3.42, 2.96), (0.001, 0.0012), (5, 5), (-1e-7, 1e-7), (-900.0, 40.5)]
)
def test_the_slider_covers_all_margins_in_round_steps(run, low, high):
    """Some 100 to 500 steps of 1, 2 or 5, and both ends inside."""
    got = run("(filter, [a, b]) => filter.roundedOut(a, b)", "filters/range_filter", [low, high])
    step = got["step"]
    assert got["low"] <= low + 1e-9
    assert got["high"] >= high - 1e-9
    assert got["high"] > got["low"]
    assert round(step / 10 ** np.floor(np.log10(step) + 1e-9), 6) in (1, 2, 5)
    assert (got["high"] - got["low"]) / step < 210
