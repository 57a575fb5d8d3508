"""Gestures and keys on the map: what a box, a lasso, fingers and keys select is what brute force says."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCROLLED = "(page) => page.scrollTop"


def ring(middle, radius: float, steps: int = 24) -> list[tuple[float, float]]:
    """Give places round a circle, ending where it began."""
    angles = np.linspace(0, 2 * np.pi, steps + 1)
    return [(middle[0] + radius * np.cos(a), middle[1] + radius * np.sin(a)) for a in angles]


def within(places: np.ndarray, middle, radius: float) -> list[int]:
    """Find the points in a circle that is a little smaller or larger than what a hand drew."""
    return np.flatnonzero(np.hypot(*(places - middle).T) < radius).tolist()


def middle_of(seen) -> np.ndarray:
    """Find the middle of the stage on the screen."""
    box = seen.box
    return np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])


def test_a_box_selects_what_is_inside(open_map):
    """Exactly the rows in it; the tool stays, the camera too; a second box replaces the first."""
    seen = open_map()
    (left, top), size = middle_of(seen) - 40, 150
    seen.page.get_by_role("button", name="Select a box").click()
    seen.drag((left, top), (left + size, top + size))
    rows = seen.inside(left, top, left + size, top + size)
    assert seen.selected() == rows
    assert rows
    assert "at=" not in seen.hash
    assert seen.hash.startswith("select=scatter:")
    seen.drag((left - 100, top - 100), (left + 30, top + 30))
    assert seen.selected() == seen.inside(left - 100, top - 100, left + 30, top + 30)


def test_shift_adds_and_alt_takes_away(open_map):
    """With any tool: the union, then the difference; a click adds or takes one point."""
    seen = open_map()
    (left, top), page = middle_of(seen), seen.page
    page.locator(".stage").focus()
    page.keyboard.press("b")
    seen.drag((left - 150, top - 100), (left, top + 100))
    page.keyboard.down("Shift")
    seen.drag((left - 20, top - 60), (left + 120, top + 60))
    page.keyboard.up("Shift")
    union = set(seen.inside(left - 150, top - 100, left, top + 100))
    union |= set(seen.inside(left - 20, top - 60, left + 120, top + 60))
    assert seen.selected() == sorted(union)
    page.keyboard.down("Alt")
    seen.drag((left - 60, top - 60), (left + 40, top + 20))
    page.keyboard.up("Alt")
    rest = union - set(seen.inside(left - 60, top - 60, left + 40, top + 20))
    assert seen.selected() == sorted(rest)
    page.keyboard.press("v")
    row = seen.lonely()
    for key, expected in (("Shift", rest | {row}), ("Alt", rest - {row})):
        page.keyboard.down(key)
        page.mouse.click(*seen.places()[row])
        page.keyboard.up(key)
        assert seen.selected() == sorted(expected)
    assert seen.said["pinned"] == ""


def test_shift_and_a_drag_draw_a_lasso_with_the_pointing_tool(open_map):
    """Round a cluster: all that is well inside, nothing that is well outside, and the map has not moved."""
    seen = open_map()
    middle, radius = seen.places()[seen.lonely()], 90
    seen.page.keyboard.down("Shift")
    seen.drag(*ring(middle, radius))
    seen.page.keyboard.up("Shift")
    rows = set(seen.selected())
    assert set(within(seen.places(), middle, radius - 3)) <= rows
    assert rows <= set(within(seen.places(), middle, radius + 3))
    assert "at=" not in seen.hash


def test_only_what_is_lit_is_selected(open_map):
    """A lasso over everything takes the one class that passes; with select all it is the same."""
    seen = open_map()
    seen.page.locator(".entry-name", has_text="cross").click()
    rows = np.flatnonzero(seen.data.test_labels == 2).tolist()
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("l")
    box = seen.box
    seen.drag(
        (box["x"] + 60, box["y"] + 4),
        (box["x"] + box["width"] - 60, box["y"] + 4),
        (box["x"] + box["width"] - 60, box["y"] + box["height"] - 4),
        (box["x"] + 60, box["y"] + box["height"] - 4),
    )
    assert seen.selected() == rows
    seen.page.keyboard.press("Escape")
    assert seen.selected() == []
    seen.page.keyboard.press("ControlOrMeta+a")
    assert seen.selected() == rows


def test_escape_goes_one_step_back_at_a_time(open_map):
    """The shape being drawn, the card, the selection, the pins; at last out of the map."""
    seen = open_map()
    page, row = seen.page, seen.lonely()
    page.mouse.click(*seen.places()[row])
    seen.wait_for("pinned", str(row))
    page.locator(".stage").focus()
    page.keyboard.press("ControlOrMeta+a")
    seen.wait_for("selected", "80")
    page.keyboard.press("l")
    middle = middle_of(seen)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(*middle + 60, steps=3)
    assert page.locator(".shape .line").get_attribute("points")
    page.keyboard.press("Escape")
    assert page.locator(".shape .line").get_attribute("points") is None
    page.mouse.up()
    assert seen.said["selected"] == "80"
    page.keyboard.press("ArrowRight")
    assert "hoverId" in seen.said
    page.keyboard.press("Escape")
    assert ("hoverId" in seen.said, seen.said["selected"]) == (False, "80")
    page.keyboard.press("Escape")
    assert (seen.said["selected"], seen.said["pinned"]) == ("0", str(row))
    page.keyboard.press("Escape")
    assert seen.said["pinned"] == ""
    assert page.locator(".stage").evaluate("(stage) => stage.matches(':focus')")
    page.keyboard.press("Escape")
    assert not page.locator(".stage").evaluate("(stage) => stage.matches(':focus')")


def test_keys_do_what_the_help_says(open_map):
    """S selects, + and 0 zoom, I and G and the tools switch; ? lists them all and gives back the focus."""
    seen = open_map()
    page = seen.page
    page.locator(".stage").focus()
    page.keyboard.press("ArrowRight")
    row = seen.said["hoverId"]
    page.keyboard.press("s")
    assert seen.selected() == [int(row)]
    page.keyboard.press("+")
    page.wait_for_selector('.stage[data-zoomed="true"]')
    page.keyboard.press("0")
    page.wait_for_selector('.stage[data-zoomed="false"]')
    page.keyboard.press("i")
    assert page.locator('[data-do="images"]').get_attribute("aria-pressed") == "false"
    page.keyboard.press("g")
    assert page.locator('input[value="grid"]').is_checked()
    page.keyboard.press("g")
    assert page.locator('input[value="scatter"]').is_checked()
    for key, name in (("b", "Select a box"), ("l", "Select with a lasso"), ("v", "Move the map")):
        page.keyboard.press(key)
        assert page.get_by_role("button", name=name, pressed=True).is_visible()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys and gestures")
    help_.wait_for()
    page.keyboard.press("Escape")
    help_.wait_for(state="hidden")
    assert page.locator(".stage").evaluate("(stage) => stage.matches(':focus')")
    assert seen.tab.complaints == []


def test_the_map_fills_the_screen_and_comes_back(open_map):
    """The browser's full screen; where it is refused, the whole window, which Escape leaves."""
    seen = open_map()
    before = seen.box
    button = seen.page.get_by_role("button", name="Full screen")
    button.click()
    seen.page.wait_for_selector('.lb-map[data-full="screen"]')
    assert seen.box["height"] > before["height"] + 40
    button.click()
    seen.page.wait_for_selector(".lb-map:not([data-full])")
    refusal = (
        "() => { Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('refused')); }"
    )
    seen.page.evaluate(refusal)
    button.click()
    seen.page.wait_for_selector('.lb-map[data-full="window"]')
    box = seen.page.locator(".lb-map").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1280, 860)
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_selector(".lb-map:not([data-full])")
    assert seen.box == before


class Fingers:
    """Move fingers over an open map."""

    def __init__(self, seen) -> None:
        self.page = seen.page
        self.session = seen.page.context.new_cdp_session(seen.page)

    def move(self, *paths: list[tuple[float, float]]) -> None:
        """Put down a finger for each path, move them along, lift them."""
        for step, places in enumerate(zip(*paths, strict=True)):
            fingers = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
            self._send("touchMove" if step else "touchStart", fingers)
            self.page.wait_for_timeout(16)
        self._send("touchEnd", [])
        self.page.wait_for_timeout(50)

    def _send(self, kind: str, fingers: list[dict[str, float]]) -> None:
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


@pytest.fixture
def phone(open_map):
    """A map on a phone, and fingers."""
    seen = open_map(width=390, height=800, has_touch=True, is_mobile=True)
    return seen, Fingers(seen)


def test_one_finger_draws_a_lasso_and_two_move(phone):
    """With the lasso tool; the second finger of a pinch gives up the shape, and zooms."""
    seen, fingers = phone
    seen.page.get_by_role("button", name="Select with a lasso").tap()
    middle, radius = middle_of(seen), 90
    fingers.move(ring(middle, radius))
    rows = set(seen.selected())
    assert rows
    assert set(within(seen.places(), middle, radius - 6)) <= rows
    assert rows <= set(within(seen.places(), middle, radius + 6))
    steps = range(8)
    x, y = middle
    fingers.move([(x - 20 - 8 * step, y) for step in steps], [(x + 20 + 8 * step, y) for step in steps])
    seen.page.wait_for_selector('.stage[data-zoomed="true"]')
    assert set(seen.selected()) == rows


def test_fingers_add_and_take_away_too(phone):
    """Where there is no shift key, buttons by the lasso; a tap adds one point; the pointing tool forgets it."""
    seen, fingers = phone
    page, row = seen.page, seen.lonely()
    page.get_by_role("button", name="Add to the selection").wait_for(state="hidden")
    page.get_by_role("button", name="Select with a lasso").tap()
    fingers.move(ring(middle_of(seen) - [40, 0], 50))
    first = set(seen.selected())
    page.get_by_role("button", name="Add to the selection").tap()
    fingers.move(ring(middle_of(seen) + np.array([40, 0]), 60))
    union = set(seen.selected())
    assert first < union
    page.touchscreen.tap(*seen.places()[row])
    assert set(seen.selected()) == union | {row}
    page.get_by_role("button", name="Take from the selection").tap()
    fingers.move(ring(middle_of(seen) - [40, 0], 58))
    assert set(seen.selected()) < union - first | {row}
    page.get_by_role("button", name="Move the map").tap()
    page.touchscreen.tap(*seen.places()[row])
    assert seen.said["hoverId"] == str(row)


def test_a_finger_moves_the_map_and_not_the_page(phone):
    """At home and zoomed: the map has the window, there is nothing to pass it for."""
    seen, fingers = phone
    for zoomed in (False, True):
        x, y = middle_of(seen)
        if zoomed:
            seen.page.get_by_role("button", name="Zoom in").tap()
            seen.page.wait_for_timeout(800)
        before = (seen.scroller.evaluate(SCROLLED), seen.hash)
        fingers.move([(x, y - 8 * step) for step in range(10)])
        seen.page.wait_for_timeout(600)
        assert seen.scroller.evaluate(SCROLLED) == before[0]
        assert seen.hash != before[1]


def test_two_taps_pin(phone):
    """The first tap shows the card, the second pins it, one elsewhere puts the card away."""
    seen, _ = phone
    row = seen.lonely()
    seen.page.touchscreen.tap(*seen.places()[row])
    assert (seen.said["hoverId"], seen.said["pinned"]) == (str(row), "")
    seen.page.touchscreen.tap(*seen.places()[row])
    seen.wait_for("pinned", str(row))
