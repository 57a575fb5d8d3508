"""Images that another C fixes or breaks are counted, marked and filtered on the map: those that brute force finds."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.figures.palette import CORRECT, WRONG
from tests.browser.map.test_map_faithfulness import apart
from tests.planted import linear

pytestmark = [pytest.mark.browser, pytest.mark.slow]

C = 0.001
ROUND = """(canvas, [left, top]) => {
  const ratio = canvas.width / canvas.clientWidth;
  const { data } = canvas.getContext("2d").getImageData((left - 7) * ratio, (top - 7) * ratio, 14 * ratio, 14 * ratio);
  const found = new Set();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 255) found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  }
  return [...found];
}"""


def flipped(seen) -> tuple[np.ndarray, np.ndarray]:
    """Say which images C fixes and breaks, by looking at both answers."""
    data = seen.data
    two = data.own_predictions, data.predictions(linear(C))
    own, here = (said.predicted == data.test_labels for said in two)
    return here & ~own, own & ~here


def inks(seen, row: int) -> list[int]:
    """List the opaque colours drawn round a point."""
    box = seen.box
    place = seen.places()[row] - [box["x"], box["y"]]
    return seen.page.locator("canvas.marks").evaluate(ROUND, place.tolist())


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_flips_is_counted_marked_and_listed(open_map, dark):
    """No mark until somebody asks; then only these are lit and listed, each with its mark; the link says so."""
    seen = open_map(query=f"&C={C}", dark=dark)
    sets = dict(zip(("fixed", "broke"), flipped(seen), strict=True))
    bar = seen.page.locator(".flips")
    bar.wait_for()
    assert bar.get_by_text(f"Against C = {seen.data.run.C:g}").is_visible()
    rows = apart(seen, 16)
    assert not any(inks(seen, row) for row in rows)
    colours = {kind: int(colour[1:], 16) for kind, colour in {"fixed": CORRECT, "broke": WRONG}.items()}
    for kind, flips in sets.items():
        toggle = bar.locator(f'[data-kind="{kind}"]')
        assert toggle.inner_text().split() == ["▲▼"[kind == "broke"], str(flips.sum()), kind]
        toggle.click()
        seen.wait_for("lit", str(flips.sum()))
        for row in rows:
            assert (colours[kind] in inks(seen, row)) == flips[row]
        seen.wait_for("listed", str(flips.sum()))
        seen.page.wait_for_function("(kind) => location.search.includes(`flips=${kind}`)", arg=kind)
        toggle.click()
        seen.wait_for("lit", "80")
    for toggle in bar.get_by_role("button").all():
        toggle.click()
    seen.wait_for("lit", str(sum(flips.sum() for flips in sets.values())))
    again = open_map(query=f"&C={C}#flips=both", dark=dark)
    again.wait_for("lit", str(sum(flips.sum() for flips in sets.values())))
    assert seen.tab.complaints == []


def test_at_the_baseline_nothing_flips(open_map):
    """No toggles there; and a link that asks for flips shows all images."""
    seen = open_map(query="#flips=both")
    seen.page.wait_for_selector(".lb-map[data-parts=ready]")
    assert not seen.page.locator(".flips").is_visible()
    assert seen.said["lit"] == "80"


MARKS = """async ({ drawOverlay }, { n, zoom }) => {
  const { Camera } = await import("/space/camera.js");
  const [x, y] = [4919, 7919].map((step) => Uint16Array.from({ length: n }, (_, i) => (i * step) % 65536));
  const camera = new Camera({ left: 0, right: 65535, bottom: 0, top: 65535 });
  camera.resize(600, 600);
  camera.zoomAt(300, 300, zoom);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 600;
  const looks = [{ shape: "up", colour: "#0000ff" }, { shape: "down", colour: "#ff0000" }];
  const marks = Array.from({ length: n }, (_, row) => ({ row, ...looks[row % 2] }));
  const context = canvas.getContext("2d");
  const stage = { places: { n, x, y }, camera, radius: 2, square: 0 };
  const inks = { text: "#000000", background: "#ffffff" };
  drawOverlay(context, { marks, rings: [], lines: [], outline: null }, stage, inks);
  const { data } = context.getImageData(0, 0, 600, 600);
  const counts = { black: 0, blue: 0, red: 0 };
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 255) continue;
    const [r, g, b] = data.slice(i, i + 3);
    if (!r && !g && !b) counts.black++;
    if (!r && !g && b === 255) counts.blue++;
    if (r === 255 && !g && !b) counts.red++;
  }
  return counts;
}"""


def test_many_marks_are_small_and_have_no_edge_until_one_zooms_in(run):
    """A thousand edges would hide the points; of few, each is larger and has one."""
    few, many = (run(MARKS, "render/overlay", {"n": n, "zoom": 1}) for n in (40, 1000))
    near = run(MARKS, "render/overlay", {"n": 1000, "zoom": 8})
    assert few["black"] > 0
    assert many["black"] == 0
    assert near["black"] > 0
    assert few["blue"] / 20 > 2 * many["blue"] / 500
    assert few["red"] > 0
