"""The map in a real browser: what is seen under a pointer, a finger and the keyboard is what the run says."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard.run.data import RunData, colours_of, image_ids
from dashboard.run.data import pixels as true_pixels
from dashboard.server.columns import quantise_positions
from tests.browser.conftest import running_dashboard
from tests.browser.map_page import ONLY_IN_THE_APP, colour_by, seen_colours
from tests.browser.sign_in.conftest import free_ports

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TRANSFERS = """() => performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/lazybones/"))
  .map((entry) => entry.transferSize)"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_points_are_drawn_in_their_colours(open_map, dark):
    """Every class's colour is on the canvas, on the theme's background."""
    seen = open_map(dark=dark)
    pixels = seen.pixels()
    for colour in colours_of(seen.data):
        assert pixels.get(int(colour[1:], 16), 0) > 20
    assert max(pixels, key=pixels.get) == (0x0F1216 if dark else 0xFFFFFF)
    assert seen.said["drawn"] == "80"
    assert seen.tab.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_map_that_loads_has_the_pages_colour(map_address, visit, dark):
    """Until the points come: an opaque canvas on which nothing is drawn would be black."""
    tab, held = visit(dark=dark), []
    background = {(0x0F, 0x12, 0x16) if dark else (0xFF, 0xFF, 0xFF)}
    tab.page.route("**/lazybones/points/**", lambda route: held.append(route))
    tab.open(f"{map_address}map?run=planted")
    tab.page.get_by_text("Loading 80 points").wait_for()
    assert seen_colours(tab.page, ".lb-map .stage") == background
    held.pop().continue_()
    tab.page.wait_for_selector(".lb-map[data-drawn='80']")
    assert seen_colours(tab.page, ".lb-map .stage") > background


def test_the_card_says_what_the_run_says(open_map):
    """Point after point: true, predicted, runner-up class, margin and id, as Python has them."""
    seen = open_map()
    data, said = seen.data, seen.data.own_predictions
    names = data.class_names
    rows = {seen.lonely()}
    for place in seen.places()[::9]:
        rows.add(seen.nearest(*place))
    for row in rows:
        seen.point_at(row)
        row = int(seen.said["hoverId"])
        assert seen.part("truth") == names[data.test_labels[row]]
        assert seen.part("predicted") == names[said.predicted[row]]
        assert seen.part("runner-up") == names[said.runner_up[row]]
        margin = float(seen.part("margin").replace("\N{MINUS SIGN}", "-"))
        assert margin == pytest.approx(said.margin[row], abs=0.006)
        assert seen.part("id") == image_ids(data, "test", [row])[0]


def test_the_nearest_point_is_shown(open_map):
    """At any place, the card is that of the point nearest to the pointer."""
    seen = open_map()
    rng, places = np.random.default_rng(1), seen.places()
    for left, top in places[rng.integers(0, len(places), 12)] + rng.uniform(-6, 6, (12, 2)):
        seen.page.mouse.move(left, top)
        seen.page.wait_for_timeout(60)
        row = int(seen.said["hoverId"])
        nearest, shown = seen.nearest(left, top), places[row]
        assert np.hypot(*(shown - [left, top])) <= np.hypot(*(places[nearest] - [left, top])) + 0.5


def test_hovering_asks_the_server_nothing(open_map):
    """A sweep over the map sends no message and fetches no file."""
    seen = open_map()
    seen.page.wait_for_selector(".lb-map[data-thumbnails=ready][data-parts=ready]")
    sent = []
    seen.page.on("request", lambda request: sent.append(request.url))
    before = seen.page.evaluate(TRANSFERS)
    hovered = set()
    for place in seen.places()[:40]:
        seen.page.mouse.move(*place)
        seen.page.wait_for_timeout(10)
        hovered.add(seen.said.get("hoverId"))
    assert len(hovered) > 10
    assert sent == []
    assert seen.page.evaluate(TRANSFERS) == before


def test_the_thumbnail_is_the_image_pixel_for_pixel(open_map):
    """Crisp: each pixel of the image is one even square, of the image's own colour."""
    seen = open_map()
    seen.page.wait_for_selector(".lb-map[data-thumbnails=ready]")
    seen.point_at(seen.lonely())
    image = true_pixels(seen.data, "test", [int(seen.said["hoverId"])])[0]
    side = image.shape[0]
    drawn = seen.page.locator(".thumbnail canvas").evaluate(
        "(canvas) => [canvas.width, ...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
    )
    width = drawn[0]
    pixels = np.array(drawn[1:]).reshape(width, width, 4)[..., :3]
    assert width >= 96
    assert width % side == 0
    assert np.array_equal(pixels, np.kron(image, np.ones((width // side, width // side, 1))))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_card_is_never_cut_off(open_map, width):
    """Wherever the pointer is, the card is inside the map, and not over its point."""
    seen = open_map(width=width)
    frame = seen.box
    places = seen.places()
    extremes = {int(find(places[:, axis])) for find in (np.argmin, np.argmax) for axis in (0, 1)}
    for row in extremes | set(range(0, 80, 13)):
        seen.point_at(row)
        card = seen.page.locator(".card").bounding_box()
        assert card["x"] >= frame["x"]
        assert card["y"] >= frame["y"]
        assert card["x"] + card["width"] <= frame["x"] + frame["width"]
        assert card["y"] + card["height"] <= frame["y"] + frame["height"]
        left, top = places[int(seen.said["hoverId"])]
        inside = card["x"] < left < card["x"] + card["width"] and card["y"] < top < card["y"] + card["height"]
        assert not inside


def test_leaving_the_map_puts_the_card_away(open_map):
    """The card goes with the pointer."""
    seen = open_map()
    seen.point_at(seen.lonely())
    assert seen.page.locator(".card").is_visible()
    seen.page.mouse.move(5, 5)
    seen.page.locator(".card").wait_for(state="hidden")
    assert "hoverId" not in seen.said


def test_a_click_selects(open_map):
    """The address names the row, a card beside the map shows it, and a new window shows the same."""
    seen = open_map()
    row = seen.lonely()
    seen.page.mouse.click(*seen.places()[row])
    seen.page.wait_for_url(re.compile(rf"pin=(\d+\.)?{row}\b"))
    seen.tab.settle()
    assert seen.said["pinned"] == str(row)
    assert seen.page.locator(".pins").get_by_text(image_ids(seen.data, "test", [row])[0]).first.is_visible()
    assert open_map(query=f"&image={row}").said["pinned"] == str(row)
    assert seen.tab.complaints == []


def test_quick_clicks_end_at_the_last_one(open_map):
    """Two clicks faster than the server: the second stays, without going back to the first."""
    seen = open_map()
    first, second = seen.lonely(), 0
    places = seen.places()
    seen.page.mouse.click(*places[first])
    seen.page.mouse.click(*places[second])
    row = seen.nearest(*places[second])
    seen.page.wait_for_url(re.compile(rf"pin=(\d+\.)?{row}\b"))
    seen.tab.settle()
    assert seen.said["pinned"] == f"{first}.{row}"


def test_the_keyboard_reaches_points_and_reads_them_out(open_map):
    """Tab into the map, walk, select, leave: the card is spoken, and Escape clears all."""
    seen = open_map()
    seen.page.locator(".colours .tool-open").focus()
    for _ in range(40):
        seen.page.keyboard.press("Tab")
        if seen.page.locator(".stage").evaluate("(stage) => stage.matches(':focus')"):
            break
    start = seen.said["hoverId"]
    seen.page.keyboard.press("ArrowRight")
    row = seen.said["hoverId"]
    places = seen.places()
    assert row != start
    assert places[int(row), 0] >= places[int(start), 0]
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(re.compile(rf"pin=(\d+\.)?{row}\b"))
    spoken = seen.page.locator(".spoken")
    spoken.filter(has_text=image_ids(seen.data, "test", [int(row)])[0]).wait_for(state="attached")
    assert seen.data.class_names[seen.data.test_labels[int(row)]] in spoken.inner_text()
    seen.tab.settle()
    assert seen.page.locator(".stage").evaluate("(stage) => stage.matches(':focus')")
    seen.page.keyboard.press("Escape")
    assert "hoverId" not in seen.said
    assert seen.said["pinned"] == row
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_function("() => !location.hash.includes('pin=')")
    assert "hoverId" not in seen.said


def test_colours_change_without_a_file(open_map):
    """Colour by: the picture changes at once, the address follows, and no coordinates are sent again."""
    seen = open_map()
    seen.page.wait_for_selector(".lb-map[data-thumbnails=ready][data-parts=ready]")
    before = len(seen.page.evaluate(TRANSFERS))
    for value, text in (
        ("margin", "Margin"),
        ("correct", "Correct or wrong"),
        ("predicted", "Predicted class"),
    ):
        pixels = seen.pixels()
        colour_by(seen.page, text)
        assert seen.said["colour"] == value
        assert seen.pixels() != pixels
        seen.page.wait_for_url(re.compile(f"colour={value}"))
    seen.tab.settle()
    assert len(seen.page.evaluate(TRANSFERS)) == before
    assert seen.tab.complaints == []


def test_filters_dim_and_never_hide(open_map):
    """Filtered to one class, its colour is left and every other point is grey, at its place."""
    seen = open_map(query="&true=1")
    pixels, colours = seen.pixels(), [int(colour[1:], 16) for colour in colours_of(seen.data)]
    assert pixels.get(colours[1], 0) > 20
    assert [pixels.get(colours[label], 0) for label in (0, 2, 3)] == [0, 0, 0]
    grey = 0xDF_DF_E0
    assert sum(count for colour, count in pixels.items() if abs((colour & 255) - (grey & 255)) < 4) > 200
    seen.point_at(seen.lonely())
    assert seen.page.locator(".card").is_visible()


def test_filters_that_match_nothing_say_so(open_map):
    """An empty answer is said in words."""
    seen = open_map("classes-25", "&true=3&predicted=9")
    assert seen.page.get_by_text("No image matches the filters.").is_visible()


def test_the_legend_isolates_a_class(open_map):
    """A click mutes the others, a second one brings them back; the counts are those of the run."""
    seen = open_map()
    entry = seen.page.locator(".entry-name", has_text="cross")
    counts = seen.page.locator(".entry-name .count").all_inner_texts()
    assert [int(count) for count in counts] == np.bincount(seen.data.test_labels).tolist()
    entry.click()
    colours = [int(colour[1:], 16) for colour in colours_of(seen.data)]
    assert [seen.pixels().get(colour, 0) > 20 for colour in colours] == [False, False, True, False]
    assert seen.page.locator(".entry-name[aria-pressed=true]").all_inner_texts() == [entry.inner_text()]
    entry.click()
    assert all(seen.pixels().get(colour, 0) > 20 for colour in colours)


def test_zoom_keeps_the_point_and_the_view_comes_back(open_map):
    """The wheel zooms at the pointer, dragging pans, double click and the button go home."""
    seen = open_map()
    row, home = seen.lonely(), seen.pixels()
    zoomed = '.stage[data-zoomed="true"]'
    seen.point_at(row)
    for _ in range(4):
        seen.page.mouse.wheel(0, -200)
        seen.page.wait_for_timeout(50)
    seen.page.wait_for_selector(zoomed)
    assert seen.said["hoverId"] == str(row)
    left, top = seen.places()[row]
    seen.page.mouse.down()
    seen.page.mouse.move(left + 40, top - 30, steps=4)
    seen.page.mouse.up()
    seen.page.wait_for_timeout(100)
    seen.page.mouse.move(left + 41, top - 30)
    seen.page.wait_for_timeout(100)
    assert seen.said["hoverId"] == str(row)
    assert seen.said["pinned"] == ""
    seen.page.get_by_role("button", name="Show all points").click()
    seen.page.wait_for_selector(zoomed, state="detached")
    assert seen.pixels() == home
    seen.page.get_by_role("button", name="Zoom in").click()
    seen.page.wait_for_selector(zoomed)
    seen.page.locator(".stage").dblclick(position={"x": 8, "y": 8})
    seen.page.wait_for_selector(zoomed, state="detached")


def test_the_view_survives_a_rerun(open_map):
    """Zoomed in, choosing another colour and selecting a point move nothing."""
    seen = open_map()
    row = seen.lonely()
    seen.point_at(row)
    seen.page.mouse.wheel(0, -300)
    seen.page.mouse.click(*seen.places()[row])
    colour_by(seen.page, "Margin")
    seen.page.wait_for_url(re.compile("colour=margin"))
    seen.tab.settle()
    seen.page.locator(".stage").scroll_into_view_if_needed()
    seen.page.mouse.move(*seen.places()[row] + 1)
    seen.page.wait_for_timeout(100)
    assert seen.said["hoverId"] == str(row)
    assert seen.page.locator('.stage[data-zoomed="true"]').count() == 1


def test_a_finger_sees_first_and_selects_with_a_second_tap(open_map):
    """A tap shows the card, a second one on the same point selects, a tap elsewhere puts it away."""
    seen = open_map(width=390, height=800, has_touch=True)
    row = seen.lonely()
    place = seen.places()[row]
    seen.page.touchscreen.tap(*place)
    assert seen.said["hoverId"] == str(row)
    assert seen.said["pinned"] == ""
    assert seen.page.get_by_text("Tap again").is_visible()
    seen.page.touchscreen.tap(*place)
    seen.page.wait_for_url(re.compile(rf"pin=(\d+\.)?{row}\b"))
    seen.tab.settle()
    seen.page.locator(".stage").scroll_into_view_if_needed()
    box = seen.box
    seen.page.touchscreen.tap(box["x"] + 8, box["y"] + 8)
    assert "hoverId" not in seen.said


def test_two_fingers_zoom(open_map):
    """A pinch zooms the map."""
    seen = open_map(width=390, height=800, has_touch=True)
    session = seen.page.context.new_cdp_session(seen.page)
    left, top = seen.box["x"] + 180, seen.box["y"] + 150
    for step in range(8):
        fingers = [
            {"x": left - 20 - 8 * step, "y": top, "id": 1},
            {"x": left + 20 + 8 * step, "y": top, "id": 2},
        ]
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        seen.page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    seen.page.wait_for_selector('.stage[data-zoomed="true"]')
    assert "hoverId" not in seen.said


def test_sharp_screens_get_sharp_points(open_map):
    """At two device pixels in one, the canvas has twice the pixels."""
    seen = open_map(device_scale_factor=2)
    width, client = seen.page.locator("canvas.points").evaluate(
        "(canvas) => [canvas.width, canvas.clientWidth]"
    )
    assert abs(width - 2 * client) <= 1
    seen.point_at(seen.lonely())
    assert seen.page.locator(".thumbnail canvas").evaluate("(canvas) => canvas.width") >= 192


@pytest.mark.parametrize("colour", ["true", "correct", "margin"])
@pytest.mark.parametrize(
    "run", ["one", "pile", "nan", "no-margins", "no-thumbnails", "classes-25", "classes-300"]
)
def test_every_state_has_a_picture(open_map, run, colour):
    """One point, a pile, no margins, no thumbnails, many classes: drawn, pointed at, without complaint."""
    seen = open_map(run, f"&colour={colour}", dark=colour == "margin")
    seen.point_at(0)
    assert seen.said["state"] == "ready"
    assert seen.said["drawn"] == str(seen.data.n_test)
    assert seen.part("truth").startswith("class ")
    thumbnail = "missing" if run == "no-thumbnails" else "ready"
    seen.page.wait_for_selector(f'.card[data-thumbnail="{thumbnail}"]')
    assert seen.tab.complaints == []


def test_a_margin_that_is_no_number_is_said_so(open_map):
    """NaN is "none", on the card and in the legend."""
    seen = open_map("no-margins", "&colour=margin")
    seen.point_at(0)
    assert seen.part("margin") == "none"
    assert seen.page.locator(".legend", has_text="No margin").inner_text().endswith("40")


DAMAGED = {"status": 500, "body": "A file of the cache is damaged.", "content_type": "text/plain"}
THUMBNAILS = {
    "damaged": (DAMAGED, "A file of the cache is damaged."),
    "no picture": ({"status": 200, "body": "no picture"}, "A sheet of images must be a picture. Got another file"),
    "gone": (None, "The server does not answer."),
}  # fmt: skip


@pytest.mark.parametrize("what", THUMBNAILS)
def test_a_map_without_images_says_why(map_address, visit, what):
    """Whatever becomes of the thumbnails; what else there is to see is there, and what else is told goes before."""
    answer, says = THUMBNAILS[what]
    tab = visit()
    tab.page.route(
        "**/lazybones/thumbnails/**", lambda route: route.fulfill(**answer) if answer else route.abort()
    )
    tab.open(f"{map_address}map?run=planted")
    tab.page.wait_for_selector(".lb-map[data-drawn='80'][data-thumbnails=failed]")
    notice = tab.page.locator(".lb-map .notice")
    assert notice.inner_text().startswith(f"The images could not be loaded. {says}")
    tab.page.locator(".lb-map .stage").focus()
    tab.page.keyboard.press("g")
    tab.page.wait_for_timeout(300)
    assert says in notice.inner_text()


def test_a_damaged_file_is_told_on_the_map(map_store, map_address, visit):
    """The map says what is wrong and what helps; no traceback anywhere."""
    data = RunData(map_store, "damaged")
    file = data.artefact("projection").folder / "test.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    tab = visit()
    tab.page.route("**/lazybones/points/**", lambda route: (file.write_bytes(content), route.continue_()))
    tab.open(f"{map_address}map?run=damaged")
    tab.page.get_by_text("pipeline verify").wait_for()
    assert "Traceback" not in tab.page.content()


@ONLY_IN_THE_APP
def test_a_second_visit_fetches_nothing(open_map, visit):
    """Modules, points and thumbnails come from the browser's cache."""
    seen = open_map()
    seen.page.wait_for_selector(".lb-map[data-thumbnails=ready]")
    seen.page.wait_for_timeout(500)
    seen.page.goto(seen.page.url)
    seen.page.wait_for_selector(".lb-map[data-thumbnails=ready]")
    transfers = seen.page.evaluate(TRANSFERS)
    assert len(transfers) > 10
    assert sum(transfers) == 0


@ONLY_IN_THE_APP
def test_the_map_comes_back_after_another_page(open_map):
    """Away and back: drawn again, the selection kept."""
    seen = open_map(query="&image=7")
    seen.page.locator(".st-key-pages a", has_text="Overview").click()
    seen.page.wait_for_url(lambda url: "/map" not in url)
    seen.tab.settle()
    assert seen.page.locator(".lb-map").count() == 0
    seen.page.go_back()
    seen.page.wait_for_selector(".lb-map[data-drawn]")
    seen.tab.settle()
    assert seen.said["pinned"] == "7"
    assert seen.tab.complaints == []


LIVING = """import(performance.getEntriesByType("resource").map((entry) => entry.name)
  .find((name) => name.endsWith("/embedding_map.js"))).then((module) => module.EmbeddingMap.prototype)"""


@ONLY_IN_THE_APP
def test_a_map_that_was_left_takes_no_memory(open_map):
    """Away and back, three times: one map is alive, the others are gone with all that they held."""
    seen = open_map()
    session = seen.page.context.new_cdp_session(seen.page)
    for _ in range(3):
        for name in ("Overview", "Map"):
            seen.page.locator(".st-key-pages a", has_text=name).click()
            seen.page.locator(".lb-map[data-drawn]").wait_for(
                state="attached" if name == "Map" else "detached"
            )
            seen.tab.settle()
    seen.page.locator(".st-key-pages a", has_text="Overview").click()
    seen.page.locator(".lb-map").wait_for(state="detached")
    seen.tab.settle()
    session.send("HeapProfiler.collectGarbage")
    kind = session.send("Runtime.evaluate", {"expression": LIVING, "awaitPromise": True})["result"][
        "objectId"
    ]
    living = session.send("Runtime.queryObjects", {"prototypeObjectId": kind})["objects"]["objectId"]
    count = {"objectId": living, "functionDeclaration": "function () { return this.length; }"}
    alive = session.send("Runtime.callFunctionOn", count)["result"]["value"]
    assert alive <= 1  # Playwright itself holds on to elements that `wait_for_selector` gave


def test_less_motion_means_no_gliding(open_map):
    """Who asks for less motion gets the new view at once."""
    seen = open_map(reduced_motion="reduce")
    zoomed = seen.page.locator(".lb-map").evaluate(
        "(map) => { map.querySelector('[data-do=in]').click(); return map.querySelector('.stage').dataset.zoomed; }"
    )
    assert zoomed == "true"


def test_the_map_works_under_a_base_path(map_store, chromium, visit):
    """``server.baseUrlPath``: modules, points and thumbnails are found below it."""
    with running_dashboard(map_store.root, STREAMLIT_SERVER_BASE_URL_PATH="deep/down") as address:
        tab = visit()
        tab.open(f"{address}map?run=planted")
        tab.page.wait_for_selector(".lb-map[data-thumbnails=ready]")
        assert tab.complaints == []


def test_with_sign_in_the_map_carries_tickets(map_store, chromium, visit, tmp_path):
    """Who has signed in has the page, whose own addresses work; bare ones are refused, and who has not sees no map."""
    secrets = tmp_path / "secrets.toml"
    (port,) = free_ports(1)
    secrets.write_text(
        f"""[auth]
cookie_secret = "a long secret"
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
client_id = "lazybones"
client_secret = "no secret"
server_metadata_url = "https://id.test/.well-known"
"""
    )
    with running_dashboard(map_store.root, port=port, STREAMLIT_SECRETS_FILES=str(secrets)) as address:
        tab = visit()
        asked = []
        tab.page.on("response", lambda response: asked.append(response.url))
        tab.page.goto(f"{address}map?run=planted")
        tab.page.get_by_text("This dashboard is for people who sign in.").wait_for()
        assert asked == [f"{address}map?run=planted"]
        told = json.dumps({"is_logged_in": True, "email": "ann@example.test", "origin": address.rstrip("/")})
        cookie = create_signed_value("a long secret", USER_COOKIE_NAME, told).decode()
        tab.page.context.add_cookies([{"name": USER_COOKIE_NAME, "value": cookie, "url": address}])
        tab.open(f"{address}map?run=planted")
        tab.page.wait_for_selector(".lb-map[data-thumbnails=ready]")
        tab.page.get_by_role("button", name="Sign out").wait_for()
        tab.page.wait_for_load_state("networkidle")  # the names of the images may come last
        files = [url for url in asked if re.search("/lazybones/(points|columns|ids|thumbnails)/", url)]
        assert len(files) == 4
        for url in files:
            assert "?ticket=" in url
            assert tab.page.request.get(url.partition("?")[0]).status == 403


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 800, 0.60), (390, 844, 0.55)])
def test_the_map_has_the_window(open_map, width, height, least):
    """Most of the window's pixels are map, nothing is to be scrolled to, and nothing is wider than the window."""
    seen = open_map(width=width, height=height)
    seen.page.wait_for_selector(".lb-map[data-parts=ready]")
    box = seen.box
    bottom = min(box["y"] + box["height"], height)
    assert box["width"] * (bottom - box["y"]) >= least * width * height
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.scroller.evaluate("(main) => main.scrollHeight - main.clientHeight") <= 1
    for name in ("Colour", "Filter", "View", "Export"):
        button = seen.page.locator(".toolbar").get_by_role("button", name=name).bounding_box()
        assert 0 <= button["x"] <= button["x"] + button["width"] <= width


def test_a_zoom_never_ends_where_nothing_is(open_map):
    """The wheel over an empty corner: some point stays in view, however far in it goes."""
    seen = open_map()
    box, (x, y) = seen.box, quantise_positions(seen.data.artefact("projection").array("test")).astype(float).T
    seen.page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 20)
    for _ in range(25):
        seen.page.mouse.wheel(0, -240)
        seen.page.wait_for_timeout(20)
    seen.page.wait_for_function("location.hash.includes('at=')")
    seen.page.wait_for_timeout(400)
    left, top, zoom = (float(part) for part in re.search(r"at=([^&]*)", seen.hash)[1].split(","))
    home = min((box["width"] - 60) / np.ptp(x), (box["height"] - 60) / np.ptp(y))
    across, down = (side / 2 / home / zoom for side in (box["width"], box["height"]))
    assert zoom > 20
    assert np.any((abs(x - left) <= across) & (abs(y - top) <= down))
    assert seen.page.locator(".notice").inner_text() == ""


def test_the_card_goes_when_its_point_is_pinned(open_map):
    """It says what now stands beside the map; and it is there again when the pointer comes back."""
    seen = open_map()
    row = seen.lonely()
    seen.point_at(row)
    assert seen.page.locator(".card").is_visible()
    seen.page.mouse.down()
    seen.page.mouse.up()
    seen.page.locator(".card").wait_for(state="hidden")
    seen.page.mouse.move(*seen.places()[row] + 1)
    seen.page.wait_for_timeout(200)
    assert seen.page.locator(".card").is_hidden()
    seen.page.mouse.move(5, 5)
    seen.point_at(row)
    seen.page.locator(".card").wait_for()


def test_two_classes_have_no_runner_up(open_map):
    """The second of two is the other one: card, pinned card and table leave it out."""
    seen = open_map("classes-2", "#pin=3")
    seen.page.locator(".pin").wait_for()
    seen.point_at(5)
    assert seen.page.locator('.card [data-part="runner-up"]').is_hidden()
    assert seen.page.locator('.card [data-part="margin"]').is_visible()
    assert seen.page.locator('.pin [data-line="runner-up"]').is_hidden()
    seen.page.get_by_role("tab", name="Selection").click()
    seen.page.get_by_role("button", name="Table", exact=True).click()
    titles = seen.page.locator(".heads button").all_inner_texts()
    assert [title.split()[0] for title in titles] == ["Margin", "Image", "True", "Predicted"]


def test_the_legend_says_how_many_have_no_room(open_map):
    """On a phone: what is seen and what the button says are all classes; it shows them."""
    seen = open_map("classes-25", width=390, height=844)
    entries, more = seen.page.locator(".entries .entry"), seen.page.locator(".legend-more")
    more.wait_for()
    line = seen.page.locator(".entries").bounding_box()
    shown = [entry for entry in entries.all() if entry.bounding_box()["y"] < line["y"] + line["height"] - 1]
    assert len(shown) + int(more.inner_text()[1:]) == entries.count() == 25
    assert shown
    more.click()
    entries.last.scroll_into_view_if_needed()
    entries.last.locator(".entry-name").click()
    seen.wait_for("lit", str((seen.data.test_labels == 24).sum()))
    seen.page.keyboard.press("Escape")
    assert more.inner_text().startswith("+")
