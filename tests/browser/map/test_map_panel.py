"""The images beside the map in a real browser: sums, order and rows are what brute force says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData, image_ids
from dashboard.statistics.scores import wilson_interval
from tests.browser.conftest import running_dashboard
from tests.browser.list_page import ListPage, select_hash
from tests.map_runs import map_run
from tests.planted import planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "../../etc/passwd",
    "a" * 300,
    '"quoted", with commas',
    "=1+1",
    "a\u202eb",
    " ",
]
N_MANY = 10_000


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """A planted run, a long one, one with hostile names, and some awkward ones."""
    made = Store(tmp_path_factory.mktemp("lists") / "cache")
    rng = np.random.default_rng(8)
    planted_run(made, "planted")
    many = rng.normal(size=N_MANY)
    map_run(made, "many", rng.normal(size=(N_MANY, 2)), n_classes=12, margin=many)
    map_run(made, "hostile", rng.normal(size=(len(HOSTILE), 2)), ids=HOSTILE)
    margin = rng.normal(size=40)
    margin[::5] = np.nan
    map_run(made, "nan", rng.normal(size=(40, 2)), margin=margin, thumbnails=False)
    map_run(made, "one", np.array([[3.0, 4.0]]))
    map_run(made, "classes-300", rng.normal(size=(400, 2)), n_classes=300)
    return made


@pytest.fixture(scope="module")
def address(store, chromium) -> Iterator[str]:
    """The address of a dashboard on these runs."""
    with running_dashboard(store.root) as started:
        yield started


@pytest.fixture
def open_list(store, address, visit) -> Callable[..., ListPage]:
    """Open a run's map: ``open_list("planted", select_hash([3, 4], 80), width=390)``."""

    def opened(run: str = "planted", rest: str = "", **options) -> ListPage:
        tab = visit(**options)
        tab.open(f"{address}map?run={run}{rest}")
        return ListPage(tab, RunData(store, run))

    return opened


def percent(share: float) -> str:
    """Write a share as JavaScript does: halves upwards."""
    return f"{Decimal(float(share) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def worst_first(said, rows) -> list[int]:
    """Order rows by the margin as the browser has it, equals as they were."""
    margin = said.margin[rows]
    return [int(row) for row in np.asarray(rows)[np.argsort(margin, kind="stable")]]


def test_without_a_selection_everything_is_listed(open_list):
    """All images, the worst margin first, with the sums of the whole run, and what to do."""
    seen = open_list()
    data, said = seen.data, seen.data.own_predictions
    assert seen.title == "All 80 images"
    assert seen.panel.get_by_text("To select, draw a lasso").is_visible()
    expected = worst_first(said, np.arange(80))
    in_sight = seen.in_sight()
    assert len(in_sight) >= 10
    assert in_sight == [[item, expected[item]] for item in range(len(in_sight))]
    counts = Counter(data.class_names[label] for label in data.test_labels)
    assert dict(seen.bars("true")) == counts
    assert f"{percent(np.mean(said.correct))} right" in seen.panel.locator(".sum-accuracy").inner_text()
    assert seen.tab.complaints == []


def test_the_sums_are_those_of_the_selection(open_list, rng):
    """Count, accuracy and its interval beside the whole run's, counts by class, confusions: by brute force."""
    rows = np.flatnonzero(rng.random(80) < 0.5)
    seen = open_list("planted", select_hash(rows, 80))
    data, said = seen.data, seen.data.own_predictions
    assert seen.title == f"{len(rows)} of 80 images selected"
    names = np.array(data.class_names)
    true, predicted = names[data.test_labels[rows]], names[said.predicted[rows]]
    assert dict(seen.bars("true")) == Counter(true.tolist())
    assert dict(seen.bars("predicted")) == Counter(predicted.tolist())
    for side in ("true", "predicted"):
        numbers = [number for _, number in seen.bars(side)]
        assert numbers == sorted(numbers, reverse=True)
    right = int(np.sum(true == predicted))
    low, high = wilson_interval(right, len(rows))
    words = " ".join(seen.panel.locator(".sum-accuracy").inner_text().split())
    assert f"{percent(right / len(rows))} right {percent(low)} to {percent(high)}" in words
    assert f"whole run {percent(np.mean(said.correct))}" in words
    errors = Counter(zip(true.tolist(), predicted.tolist(), strict=True))
    errors = {pair: number for pair, number in errors.items() if pair[0] != pair[1]}
    shown = {(true, predicted): number for true, predicted, number in seen.confusions()}
    assert sorted(shown.values(), reverse=True) == sorted(errors.values(), reverse=True)[:4]
    assert shown.items() <= errors.items()
    assert sorted(worst_first(said, rows)[: len(seen.rows())]) == sorted(seen.rows())


def test_ten_thousand_rows_scroll(open_list):
    """Anywhere in the gallery and in the table: the right images in the right order, and few elements."""
    seen = open_list("many")
    said = seen.data.own_predictions
    exact = np.argsort(said.margin, kind="stable")
    for shape in ("gallery", "table"):
        seen.panel.locator(f'button[data-shape="{shape}"]').click()
        for share in (0, 0.37, 0.99, 1):
            seen.scroll_to(share)
            in_sight = seen.in_sight()
            items = [item for item, _ in in_sight]
            assert len(items) >= 4
            assert items == list(range(items[0], items[0] + len(items)))
            margins = said.margin[[row for _, row in in_sight]]
            assert np.allclose(margins, said.margin[exact[items]], atol=2e-4)  # steps of the columns
            assert seen.nodes() < 200
        assert items[-1] == N_MANY - 1
        ids = seen.scroller.locator("[data-item]").first
        assert ids.get_attribute("data-row") is not None
    row = seen.rows()[-1]
    line = seen.scroller.locator(f'[data-row="{row}"]')
    assert image_ids(seen.data, "test", [row])[0] in line.inner_text()
    assert seen.data.class_names[seen.data.test_labels[row]] in line.inner_text()


@pytest.mark.parametrize("heading", ["Image", "True", "Predicted", "Runner-up", "Margin", "Runner-up margin"])
def test_headings_sort(open_list, heading):
    """A click sorts, another one the other way round; assistive technology is told; equals stay in order."""
    seen = open_list("planted")
    data, said = seen.data, seen.data.own_predictions
    key = {
        "Image": np.arange(80),
        "True": data.test_labels,
        "Predicted": said.predicted,
        "Runner-up": said.runner_up,
        "Margin": said.margin,
        "Runner-up margin": said.runner_up_margin,
    }[heading]
    seen.panel.get_by_role("button", name="Table", exact=True).click()
    head = seen.scroller.get_by_role("columnheader").filter(has=seen.page.get_by_text(heading, exact=True))
    if heading == "Margin":
        assert head.get_attribute("aria-sort") == "ascending"
    else:
        head.get_by_role("button").click()
    for down in (False, True):
        if down:
            head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == ("descending" if down else "ascending")
        expected = np.argsort(-key if down else key, kind="stable")
        assert seen.rows() == expected[: len(seen.rows())].tolist()
    heads, line = (
        [
            cell.bounding_box()["x"]
            for cell in seen.scroller.locator(f"{of}:visible").first.locator("> span").all()
        ]
        for of in (".heads", ".cells:not(.heads)")
    )
    assert line == pytest.approx(heads, abs=1)  # however far the columns are scrolled
    assert heads[:2] == pytest.approx([heads[0], heads[0] + 40], abs=1)  # the image and its margin stay


def test_the_gallery_has_orders_of_its_own(open_list):
    """Best first, by class, by name; the table's order stays what it was."""
    seen = open_list("planted")
    data, said = seen.data, seen.data.own_predictions
    order = seen.panel.get_by_label("Order of the gallery")
    order.select_option(label="Best margin first")
    assert seen.rows() == np.argsort(-said.margin, kind="stable")[: len(seen.rows())].tolist()
    order.select_option(label="By true class")
    assert seen.rows() == np.argsort(data.test_labels, kind="stable")[: len(seen.rows())].tolist()
    order.select_option(label="By name")
    assert seen.rows() == list(range(len(seen.rows())))
    seen.panel.get_by_role("button", name="Table", exact=True).click()
    assert seen.rows() == worst_first(said, np.arange(80))[: len(seen.rows())]


def test_a_bar_narrows_the_selection_and_back(open_list):
    """A class, then a confusion of it, then back twice; a new selection forgets the way back."""
    seen = open_list("planted")
    data, said = seen.data, seen.data.own_predictions
    name, count = seen.bars("predicted")[0]
    seen.panel.get_by_role("group", name="By predicted class").get_by_role("button", name=name).click()
    seen.wait_for_count(count)
    label = data.class_names.index(name)
    assert set(seen.rows()) <= set(np.flatnonzero(said.predicted == label).tolist())
    true, predicted, number = seen.confusions()[0]
    assert predicted == name
    seen.panel.locator(".sum-chip").first.click()
    seen.wait_for_count(number)
    kind = (data.test_labels == data.class_names.index(true)) & (said.predicted == label)
    assert sorted(seen.rows()) == np.flatnonzero(kind).tolist()
    back = seen.panel.get_by_role("button", name="Back")
    back.click()
    seen.wait_for_count(count)
    back.click()
    seen.wait_for_count(80)
    assert back.is_hidden()
    assert seen.title == "All 80 images"


def test_clear_clears(open_list):
    """After it everything is listed again."""
    seen = open_list("planted", select_hash([5, 6, 7], 80))
    assert seen.title == "3 of 80 images selected"
    seen.panel.get_by_role("button", name="Clear").click()
    seen.wait_for_count(80)
    assert seen.panel.get_by_role("button", name="Clear").is_hidden()


def test_hovering_looks_and_clicking_pins(open_list):
    """The map looks at the image under the pointer; a click pins it, another takes the pin away."""
    seen = open_list("planted")
    row = seen.rows()[1]
    tile = seen.scroller.locator(f'[data-row="{row}"]')
    tile.hover(position={"x": 20, "y": 30})
    assert seen.page.locator(".lb-map").get_attribute("data-hover-id") == str(row)
    tile.click(position={"x": 20, "y": 30})
    seen.page.wait_for_selector(f'.lb-map[data-pinned="{row}"]')
    assert tile.get_attribute("aria-selected") == "true"
    tile.click(position={"x": 20, "y": 30})
    seen.page.wait_for_selector('.lb-map[data-pinned=""]')
    assert tile.get_attribute("aria-selected") == "false"
    seen.page.mouse.move(5, 5)
    seen.page.wait_for_function("!document.querySelector('.stApp').matches('[data-hover-id]')")
    assert seen.page.locator(".lb-map").get_attribute("data-hover-id") is None


def test_selection_and_pin_have_a_tab_each(open_list):
    """A pin from the map opens its tab, the list stays behind the other; the last pin gone, the list is back."""
    seen = open_list("planted", select_hash([5, 6, 7, 8], 80))
    tab = {name: seen.page.get_by_role("tab", name=name) for name in ("Selection", "Pin")}
    assert tab["Selection"].locator(".badge").inner_text() == "4"
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.keyboard.press("Enter")
    seen.page.locator(".pin").wait_for()
    assert tab["Pin"].locator(".badge").inner_text() == "1"
    assert tab["Pin"].get_attribute("aria-selected") == "true"
    assert seen.panel.is_hidden()
    tab["Pin"].press("ArrowLeft")
    assert seen.title == "4 of 80 images selected"
    assert seen.page.locator(".pin").is_hidden()
    tab["Selection"].press("ArrowRight")
    seen.page.locator(".stage").press("Control+a")  # whoever selects sees the selection
    seen.panel.wait_for()
    assert seen.title == "80 of 80 images selected"
    tab["Selection"].press("ArrowRight")
    seen.page.locator(".unpin").click()
    seen.panel.wait_for()
    assert seen.tab.complaints == []


def test_tools_of_the_legend_cover_no_number(open_list):
    """Under the pointer an entry has two tools; its name and its count stay as they are seen."""
    seen = open_list("planted")
    entry = seen.page.locator(".legend .entry").nth(1)
    entry.hover()
    boxes = [tool.bounding_box() for tool in entry.locator(".entry-tool").all()]
    assert len(boxes) == 2
    for word in (entry.locator(".name").bounding_box(), entry.locator(".count").bounding_box()):
        for box in boxes:
            assert box["x"] + box["width"] <= word["x"] + 1 or word["x"] + word["width"] <= box["x"] + 1


def test_a_pin_does_not_move_the_list_from_under_the_pointer(open_list):
    """The image that was clicked on in the list stays where it is on the screen; the tab counts it."""
    seen = open_list("planted", height=700)
    tile = seen.scroller.locator(f'[data-row="{seen.rows()[1]}"]')
    before = tile.bounding_box()
    tile.click(position={"x": 20, "y": 30})
    seen.page.locator(".side .tabs .badge", has_text="1").wait_for()
    seen.page.wait_for_timeout(500)
    assert tile.bounding_box() == before


def test_the_column_beside_the_map_stays_put_away(open_list, visit):
    """The map has its room, and has it still after a reload."""
    seen = open_list("planted")
    button = seen.page.get_by_role("button", name="Images beside the map")
    stage = seen.page.locator(".stage")
    before = stage.bounding_box()["width"]
    button.click()
    assert button.get_attribute("aria-expanded") == "false"
    seen.page.reload()
    seen.page.wait_for_selector(".lb-map[data-parts=ready]")
    assert seen.panel.is_hidden()
    assert stage.bounding_box()["width"] > before + 250
    button.click()
    seen.panel.wait_for()
    assert stage.bounding_box()["width"] == before


@pytest.mark.parametrize("shape", ["gallery", "table"])
def test_the_keyboard_walks_the_list(open_list, shape):
    """Arrows, pages, ends; what is active is in sight and named; Enter pins it."""
    seen = open_list("many")
    seen.panel.locator(f'button[data-shape="{shape}"]').click()
    seen.scroller.focus()
    press = seen.page.keyboard.press

    def active() -> int:
        name = seen.scroller.get_attribute("aria-activedescendant")
        found = seen.scroller.locator(f"[id='{name}']")
        assert found.get_attribute("data-active") == "true"
        item = int(found.get_attribute("data-item"))
        assert item in [place for place, _ in seen.in_sight()]
        return item

    press("ArrowDown")
    assert active() == 0
    press("ArrowDown")
    across = active()
    assert across == 1 if shape == "table" else across > 1
    press("ArrowUp")
    assert active() == 0
    press("PageDown")
    assert active() >= 2 * across
    press("End")
    assert active() == N_MANY - 1
    press("ArrowDown")
    assert active() == N_MANY - 1
    press("Home")
    assert active() == 0
    press("ArrowRight")
    assert active() == (0 if shape == "table" else 1)
    row = seen.scroller.locator('[data-active="true"]').get_attribute("data-row")
    press("Enter")
    seen.page.wait_for_selector(f'.lb-map[data-pinned="{row}"]')
    rows = int(seen.scroller.get_attribute("aria-rowcount"))
    assert rows == (N_MANY + 1 if shape == "table" else -(-N_MANY // across))


def test_names_are_only_ever_text(open_list):
    """Markup, paths, quotes, very long names: shown as they are, nothing runs, nothing overflows."""
    seen = open_list("hostile")
    seen.panel.get_by_role("button", name="Table", exact=True).click()
    for row, name in enumerate(HOSTILE):
        cell = seen.scroller.locator(f'.cells[data-row="{row}"] > span[data-by="id"]')
        assert cell.text_content() == name
    assert seen.panel.locator("img").count() == 0
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.tab.complaints == []


def test_no_margin_comes_last_either_way(open_list):
    """Margins that are not numbers say so; images that are missing have a place in their colour."""
    seen = open_list("nan")
    seen.panel.get_by_role("button", name="Table", exact=True).click()
    heading = seen.scroller.get_by_role(
        "columnheader", name="True class against its strongest rival"
    ).get_by_role("button")
    for _ in range(2):
        seen.scroll_to(1)
        last = seen.scroller.locator(f'.cells[data-row="{seen.rows()[-1]}"]')
        assert last.locator("span").nth(1).inner_text() == "none"
        heading.click()


def test_a_single_image_and_many_classes(open_list):
    """One image is one image; 300 classes are six, and more on demand."""
    one = open_list("one")
    assert one.title == "1 image"
    assert one.rows() == [0]
    many = open_list("classes-300")
    assert len(many.bars("true")) == 6
    more = many.panel.locator(".sum-more")
    assert more.inner_text() == "and 294 more"
    more.click()
    assert len(many.bars("true")) == 300
    more.click()
    assert len(many.bars("true")) == 6


def test_filters_are_followed(open_list):
    """Without a selection the list is of what passes the filters; where nothing does, it says so."""
    seen = open_list("planted", "&true=1")
    count = int(np.sum(seen.data.test_labels == 1))
    seen.wait_for_count(count)
    assert seen.title == f"{count} of 80 images match the filters"
    assert set(seen.rows()) <= set(np.flatnonzero(seen.data.test_labels == 1).tolist())


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_the_list_is_a_sheet(open_list, dark):
    """It lies low until it is drawn up, by a button or by hand; nothing is wider than the screen."""
    seen = open_list("many", width=390, height=844, dark=dark)
    side, stage = seen.page.locator(".side"), seen.page.locator(".stage").bounding_box()
    low = side.bounding_box()
    assert stage["y"] + stage["height"] <= low["y"] + 1
    assert low["y"] + low["height"] <= 844 + 1
    seen.page.get_by_role("button", name="Show more of the images").click()
    assert side.bounding_box()["height"] > 2 * low["height"]
    for shape in ("gallery", "table"):
        seen.panel.locator(f'button[data-shape="{shape}"]').click()
        assert seen.scroller.bounding_box()["height"] < 600
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    head = seen.page.locator(".side-head").bounding_box()
    seen.page.mouse.move(200, head["y"] + 20)
    seen.page.mouse.down()
    seen.page.mouse.move(200, head["y"] + 200, steps=4)
    seen.page.mouse.up()
    assert side.bounding_box() == low
    assert seen.page.locator(".stage").bounding_box() == stage
    assert seen.tab.complaints == []
