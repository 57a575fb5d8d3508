"""The map coloured by how many neighbours it keeps: the colours, the legend and the card are the store's numbers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dashboard.figures.palette import kept_scale
from dashboard.run.data import colours_of
from tests.browser.map_page import ONLY_IN_THE_APP, colour_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MODE = '.modes input[value="faithfulness"]'
FILE = "**/lazybones/faithfulness/**"
INK = """(canvas, [left, top]) => {
  const ratio = canvas.width / canvas.clientWidth;
  return [...canvas.getContext("2d").getImageData(left * ratio, top * ratio, 1, 1).data.slice(0, 3)];
}"""
BARS = "(bars) => bars.map((bar) => parseFloat(bar.style.height) || 0)"


def kept(seen) -> np.ndarray:
    """How many of its neighbours each image keeps, int (n,)."""
    return seen.data.artefact("faithfulness").array("preserved").astype(int)


def apart(seen, pixels: float = 14) -> list[int]:
    """Find the points that no other one covers."""
    places = seen.places()
    distances = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    return np.flatnonzero(distances.min(axis=1) > pixels).tolist()


def ink(seen, row: int) -> list[int]:
    """Read the colour in the middle of a point."""
    box = seen.box
    place = seen.places()[row] - [box["x"], box["y"]]
    return seen.page.locator("canvas.points").evaluate(INK, place.tolist())


def paint(value: int, dark: bool) -> np.ndarray:
    """Say what colour a number of 20 has, by linear interpolation between the stops."""
    stops = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in kept_scale(dark)])
    return np.array([np.interp(value / 20 * (len(stops) - 1), range(len(stops)), part) for part in stops.T])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_points_have_the_colour_of_the_neighbours_they_keep(open_map, dark):
    """Each point that lies alone; the legend's bars are the counts, and its words say what the ends mean."""
    seen = open_map(dark=dark)
    colour_by(seen.page, "Faithfulness")
    seen.wait_for("colour", "faithfulness")
    rows = apart(seen)
    assert len(rows) > 5
    for row in rows:
        assert ink(seen, row) == pytest.approx(paint(kept(seen)[row], dark), abs=3)
    counts = np.bincount(kept(seen), minlength=21)
    heights = seen.page.locator(".legend .histogram span").evaluate_all(BARS)
    assert heights == pytest.approx(np.where(counts, np.maximum(counts / counts.max() * 100, 4), 0), abs=0.1)
    ends = seen.page.locator(".legend .ends span").all_inner_texts()
    assert (ends[0], ends[-1]) == ("far away, 0", "near, 20")
    assert seen.tab.complaints == []


def test_nobody_fetches_it_who_does_not_choose_it(open_map):
    """Not with the map; once when it is chosen; and a link to it opens with it."""
    seen = open_map()
    asked = []
    seen.page.on("request", lambda request: asked.append(request.url))
    seen.page.wait_for_selector(".lb-map[data-parts=ready]")
    for _ in range(2):
        colour_by(seen.page, "Faithfulness")
        seen.wait_for("colour", "faithfulness")
        colour_by(seen.page, "True class")
        seen.wait_for("colour", "true")
    assert sum("/faithfulness/" in url for url in asked) == 1
    linked = open_map(query="#colour=faithfulness&pin=3")
    assert linked.said["colour"] == "faithfulness"
    assert linked.page.locator(MODE).is_checked()
    line = linked.page.locator('.pin [data-line="kept"]')
    line.wait_for()
    assert line.inner_text().split() == ["Neighbours", "kept", *f"{kept(linked)[3]} of 20".split()]


def test_a_run_without_it_has_no_such_colour(open_map):
    """No button, and a link to it shows the true classes."""
    seen = open_map("nan", "&colour=faithfulness#colour=faithfulness")
    assert seen.said["colour"] == "true"
    assert seen.page.locator(".modes label").count() == 4


@ONLY_IN_THE_APP
def test_a_file_that_fails_is_said(open_map):
    """The map goes back to the true classes, with the reason."""
    seen = open_map()
    answer = {"status": 500, "body": "Try: python -m pipeline verify", "content_type": "text/plain"}
    seen.page.route(FILE, lambda route: route.fulfill(**answer))
    colour_by(seen.page, "Faithfulness")
    seen.page.locator(".notice", has_text="faithfulness could not be loaded. Try: python").wait_for()
    assert seen.said["colour"] == "true"
    assert seen.page.locator('.modes input[value="true"]').is_checked()
    assert seen.pixels().get(int(colours_of(seen.data)[0][1:], 16), 0) > 20


def test_two_pinned_cards_say_it_on_a_line_of_its_own(open_map):
    """No line of a card lies over another, and those of both cards are level."""
    seen = open_map(query="#colour=faithfulness&pin=3.5")
    seen.page.locator('.pin [data-line="kept"]', has_text="of 20").nth(1).wait_for()
    cards = [
        [line.bounding_box() for line in card.locator(".pin-line:visible").all()]
        for card in seen.page.locator(".pin").all()
    ]
    tops = [[line["y"] for line in lines] for lines in cards]
    assert tops[0] == pytest.approx(tops[1], abs=1)
    for lines in cards:
        for above, below in pairwise(lines):
            assert below["y"] >= above["y"] + above["height"] - 1
