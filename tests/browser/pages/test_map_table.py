"""The further columns of a table on the map: colours, filters, list, cards, links; each as brute force has it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from cache import Store
from dashboard.figures.palette import number_scale
from dashboard.run.data import RunData
from dashboard.run.table import LEGEND, table_of, words
from dashboard.wording.numbers import DASH
from pipeline.colours.palette import PALETTE
from tests.browser.conftest import running_dashboard
from tests.browser.map_page import Map, colour_by, filters
from tests.planted import Plan, planted_run
from tests.tables import table

pytestmark = [pytest.mark.browser, pytest.mark.slow]

N = 240
INK = """(canvas, [left, top]) => {
  const ratio = canvas.width / canvas.clientWidth;
  return [...canvas.getContext("2d").getImageData(left * ratio, top * ratio, 1, 1).data.slice(0, 3)];
}"""
FIRST = """(lines) => lines.toSorted((a, b) => a.ariaRowIndex - b.ariaRowIndex).slice(0, 6)
  .map((line) => Number(line.dataset.row))"""
ADD = ".adder select"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """A run with a table, one with the same images and none."""
    made = Store(tmp_path_factory.mktemp("table") / "cache")
    planted_run(made, "planted", plan=Plan(n_test=N), table=table(N))
    planted_run(made, "bare", plan=Plan(n_test=N, seed=5))
    return made


@pytest.fixture(scope="module")
def address(store, chromium) -> Iterator[str]:
    """A dashboard of these runs."""
    with running_dashboard(store.root) as found:
        yield found


@pytest.fixture
def open_map(store, address, visit):
    """Open a run's map: ``open_map("#colour=column.price", width=390)``."""

    def opened(query: str = "", run: str = "planted", **options) -> Map:
        tab = visit(**options)
        tab.open(f"{address}map?run={run}{query}")
        seen = Map(tab, RunData(store, run))
        tab.page.wait_for_selector(".lb-map[data-parts=ready]")
        return seen

    return opened


@pytest.fixture
def columns(store):
    """The table's columns by name, as the dashboard shows them."""
    return {column.name: column for column in table_of(RunData(store, "planted").artefact("dataset"))}


def lit(seen, rows) -> None:
    """Wait until as many rows are lit as there should be."""
    seen.wait_for("lit", str(int(np.sum(rows))))


def ink(seen, row: int) -> list[int]:
    """Read the colour in the middle of a point."""
    box = seen.box
    place = seen.places()[row] - [box["x"], box["y"]]
    return seen.page.locator("canvas.points").evaluate(INK, place.tolist())


def apart(seen, pixels: float = 13) -> list[int]:
    """Find the points that no other one covers."""
    places = seen.places()
    distances = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    return np.flatnonzero(distances.min(axis=1) > pixels).tolist()


def rgb(paint: str) -> list[int]:
    """Read a colour."""
    return [int(paint[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_points_have_the_colours_of_a_category_and_of_a_number(open_map, columns, dark):
    """Each that lies alone; the legend names every category, and has the ends of the scale."""
    seen = open_map(dark=dark)
    colour_by(seen.page, "weather")
    seen.wait_for("colour", "column.weather")
    weather, rows = columns["weather"], apart(seen)
    assert len(rows) > 10
    for row in rows:
        if not weather.missing[row]:
            assert ink(seen, row) == rgb(PALETTE[:LEGEND][weather.values[row]])
    told = seen.page.locator(".legend .entry").all_inner_texts()
    counts = np.bincount(weather.values[~weather.missing])
    expected = [*zip(weather.names, counts, strict=True), ("No value", weather.missing.sum())]
    assert [text.split("\n") for text in told] == [[name, str(count)] for name, count in expected]
    colour_by(seen.page, "year")
    seen.wait_for("colour", "column.year")
    stops = np.array([rgb(stop) for stop in number_scale(dark)], float)
    years = columns["year"].values
    share = (years - years.min()) / (years.max() - years.min())
    for row in rows:
        paint = [np.interp(share[row] * (len(stops) - 1), range(len(stops)), part) for part in stops.T]
        assert ink(seen, row) == pytest.approx(paint, abs=3)
    ends = seen.page.locator(".legend .ends span").all_inner_texts()
    assert ends == [str(int(years.min())), "year", str(int(years.max()))]
    assert seen.tab.complaints == []


def test_a_legend_entry_shows_its_category_alone(open_map, columns):
    """As a class does."""
    seen = open_map("#colour=column.weather")
    seen.page.locator(".legend .entry-name", has_text="rain").click()
    lit(seen, columns["weather"].values == columns["weather"].names.index("rain"))


def test_filters_of_a_category_a_number_and_a_date_light_what_numpy_does(open_map, columns):
    """Chosen from the list, one after the other; the link says them, and opens with them; Clear clears them."""
    seen = open_map()
    expected = np.isin(columns["weather"].values, [1, 2])
    filters(seen.page).locator(ADD).select_option("column.weather")
    body = seen.page.locator(".drop[aria-label=weather]")
    for name in ("fog", "rain"):
        body.locator(".name-line", has_text=name).click()
    lit(seen, expected)
    assert body.locator(".drop-summary").inner_text() == "fog, rain"
    filters(seen.page).locator(ADD).select_option("column.price")
    low, high = seen.page.locator(".drop[aria-label=price] input[type=number]").all()
    low.fill("5")
    high.fill("40.5")
    high.blur()
    prices = columns["price"].values
    expected &= (prices >= 5) & (prices <= 40.5)
    lit(seen, expected)
    filters(seen.page).locator(ADD).select_option("column.taken")
    last = seen.page.locator(".drop[aria-label=taken] input[type=date]").last
    last.fill("2024-09-30")
    last.blur()
    expected &= columns["taken"].values <= np.datetime64("2024-09-30")
    assert 0 < expected.sum() < N / 4
    lit(seen, expected)
    seen.page.wait_for_function("location.search.includes('column.taken')")
    again = open_map(seen.page.url.partition("?run=planted")[2])
    lit(again, expected)
    assert again.page.locator(".drop[aria-label=price] .drop-summary").inner_text() == "5 to 40.5"
    assert again.page.locator(".drop[aria-label=taken] .drop-summary").inner_text() == "≤ 2024-09-30"
    filters(again.page).locator(".filter-clear").click()
    lit(again, np.ones(N))
    assert seen.tab.complaints == again.tab.complaints == []


def test_filters_work_without_a_mouse(open_map, columns):
    """The list of columns, the boxes, Escape back to the button; a thumb by its arrow keys."""
    seen = open_map()
    filters(seen.page).locator(ADD).focus()
    seen.page.keyboard.type("weather")
    seen.page.locator(".drop[aria-label=weather] .drop-open:focus").wait_for()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Space")
    lit(seen, columns["weather"].values == 0)
    seen.page.keyboard.press("Escape")
    seen.page.locator(".drop[aria-label=weather] .drop-open:focus").wait_for()
    assert seen.page.locator(".drop[aria-label=weather] .drop-body").is_hidden()


def test_the_search_looks_into_text_too(open_map, columns):
    """Markup that somebody wrote is a text like others."""
    seen = open_map()
    seen.page.locator(".filters input[type=search]").first.fill("<b>bold")
    notes = columns["note"].values
    lit(seen, ["<b>bold" in (note or "") for note in notes])
    assert seen.tab.complaints == []


def test_the_table_shows_and_sorts_by_chosen_columns(open_map, columns):
    """Beside the name; once more turns it round; images without a value come last; the link keeps the choice."""
    seen = open_map()
    seen.page.locator(".shapes [data-shape=table]").click()
    seen.page.locator(".column-choice .drop-open").click()
    for name in ("price", "note"):
        seen.page.locator(".column-choice .name-line", has_text=name).click()
    seen.page.keyboard.press("Escape")
    price = columns["price"]
    known = np.sort(price.values[~price.missing])
    for order in (known, known[::-1]):
        seen.page.locator('[data-sort="column.price"]').click()
        seen.page.locator(".cells:not(.heads)", has_text=f"{order[0]:g}").first.wait_for()
        rows = seen.page.locator(".cells:not(.heads):visible").evaluate_all(FIRST)
        cells = [seen.page.locator(f'.cells[data-row="{row}"] > span').all_inner_texts() for row in rows]
        assert sorted(price.values[rows].tolist()) == sorted(order[:6].tolist())
        assert [cell[3:5] for cell in cells] == [
            [words(price, row), words(columns["note"], row)] for row in rows
        ]
    seen.page.wait_for_function("location.hash.includes('list=id,column.price,column.note,true')")
    assert seen.tab.complaints == []


def test_cards_say_what_the_table_says(open_map, columns):
    """A pinned one all of it, the first lines at once; the one beside the pointer what is in use."""
    seen = open_map("#pin=7&colour=column.weather&where=column.price:0..")
    lines = seen.page.locator(".pin-further .pin-line dd")
    seen.page.locator(".pin-further .pin-line", has_text=words(columns["note"], 7)[:8]).first.wait_for()
    assert lines.count() == 5
    seen.page.locator(".pin-more").click()
    expected = [words(column, 7) or DASH for column in columns.values()]
    assert lines.all_inner_texts() == expected
    row = seen.lonely()
    seen.point_at(row)
    card = seen.page.locator(".card[data-shown=true]")
    card.wait_for()
    for name in ("weather", "price"):
        assert card.locator(f'[data-part="column.{name}"]').inner_text() == (
            words(columns[name], row) or DASH
        )
    assert card.locator('[data-part="column.note"]').count() == 0
    assert seen.tab.complaints == []


def test_nobody_fetches_a_column_that_is_not_in_use(open_map):
    """Not with the map; each once, when it is first chosen."""
    seen = open_map()
    asked = []
    seen.page.on("request", lambda request: asked.append(request.url))
    for name in ("year", "weather", "year"):
        colour_by(seen.page, name)
        seen.wait_for("colour", f"column.{name}")
    assert sum("/values/" in url for url in asked) == 3  # numbers; labels, and their names


def test_a_column_that_cannot_be_had_is_said(open_map):
    """The map goes back to the true classes, with the reason."""
    seen = open_map()
    seen.page.route(
        "**/lazybones/values/**",
        lambda route: route.fulfill(
            status=500, body="Try: python -m pipeline verify", content_type="text/plain"
        ),
    )
    colour_by(seen.page, "year")
    seen.page.locator(".notice", has_text="year could not be loaded. Try: python").wait_for()
    assert seen.said["colour"] == "true"


def test_hostile_names_are_text(open_map, columns):
    """A column and categories that are markup: in the list, the legend, the filter and the link."""
    seen = open_map("#colour=column.%3Cb%3Ebold%3C%2Fb%3E&where=column.%3Cb%3Ebold%3C%2Fb%3E:0.2")
    lit(seen, np.isin(columns["<b>bold</b>"].values, [0, 2]))
    assert seen.page.locator(".legend .name").all_inner_texts() == list(columns["<b>bold</b>"].names)
    assert seen.page.locator("b:text-is('bold')").count() == 0
    assert seen.tab.complaints == []


def test_a_run_without_a_table_offers_none(open_map):
    """No list of columns, and a link to one shows the true classes, all of them."""
    seen = open_map("#colour=column.weather&where=column.price:1..2&list=column.note", run="bare")
    assert seen.said["colour"] == "true"
    lit(seen, np.ones(N))
    assert seen.page.locator('.modes [value^="column."]').count() == 0
    assert seen.page.locator(ADD).is_hidden()
    seen.page.locator(".shapes [data-shape=table]").click()
    seen.page.locator(".column-choice .drop-open").click()
    offered = seen.page.locator(".column-choice .name").all_inner_texts()
    assert offered == ["Image", "True", "Predicted", "Runner-up", "Runner-up margin"]


def test_a_phone_has_all_of_it(open_map, columns):
    """Behind the button of filters, under a finger; nothing is wider than the screen."""
    seen = open_map("#colour=column.price", width=390, height=844, has_touch=True)
    filters(seen.page).locator(ADD).select_option("column.camera")
    seen.page.locator(".drop[aria-label=camera] .name-line").first.tap()
    lit(seen, columns["camera"].values == 0)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
