"""Two linked maps in a real browser: what is done to one happens to both, and the numbers are those of brute force."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.figures.palette import WHO, common_scale
from dashboard.run.data import RunData, image_ids
from dashboard.server.columns import quantise_positions
from tests.browser.conftest import running_dashboard
from tests.browser.map_page import PADDING, Map, colour_by, even_odd, seen_colours
from tests.planted import Plan, planted_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

INK = """(canvas, [left, top]) => {
  if (!canvas.checkVisibility({ visibilityProperty: true })) throw new Error("Nobody sees this canvas");
  const ratio = canvas.width / canvas.clientWidth;
  return [...canvas.getContext("2d").getImageData(left * ratio, top * ratio, 1, 1).data.slice(0, 3)];
}"""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """Two runs of the same images in two feature spaces."""
    made = Store(tmp_path_factory.mktemp("pair") / "cache")
    planted_run(made, "planted", plan=Plan(noise=2.5))
    planted_run(made, "rival", plan=Plan(noise=2.5), extractor="hog")
    return made


@pytest.fixture(scope="module")
def address(store, chromium):
    """The address of the page."""
    with running_dashboard(store.root) as root:
        yield f"{root}compare?run=planted"


@pytest.fixture
def open_pair(store, address, visit):
    """Open the two maps: ``open_pair("&versus=rival#colour=true", width=390)``; gives A and B."""

    def opened(query: str = "&versus=rival", other: str = "rival", **options) -> tuple[Map, Map]:
        tab = visit(**options)
        tab.sent = []
        tab.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: tab.sent.append(frame)))
        tab.open(f"{address}{query}")
        halves = (("a", "planted"), ("b", other))
        made = [Map(tab, RunData(store, run), f".half-{side} .lb-map") for side, run in halves]
        tab.page.locator(".lb-pair").evaluate("(pair) => pair.scrollIntoView()")
        for seen in made:
            tab.page.wait_for_selector(f"{seen.root}[data-parts=ready]")
        tab.page.wait_for_timeout(300)
        return made[0], made[1]

    return opened


def link(seen: Map) -> dict[str, str]:
    """Read the hash, once it is written."""
    seen.page.wait_for_timeout(700)
    return dict(part.split("=", 1) for part in seen.hash.split("&") if part)


def camera(seen: Map, text: str | None) -> np.ndarray:
    """Read a camera of the hash: x, y, zoom; home where it says nothing."""
    if text is not None:
        return np.array([float(part) for part in text.split(",")])
    x, y = positions(seen).astype(float)
    return np.array([(x.min() + x.max()) / 2, (y.min() + y.max()) / 2, 1])


def positions(seen: Map) -> np.ndarray:
    """Give where the points are, uint16 (2, n)."""
    return quantise_positions(seen.data.artefact("projection").array("test")).T


def scale(seen: Map) -> float:
    """Compute the pixels of a unit of position at home."""
    extent = np.ptp(positions(seen).astype(float), axis=1)
    return min((seen.box["width"] - 2 * PADDING) / extent[0], (seen.box["height"] - 2 * PADDING) / extent[1])


def right(seen: Map) -> np.ndarray:
    """Tell which images a classifier has right, bool (n,)."""
    return np.array(seen.data.own_predictions.predicted) == seen.data.test_labels


def neighbours(seen: Map, row: int) -> list[int]:
    """List an image's nearest in feature space."""
    return seen.data.artefact("neighbours").array("indices")[row].tolist()


def apart(seen: Map, pixels: float = 12) -> list[int]:
    """Find the points that no other one covers."""
    places = seen.places()
    distances = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    return np.flatnonzero(distances.min(axis=1) > pixels).tolist()


def ink(seen: Map, row: int) -> list[int]:
    """Read the colour in the middle of a point."""
    box = seen.box
    place = seen.places()[row] - [box["x"], box["y"]]
    return seen.page.locator(f"{seen.root} canvas.points").evaluate(INK, place.tolist())


def rgb(colour: str) -> list[int]:
    """Split ``#RRGGBB``."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def test_two_maps_that_load_have_the_pages_colour(address, visit):
    """Until the points come: opaque canvases on which nothing is drawn would be black."""
    tab = visit()
    tab.page.route("**/lazybones/points/**", lambda route: None)
    tab.open(f"{address}&versus=rival")
    tab.page.get_by_text(re.compile("Loading .* points")).last.wait_for()
    tab.page.locator(".lb-pair").evaluate("(pair) => pair.scrollIntoView()")
    tab.page.wait_for_timeout(300)
    for half in ("a", "b"):
        assert seen_colours(tab.page, f".half-{half} .stage") == {(255, 255, 255)}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_both_maps_are_seen(open_pair, width, dark):
    """In pictures of the window: each has points in the colours of who is right, whatever its canvas holds."""
    a, b = open_pair("&versus=rival#images=false", width=width, dark=dark)
    for seen in (a, b):
        seen.page.locator(f"{seen.root} .stage").evaluate(
            "(stage) => stage.scrollIntoView({ block: 'center' })"
        )
        seen.page.wait_for_timeout(200)
        colours = seen_colours(seen.page, f"{seen.root} .stage")
        assert len(colours & {tuple(rgb(colour)) for colour in WHO[dark]}) > 1


def zoom(seen: Map, turns: int = 1, pixels: float = -300) -> None:
    """Turn the wheel over a map, with the key that has it zoom."""
    seen.page.keyboard.down("Control")
    for _ in range(turns):
        seen.page.mouse.wheel(0, pixels)
    seen.page.keyboard.up("Control")


def test_wheel_over_a_map_scrolls_the_page(open_pair):
    """The maps stay as they are, and say once how they are zoomed."""
    a, _ = open_pair()
    stage = a.box
    a.page.mouse.move(stage["x"] + 200, stage["y"] + 200)
    a.page.mouse.wheel(0, 150)
    toast = a.page.locator(f"{a.root} .toast")
    toast.get_by_text("Ctrl and the wheel zoom both maps.").wait_for()
    a.page.wait_for_timeout(300)
    assert a.box["y"] < stage["y"] - 100
    assert link(a) == {}


def test_image_under_the_pointer_is_looked_at_in_both(open_pair):
    """Each map has its card, with what its own classifier says; both let go; no hover, drag or zoom asks the server."""
    a, b = open_pair()
    assert a.tab.sent
    del a.tab.sent[:]
    for seen, other in ((a, b), (b, a)):
        row = seen.lonely()
        seen.point_at(row)
        assert other.said["hoverId"] == seen.said["hoverId"] == str(row)
        for its in (a, b):
            name = its.data.class_names[its.data.own_predictions.predicted[row]]
            assert its.part("predicted") == name
            assert its.page.locator(f"{its.root} .card").get_attribute("data-shown") == "true"
        seen.page.mouse.move(5, 300)
        for its in (a, b):
            its.page.wait_for_selector(f"{its.root}:not([data-hover-id])")
    box = a.box
    a.drag((box["x"] + 200, box["y"] + 300), (box["x"] + 250, box["y"] + 280))
    zoom(a)
    a.page.wait_for_timeout(1_000)
    assert a.tab.sent == []
    assert a.tab.complaints == []


def test_lasso_on_one_selects_the_same_images_on_the_other(open_pair):
    """On B: A gets the images, not the shape; the link says it once; Escape clears both."""
    a, b = open_pair()
    b.page.locator(f"{b.root} [data-do=lasso]").click()
    assert a.said["tool"] == "lasso"
    box = b.box
    left, top = box["x"] + 90, box["y"] + 90
    b.drag((left, top), (left + 200, top + 20), (left + 160, top + 190), (left + 20, top + 160))
    made = link(b)
    assert set(made) == {"b.select"}
    kind, content = made["b.select"].split(":")
    polygon = np.reshape([int(value) for value in content.split(".")], (-1, 2))
    rows = int(even_odd(*positions(b), polygon).sum())
    assert kind == "scatter"
    assert 0 < rows < len(b.data.test_labels)
    assert a.said["selected"] == b.said["selected"] == str(rows)
    assert a.page.locator(".pair-count").inner_text().endswith(f"{rows} selected")
    a.page.locator(f"{a.root} .stage").focus()
    for _ in range(2):  # the image that the focus looks at, then the selection
        a.page.keyboard.press("Escape")
    a.wait_for("selected", "0")
    b.wait_for("selected", "0")
    assert link(b) == {}


def test_images_added_on_the_other_map_join_the_selection(open_pair):
    """A box on A, then one on B with shift: the union, in both."""
    a, b = open_pair()
    a.page.locator(f"{a.root} [data-do=box]").click()
    first = a.inside(*(x := a.box["x"] + 60, y := a.box["y"] + 120), x + 150, y + 150)
    a.drag((x, y), (x + 150, y + 150))
    a.wait_for("selected", str(len(first)))
    b.page.keyboard.down("Shift")
    second = b.inside(*(x := b.box["x"] + 200, y := b.box["y"] + 80), x + 150, y + 200)
    b.drag((x, y), (x + 150, y + 200))
    b.page.keyboard.up("Shift")
    union = str(len({*first, *second}))
    a.wait_for("selected", union)
    b.wait_for("selected", union)


def test_drag_moves_both_by_as_many_pixels(open_pair):
    """Between two runs: neither map is a copy of the other."""
    a, b = open_pair("&versus=rival#at=32000,32000,4&b.at=30000,33000,4")
    before = [camera(seen, link(seen).get(name)) for seen, name in ((a, "at"), (b, "b.at"))]
    box = a.box
    start = (box["x"] + 200, box["y"] + 200)
    a.drag(start, (start[0] + 60, start[1] - 45))
    after = [camera(seen, link(seen).get(name)) for seen, name in ((a, "at"), (b, "b.at"))]
    for seen, old, new in zip((a, b), before, after, strict=True):
        pixels = (old[:2] - new[:2]) * scale(seen) * old[2]
        assert pixels == pytest.approx([60, 45], abs=0.5)


def test_zoom_goes_to_the_same_image_in_both(open_pair):
    """Over an image on A: B zooms as far, and has the image where it was; home shows all in both."""
    a, b = open_pair()
    row = a.lonely()
    place = b.places()[row]
    a.point_at(row)
    zoom(a, 5, -60)
    at = [camera(seen, link(seen).get(name)) for seen, name in ((a, "at"), (b, "b.at"))]
    assert at[0][2] == at[1][2] > 3
    x, y = positions(b)[:, row].astype(float)
    box = b.box
    seen = (x - at[1][0]) * scale(b) * at[1][2] + box["x"] + box["width"] / 2
    down = (at[1][1] - y) * scale(b) * at[1][2] + box["y"] + box["height"] / 2
    assert (seen, down) == pytest.approx(tuple(place), abs=3)
    b.page.locator(f"{b.root} [data-do=home]").click()
    b.page.wait_for_timeout(500)
    assert link(b) == {}


def test_zoom_button_zooms_both(open_pair):
    """Between two runs, a button leads the other map as a wheel does."""
    a, b = open_pair("&versus=rival#at=32000,32000,4&b.at=30000,33000,4")
    a.page.locator(f"{a.root} [data-do=in]").click()
    a.page.wait_for_timeout(500)
    zooms = [camera(seen, link(seen).get(name))[2] for seen, name in ((a, "at"), (b, "b.at"))]
    assert zooms == pytest.approx([6.4, 6.4])


def test_maps_of_one_run_move_as_one(open_pair):
    """Two C have one layout: both cameras are the same, whichever map is moved; the page says so."""
    a, b = open_pair("&versus=planted&versusC=10", other="planted")
    for seen in (a, b):
        box = seen.box
        seen.page.mouse.move(box["x"] + 130, box["y"] + 160)
        zoom(seen)
        seen.drag((box["x"] + 150, box["y"] + 200), (box["x"] + 210, box["y"] + 170))
        made = link(seen)
        assert made["at"] == made["b.at"]
    assert "move as one" in a.page.locator(".pair-rule").inner_text()
    assert a.page.locator(".modes label", has_text="Neighbours in common").count() == 0


def test_tap_looks_and_a_second_tap_pins_in_both(open_pair):
    """A finger sees both cards first; the card has room for all that it says."""
    a, b = open_pair(width=390, has_touch=True, is_mobile=True)
    a.page.locator(f"{a.root} .stage").evaluate("(stage) => stage.scrollIntoView({ block: 'center' })")
    a.page.wait_for_timeout(500)
    box = a.box
    row = a.nearest(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    a.page.touchscreen.tap(*a.places()[row])
    for seen in (a, b):
        seen.wait_for("hover-id", str(row))
    lines = a.page.locator(f"{a.root} .card dl")
    assert "Tap again to pin" in lines.inner_text()
    assert lines.evaluate("(list) => list.scrollHeight <= list.clientHeight")
    a.page.touchscreen.tap(*a.places()[row])
    for seen in (a, b):
        seen.wait_for("pinned", str(row))


def test_walk_by_keys_is_followed(open_pair):
    """Arrows on one map look at the same images on the other; Enter pins."""
    a, b = open_pair()
    b.page.locator(f"{b.root} .stage").focus()
    seen = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        b.page.keyboard.press(key)
        assert a.said["hoverId"] == b.said["hoverId"]
        seen.add(a.said["hoverId"])
    assert len(seen) > 1
    b.page.keyboard.press("Enter")
    a.wait_for("pinned", b.said["hoverId"])


def test_maps_show_alone_what_the_page_shows(open_pair):
    """A cell of the table, then a class; the maps' own choice stands until the page is asked for another."""
    a, b = open_pair("&versus=rival&true=1")
    own, only_a = a.data.test_labels == 1, right(a) & ~right(b)
    a.wait_for("lit", str(own.sum()))
    assert link(a) == {}  # the query says it
    a.page.locator("button[data-name=fixed]").click()
    for seen in (a, b):
        seen.wait_for("lit", str((own & only_a).sum()))
    assert (
        a.page.locator(".legend-a .entry-name[aria-pressed=true]").inner_text().startswith("A right, B wrong")
    )
    a.page.locator(".lb-pair .filter-clear").click()
    for seen in (a, b):
        seen.wait_for("lit", str(len(own)))
    assert link(a) == {"true": "", "where": ""}
    a.page.locator("button[data-name=fixed]").click()  # no group any more, on the page
    a.page.wait_for_url(lambda url: "group" not in url)
    a.page.locator("button[data-name=broke]").click()
    for seen in (a, b):
        seen.wait_for("lit", str((right(b) & ~right(a)).sum()))
    assert a.tab.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_groups_are_those_of_the_table(open_pair, dark):
    """Counts in the legend, colours on both maps, and a group alone in both."""
    a, b = open_pair(dark=dark)
    ours, theirs = right(a), right(b)
    groups = np.select([ours & theirs, ours & ~theirs, theirs & ~ours], [0, 1, 2], 3)
    counts = a.page.locator(".legend-a .count").all_inner_texts()
    assert [int(text) for text in counts] == np.bincount(groups, minlength=4).tolist()
    table = a.page.locator("button[data-name] .value").all_inner_texts()
    assert counts == table
    for seen in (a, b):
        rows = apart(seen)
        assert len(rows) > 5
        for row in rows:
            assert ink(seen, row) == pytest.approx(rgb(WHO[dark][groups[row]]), abs=3)
    a.page.locator(".legend-a .entry-name", has_text="A right, B wrong").click()
    for seen in (a, b):
        seen.wait_for("lit", str((groups == 1).sum()))
    assert link(a) == {"where": "who:1"}


def test_colour_by_common_neighbours_is_the_count(open_pair):
    """Each point that lies alone, on both maps; the file is fetched once it is chosen."""
    a, b = open_pair()
    asked = []
    a.page.on("request", lambda request: asked.append(request.url))
    colour_by(a.page, "Neighbours in common")
    for seen in (a, b):
        seen.wait_for("colour", "common")
    n = len(a.data.test_labels)
    counts = np.array([len({*neighbours(a, row)} & {*neighbours(b, row)}) for row in range(n)])
    stops = np.array([rgb(stop) for stop in common_scale(False)])
    for seen in (a, b):
        for row in apart(seen):
            place = counts[row] / counts.max() * (len(stops) - 1)
            paint = [np.interp(place, range(len(stops)), part) for part in stops.T]
            assert ink(seen, row) == pytest.approx(paint, abs=3)
    assert len({url for url in asked if "/common/" in url}) == 1
    assert a.page.locator(".legend-a .ends span").all_inner_texts()[-1].endswith(str(counts.max()))


def test_pinned_image_shows_which_neighbours_both_have(open_pair):
    """Three lists with their counts, as sets would have them; a tile is looked at in both maps, and pins."""
    a, b = open_pair()
    row = b.lonely()
    b.page.mouse.click(*b.places()[row])
    for seen in (a, b):
        seen.wait_for("pinned", str(row))
    near = a.page.locator(".pair-near")
    near.locator(".pair-strips").wait_for()
    ours, theirs = neighbours(a, row), neighbours(b, row)
    expected = {
        "common": [r for r in ours if r in theirs],
        "onlyA": [r for r in ours if r not in theirs],
        "onlyB": [r for r in theirs if r not in ours],
    }
    for kind, rows in expected.items():
        strip = near.locator(f".pair-strip[data-kind={kind}]")
        assert strip.locator(".count").inner_text() == str(len(rows))
        tiles = strip.locator(".pair-tile").evaluate_all(
            "(tiles) => tiles.map((tile) => Number(tile.dataset.row))"
        )
        assert tiles == rows
    near.locator("canvas[data-thumbnail=ready]").nth(39 - len(expected["common"])).wait_for()
    near.locator(".pair-tile").first.hover()
    first = [*expected["common"], *expected["onlyA"]][0]
    assert a.said["hoverId"] == b.said["hoverId"] == str(first)
    near.locator(".pair-tile").first.click()
    for seen in (a, b):
        seen.wait_for("pinned", str(first))
    near.get_by_role("button", name="Unpin").click()
    for seen in (a, b):
        seen.wait_for("pinned", "")
    assert near.is_hidden()
    assert a.tab.complaints == []


def test_details_of_the_pinned_image_open(open_pair):
    """The drawer of the page; the maps stay as they are."""
    a, _ = open_pair("&versus=rival#colour=true&pin=3")
    a.page.locator(".pair-near").get_by_role("button", name="Details").click()
    a.page.wait_for_url(re.compile("image=3"))
    a.page.get_by_role("dialog").get_by_text(image_ids(a.data, "test", [3])[0]).first.wait_for()
    a.page.wait_for_timeout(1_500)
    assert a.said["colour"] == "true"
    assert link(a) == {"colour": "true", "pin": "3"}


def test_link_restores_both_maps(open_pair, visit):
    """Colour, group, pin, cameras and a selection made on B, in another window."""
    a, b = open_pair("&versus=rival#where=who:0.1&pin=5")
    b.page.locator(f"{b.root} [data-do=box]").click()
    box = b.box
    b.drag((box["x"] + 60, box["y"] + 60), (box["x"] + 330, box["y"] + 330))
    b.page.locator(f"{b.root} [data-do=point]").click()
    a.page.mouse.move(a.box["x"] + 200, a.box["y"] + 200)
    zoom(a)
    made = link(a)
    assert {"where", "pin", "at", "b.at"} < set(made)
    again = visit()
    again.open(a.page.url)
    others = [Map(again, seen.data, seen.root) for seen in (a, b)]
    for seen, other in zip((a, b), others, strict=True):
        for name in ("colour", "lit", "selected", "pinned"):
            other.wait_for(name, seen.said[name])
    assert link(others[0]) == made
    assert again.complaints == []


def test_grid_is_of_both_and_a_shape_drawn_in_it_too(open_pair, visit):
    """One button; a lasso on one selects on the other, and again for who follows the link."""
    a, b = open_pair()
    grids = []
    a.page.on("requestfinished", lambda request: "/grid/" in request.url and grids.append(request))
    a.page.locator(".layouts label", has_text="Grid").click()
    for _ in range(300):
        a.page.wait_for_timeout(100)
        if len(grids) == 2:
            break
    assert len(grids) == 2
    a.page.wait_for_timeout(1_000)
    b.page.locator(f"{b.root} [data-do=box]").click()
    box = b.box
    b.drag((box["x"] + 60, box["y"] + 100), (box["x"] + 250, box["y"] + 300))
    made = link(b)
    assert made["layout"] == "grid"
    assert made["b.select"].startswith("grid:")
    count = b.said["selected"]
    assert int(count) > 0
    again = visit()
    again.open(a.page.url)
    for seen in (a, b):
        seen.wait_for("selected", count)
        Map(again, seen.data, seen.root).wait_for("selected", count)
    again.page.locator(".layouts label", has_text="Scatter").click()
    again.page.wait_for_url(lambda url: "layout" not in url)
    assert again.page.locator(".half-a .lb-map").get_attribute("data-selected") == count
    assert again.complaints == []


def test_link_that_means_nothing_here_is_told(open_pair):
    """The rest of it is shown."""
    a, b = open_pair("&versus=rival#layout=spiral&colour=margin&pin=99999")
    assert a.said["colour"] == b.said["colour"] == "margin"
    said = a.page.locator(f"{a.root} .toast").inner_text()
    assert "layout" in said
    assert "pin" in said


def test_each_has_its_own_legend_where_they_differ(open_pair):
    """One for both in other colours."""
    a, b = open_pair()
    legends = a.page.locator(".lb-pair .legend:visible")
    assert legends.count() == 1
    colour_by(a.page, "Predicted class")
    b.wait_for("colour", "predicted")
    assert legends.count() == 2
    for i, seen in enumerate((a, b)):
        said = np.bincount(seen.data.own_predictions.predicted, minlength=4)
        assert legends.nth(i).locator(".count").all_inner_texts() == [str(count) for count in said]


def test_thumbnails_are_fetched_once(store, address, visit):
    """One request a sheet, though two maps show them."""
    tab, asked = visit(), []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.open(f"{address}&versus=rival")
    tab.page.wait_for_selector(".half-b .lb-map[data-thumbnails=ready]")
    tab.page.wait_for_timeout(500)
    sheets = [url for url in asked if "/thumbnails/" in url]
    assert len(sheets) == len(set(sheets)) > 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_maps_lie_beside_or_above_each_other(open_pair, width, dark):
    """Both whole within the window, with a pinned image below."""
    a, b = open_pair("&versus=rival#pin=2", width=width, dark=dark)
    a.page.locator(".pair-strips").wait_for()
    one, other = a.box, b.box
    assert (one["y"] == other["y"]) == (width > 700)
    assert (one["x"] == other["x"]) == (width < 700)
    assert one["width"] == pytest.approx(other["width"], abs=1)
    assert a.page.evaluate("document.documentElement.scrollWidth") <= width
    assert a.tab.complaints == []
