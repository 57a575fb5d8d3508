"""The map's cards, pins and neighbours: what they say is what the run says."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cache import Store
from dashboard.run.data import RunData, image_ids, neighbours_of
from dashboard.server.columns import quantise_positions
from tests.browser.map_page import Map

pytestmark = pytest.mark.browser
NEIGHBOURS = "**/lazybones/neighbours/**"


@pytest.fixture
def open_map(planted_cache, dashboard, visit):
    """Open a run's map: ``open_map("planted", "#pin=3", width=390)``."""

    def opened(run: str = "planted", query: str = "", **options) -> Map:
        tab = visit(**options)
        tab.open(f"{dashboard}map?run={run}{query}")
        return Map(tab, RunData(Store(planted_cache), run))

    return opened


def pinned(seen: Map, *rows: int):
    """Wait until exactly these rows are pinned, and their cards are there; give the cards."""
    seen.page.wait_for_selector(f'.lb-map[data-pinned="{".".join(map(str, rows))}"]')
    cards = seen.page.locator(".pin")
    for i, row in enumerate(rows):
        seen.page.locator(f'.pin[data-row="{row}"]').wait_for()
        assert cards.nth(i).get_attribute("data-row") == str(row)
    assert cards.count() == len(rows)
    return cards


def torn_apart(data: RunData, row: int) -> list[bool]:
    """Say which neighbours the map tore apart, by brute force."""
    places = quantise_positions(data.artefact("projection").array("test")).astype(float)
    distance = np.hypot(*(places - places[row]).T)
    n, extent = len(places), np.ptp(places, axis=0).max()
    others = neighbours_of(data, row)[0]
    nearer = [(np.delete(distance, row) < distance[other]).sum() for other in others]
    far = distance[others] > 0.15 * extent
    return [bool(f and k >= min(100, int(0.2 * n))) for f, k in zip(far, nearer, strict=True)]


@pytest.mark.parametrize("n", [1, 30, 700])
def test_torn_neighbours_are_those_of_the_rule(run, rng, n):
    """Far on the map and not among the nearest there: the module and brute force agree, ties included."""
    x, y = rng.integers(0, 40, (2, n)) * 1600
    row, others = n // 2, [other for other in rng.permutation(n)[:20].tolist() if other != n // 2]
    got = run(
        """(missing, { x, y, row, others }) => {
          const places = { n: x.length, x: Uint16Array.from(x), y: Uint16Array.from(y) };
          return [missing.missingNeighbours(places, row, others), missing.nearestOnMap(x.length)];
        }""",
        "cards/missing_neighbours",
        {"x": x.tolist(), "y": y.tolist(), "row": row, "others": others},
    )
    distance = np.hypot(x - x[row], y - y[row])
    extent = max(np.ptp(x), np.ptp(y))
    nearest = min(100, int(0.2 * n))
    ranks = [(np.delete(distance, row) < distance[other]).sum() for other in others]
    expected = [
        bool(distance[o] > 0.15 * extent and rank >= nearest) for o, rank in zip(others, ranks, strict=True)
    ]
    assert got == [expected, nearest]
    assert n < 700 or True in expected


@pytest.mark.parametrize(
    ("ahead", "words"), [(0.534, "0.53 behind"), (-0.2, "0.20 ahead"), (-0.001, "0.00 behind"), (None, "")]
)
def test_a_runner_up_is_so_far_behind(run, ahead, words):
    """Predicted against runner-up, in words; where votes went in circles the runner-up can be ahead."""
    assert run("(facts, ahead) => facts.behind(ahead)", "data/facts", ahead) == words


@pytest.mark.parametrize(("cell", "side"), [(8, 128), (28, 112), (32, 128), (200, 128)])
def test_a_small_image_keeps_its_pixels_square(run, rng, cell, side):
    """Enlarged by a whole factor and centred, pixel for pixel; a larger one fills the canvas."""
    pixels = rng.integers(0, 256, (cell, cell, 3))
    drawn = run(
        """async (thumbnail, { cell, rgba }) => {
          const sheet = await createImageBitmap(new ImageData(Uint8ClampedArray.from(rgba), cell, cell));
          const canvas = document.createElement("canvas");
          const state = thumbnail.drawThumbnail(canvas, { image: sheet, left: 0, top: 0, size: cell }, 128);
          const { data } = canvas.getContext("2d").getImageData(0, 0, 128, 128);
          return [state, canvas.width, Array.from(data)];
        }""",
        "dom/thumbnail",
        {"cell": cell, "rgba": np.dstack([pixels, np.full((cell, cell), 255)]).ravel().tolist()},
    )
    state, width, data = drawn
    picture = np.array(data).reshape(128, 128, 4)
    edge = (128 - side) // 2
    assert (state, width) == ("ready", 128)
    assert np.ptp(picture[..., 3][edge : edge + side, edge : edge + side]) == 0
    assert picture[..., 3].sum() == side * side * 255
    if cell <= 128:
        factor = side // cell
        even = np.kron(pixels, np.ones((factor, factor, 1)))
        assert np.array_equal(picture[edge : edge + side, edge : edge + side, :3], even)


@pytest.mark.parametrize("cell", ["loading", "missing"])
def test_without_an_image_nothing_is_left_of_the_last_one(run, cell):
    """The canvas is cleared, and its state told."""
    script = """(thumbnail, cell) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      canvas.getContext("2d").fillRect(0, 0, 64, 64);
      const state = thumbnail.drawThumbnail(canvas, cell, 64);
      return [state, canvas.getContext("2d").getImageData(0, 0, 64, 64).data.some((value) => value !== 0)];
    }"""
    assert run(script, "dom/thumbnail", cell) == [cell, False]


def test_names_are_text_and_never_markup(run):
    """A hostile name stays what it is: characters."""
    script = """(element, name) => {
      const made = element.element("p", { title: name, hidden: false }, name);
      return [made.children.length, made.textContent, made.title, made.hidden];
    }"""
    name = "<img src=x onerror=alert(1)> \"quoted\" 'too'"
    assert run(script, "dom/element", name) == [0, name, name, False]


@pytest.mark.slow
def test_a_pinned_card_says_what_the_run_says(open_map):
    """True, predicted with its verdict in words, runner-up with its margin, margin and name, right and wrong."""
    seen = open_map()
    said, names = seen.data.own_predictions, seen.data.class_names
    for row in (int(np.flatnonzero(said.correct)[0]), int(np.flatnonzero(~said.correct)[0])):
        seen.page.goto(re.sub("#.*", "", seen.page.url) + f"&_={row}#pin={row}")
        card = pinned(seen, row).first
        lines = {
            name: card.locator(f'[data-line="{name}"] dd')
            for name in ("truth", "predicted", "runner-up", "margin")
        }
        assert lines["truth"].inner_text() == names[seen.data.test_labels[row]]
        verdict = "✓ right" if said.correct[row] else "✗ wrong"
        assert lines["predicted"].inner_text().split("\n") == [names[said.predicted[row]], verdict]
        name, behind = lines["runner-up"].inner_text().split("\n")
        assert name == names[said.runner_up[row]]
        assert float(behind.split()[0]) == pytest.approx(abs(said.runner_up_margin[row]), abs=0.006)
        margin = float(lines["margin"].inner_text().replace("\N{MINUS SIGN}", "-"))
        assert margin == pytest.approx(said.margin[row], abs=0.006)
        assert card.locator(".pin-name").inner_text() == image_ids(seen.data, "test", [row])[0]
    assert seen.tab.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_two_pins_are_compared_level_and_a_third_replaces_the_first(open_map, width):
    """Side by side with every line at one height, differences brought out, beside the map and never over it."""
    seen = open_map(query="#pin=1.2", width=width)
    cards, said = pinned(seen, 1, 2), seen.data.own_predictions
    stage = seen.page.locator(".frame").bounding_box()
    for line, values in {"truth": seen.data.test_labels, "runner-up": said.runner_up}.items():
        left, right = (cards.nth(i).locator(f'[data-line="{line}"]') for i in (0, 1))
        assert left.bounding_box()["y"] == right.bounding_box()["y"]
        assert left.bounding_box()["x"] + left.bounding_box()["width"] <= right.bounding_box()["x"]
        assert left.get_attribute("data-differs") == str(bool(values[1] != values[2])).lower()
    box = seen.page.locator(".pins").bounding_box()
    assert box["x"] >= stage["x"] + stage["width"] or box["y"] >= stage["y"] + stage["height"]
    seen.page.locator(".near-tile").first.wait_for()
    other = int(neighbours_of(seen.data, 2)[0][0])
    seen.page.locator(".near-tile").first.click()
    pinned(seen, 2, other)
    seen.page.get_by_label(f"Unpin {image_ids(seen.data, 'test', [2])[0]}").click()
    cards = pinned(seen, other)
    assert cards.locator("canvas").evaluate("(canvas) => canvas.clientWidth") >= 160
    cards.locator(".unpin").click()
    seen.page.locator(".pins").wait_for(state="hidden")
    assert seen.page.locator(".stage").evaluate("(stage) => stage.matches(':focus')")
    assert seen.tab.complaints == []


@pytest.mark.slow
def test_neighbours_are_those_of_the_feature_space(open_map):
    """The strip is the run's list in its order, wrong and torn ones marked, and counted in words."""
    seen = open_map(query="#pin=9")
    pinned(seen, 9)
    seen.page.locator(".near-tile").first.wait_for()
    rows = neighbours_of(seen.data, 9)[0].tolist()
    tiles = seen.page.locator(".near-tile")
    said = tiles.evaluate_all(
        "(tiles) => tiles.map((t) => [t.dataset.row, t.dataset.torn, !!t.querySelector('.cross')])"
    )
    torn, correct = torn_apart(seen.data, 9), seen.data.own_predictions.correct
    expected = [[str(r), str(t).lower(), not bool(correct[r])] for r, t in zip(rows, torn, strict=True)]
    assert said == expected
    same = int((seen.data.test_labels[rows] == seen.data.test_labels[9]).sum())
    words = seen.page.locator(".near-sum").inner_text()
    assert f"{same} of 20 have the same class" in words
    assert (f"{sum(torn)} of 20" in words) == any(torn)
    tiles.nth(4).hover()
    assert seen.said["hoverId"] == str(rows[4])
    assert seen.page.locator(".card").is_visible()
    seen.page.mouse.move(2, 2)
    seen.page.locator(".card").wait_for(state="hidden")
    assert seen.tab.complaints == []


@pytest.mark.slow
def test_lines_lead_to_the_neighbours_and_can_be_turned_off(open_map):
    """Twenty lines on the map, drawn over the points, gone and back with one button."""
    seen = open_map(query="#pin=9")
    pinned(seen, 9)
    seen.page.locator(".near-tile").first.wait_for()
    drawn = """(canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
      .reduce((sum, value, i) => sum + (i % 4 === 3 && value > 0 ? 1 : 0), 0)"""
    marks, toggle = seen.page.locator("canvas.marks"), seen.page.locator(".near-lines")
    with_lines = marks.evaluate(drawn)
    assert toggle.get_attribute("aria-pressed") == "true"
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "false"
    assert marks.evaluate(drawn) < with_lines / 3
    toggle.click()
    assert marks.evaluate(drawn) == with_lines


@pytest.mark.slow
def test_the_distance_of_two_pins_is_said_where_it_is_known(open_map):
    """One is among the other's neighbours: how far, and which place; else that it is not."""
    seen = open_map()
    rows, distances = neighbours_of(seen.data, 9)
    near, far = (
        int(rows[2]),
        next(r for r in range(80) if r != 9 and r not in rows and 9 not in neighbours_of(seen.data, r)[0]),
    )
    for other, words in ((near, f"{distances[2]:.3g}"), (far, "Neither is among")):
        seen.page.goto(re.sub("#.*", "", seen.page.url) + f"&_={other}#pin=9.{other}")
        pinned(seen, 9, other)
        seen.page.locator(".pin-apart", has_text=words).wait_for()
    seen.page.get_by_role("button", name="Neighbours of the left").click()
    assert seen.page.locator(".near-tile").first.get_attribute("data-row") == str(rows[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 500, "body": "A file of the cache is damaged."}, "A file of the cache is damaged."),
        ({"body": '{"rows": [1, "<b>"], "distances": [1, 2]}'}, "reload the page"),
        ({"body": '{"rows": [1, 900], "distances": [1, 2]}'}, "reload the page"),
        ({"body": "no json"}, "could not be loaded"),
    ],
    ids=["refused", "hostile", "out of range", "no json"],
)
def test_bad_neighbours_are_told_in_a_sentence(open_map, answer, words):
    """What the server answers is not trusted; the rest of the card works on."""
    seen = open_map()
    seen.page.route(NEIGHBOURS, lambda route: route.fulfill(content_type="text/plain", **answer))
    seen.page.mouse.click(*seen.places()[seen.lonely()])
    seen.page.locator(".near", has_text=words).wait_for()
    assert seen.page.locator(".near-tile").count() == 0
    assert seen.page.locator(".pin").count() == 1


@pytest.mark.slow
def test_a_late_answer_is_for_nobody(open_map):
    """Neighbours of an image that is pinned no more do not appear."""
    seen = open_map()
    held = []
    seen.page.route(NEIGHBOURS, lambda route: held.append(route))
    row = seen.lonely()
    seen.page.mouse.click(*seen.places()[row])
    seen.page.locator(".near", has_text="Loading").wait_for()
    seen.page.locator(".unpin").click()
    seen.page.locator(".pins").wait_for(state="hidden")
    seen.page.unroute(NEIGHBOURS)
    seen.page.wait_for_timeout(300)
    assert seen.page.locator(".near-tile").count() == 0
    seen.page.locator(".stage").scroll_into_view_if_needed()
    seen.page.mouse.click(*seen.places()[row])
    seen.page.locator(".near-tile").first.wait_for()


@pytest.mark.slow
def test_only_its_cell_lights_the_images_of_one_cell(open_map):
    """True and predicted class of the image become the filters; pressed again, all come back."""
    seen = open_map(query="#pin=5")
    card, said = pinned(seen, 5).first, seen.data.own_predictions
    truth = seen.data.test_labels
    cell = ((truth == truth[5]) & (said.predicted == said.predicted[5])).sum()
    only = card.get_by_role("button", name="Only this cell")
    only.click()
    seen.page.wait_for_selector(f'.lb-map[data-lit="{cell}"]')
    assert only.get_attribute("aria-pressed") == "true"
    only.click()
    seen.page.wait_for_selector('.lb-map[data-lit="80"]')


@pytest.mark.slow
def test_the_link_is_copied(open_map, dashboard):
    """What is copied is the address with the pin in it."""
    seen = open_map(query="#pin=5", permissions=["clipboard-read", "clipboard-write"])
    pinned(seen, 5).get_by_role("button", name="Copy link").click()
    seen.page.get_by_role("button", name="Copied").wait_for()
    copied = seen.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith(dashboard)
    assert "pin=5" in copied


@pytest.mark.slow
def test_the_card_does_not_wait_for_the_frame(open_map):
    """Browsers tell of moves with the next frame, up to 17 ms late: the card is ready before."""
    seen = open_map()
    seen.page.locator(".lb-map").evaluate(
        """(map) => {
          globalThis.told = [];
          const note = (event) => told.push([event.type, map.dataset.hoverId ?? ""]);
          for (const type of ["pointerrawupdate", "pointermove"]) map.addEventListener(type, note);
        }"""
    )
    row = seen.lonely()
    seen.point_at(row)
    told = seen.page.evaluate("() => told")
    assert ["pointerrawupdate", str(row)] in told
    assert told.index(["pointerrawupdate", str(row)]) < [kind for kind, _ in told].index("pointermove")


@pytest.mark.slow
def test_showing_another_point_measures_nothing(open_map):
    """In the hot path no element is measured, and the card keeps its size."""
    seen = open_map()
    seen.point_at(seen.lonely())
    seen.page.evaluate(
        """() => {
          window.measured = 0;
          for (const name of ["offsetWidth", "offsetHeight", "clientWidth", "clientHeight"]) {
            const owner = name.startsWith("offset") ? HTMLElement.prototype : Element.prototype;
            const { get } = Object.getOwnPropertyDescriptor(owner, name);
            Object.defineProperty(owner, name, { get() { window.measured++; return get.call(this); } });
          }
          const rect = Element.prototype.getBoundingClientRect;
          Element.prototype.getBoundingClientRect = function () { window.measured++; return rect.call(this); };
        }"""
    )
    places = seen.places()[:30]
    seen.page.evaluate("() => (window.measured = 0)")  # this test has measured, to know where the points are
    hovered = set()
    for place in places:
        seen.page.mouse.move(*place)
        seen.page.wait_for_timeout(30)
        hovered.add(seen.page.locator(".lb-map").evaluate("(map) => map.dataset.hoverId ?? ''"))
    assert len(hovered) > 10
    assert seen.page.evaluate("() => window.measured") == 0


@pytest.mark.slow
def test_a_rerun_of_the_script_takes_no_focus_away(open_map):
    """The page's script answers a pin; what has the focus meanwhile keeps it."""
    seen = open_map(query="#pin=9")
    pinned(seen, 9)
    tile = seen.page.locator(".near-tile").nth(3)
    tile.focus()
    seen.page.emulate_media(color_scheme="dark")
    seen.page.wait_for_timeout(1500)
    seen.tab.settle()
    assert tile.evaluate("(tile) => tile.isConnected && tile.matches(':focus')")


@pytest.mark.slow
def test_a_finger_that_pins_sees_the_lines(open_map):
    """The second tap pins and puts the card away, which would hide the neighbours; a third one shows it again."""
    seen = open_map(width=390, height=800, has_touch=True)
    row = seen.lonely()
    seen.page.touchscreen.tap(*seen.places()[row])
    card = seen.page.locator(".card")
    assert "Tap again to pin" in card.inner_text()
    seen.page.touchscreen.tap(*seen.places()[row])
    pinned(seen, row)
    card.wait_for(state="hidden")
    seen.page.touchscreen.tap(*seen.places()[row])
    assert "Tap again to unpin" in card.inner_text()


@pytest.mark.slow
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_a_pinned_card_leads_to_its_image_on_other_pages(open_map, right):
    """Details: among the errors, or in its confusion cell where it is none; the cell: on the confusion page."""
    seen = open_map()
    correct = seen.data.own_predictions.correct
    row = int(np.flatnonzero(correct == right)[0])
    start = re.sub("#.*", "", seen.page.url)
    for name, page in (
        ("Details and neighbours", "confusion" if right else "errors"),
        ("Its cell on Confusion", "confusion"),
    ):
        seen.page.goto(f"{start}&_={page}{name[:3]}#pin={row}")
        pinned(seen, row).get_by_role("button", name=name).click()
        seen.page.wait_for_url(re.compile(rf"/{page}\?.*image={row}\b"))
        seen.page.get_by_text(image_ids(seen.data, "test", [row])[0]).locator("visible=true").first.wait_for()
    assert seen.tab.complaints == []
