"""Images that another C fixes or breaks are ringed on the map: those that brute force finds."""

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
def test_rings_are_round_the_images_that_flip(open_map, dark):
    """Off until somebody asks; then each point that lies alone has the ring it should, or none; the link says so."""
    seen = open_map(query=f"&C={C}", dark=dark)
    fixed, broke = flipped(seen)
    toggle = seen.page.locator('[data-do="flips"]')
    toggle.wait_for()
    assert toggle.inner_text() == f"Flips ({fixed.sum() + broke.sum()})"
    said = f"against C = {seen.data.run.C:g}: {fixed.sum()} fixed, {broke.sum()} broke"
    assert toggle.get_attribute("title").startswith(said)
    rows = apart(seen, 16)
    assert any((fixed | broke)[rows])
    assert not any(inks(seen, row) for row in rows)
    toggle.click()
    right, wrong = (int(colour[dark][1:], 16) for colour in (CORRECT, WRONG))
    for row in rows:
        found = inks(seen, row)
        assert (right in found, wrong in found) == (fixed[row], broke[row])
    seen.page.wait_for_timeout(500)
    assert "flips=1" in seen.hash
    assert seen.tab.complaints == []


def test_there_is_no_button_at_the_baseline(open_map):
    """Nothing flips there; and a link that asks for rings shows none."""
    seen = open_map(query="#flips=1")
    seen.page.wait_for_selector(".lb-map[data-parts=ready]")
    assert not seen.page.locator('[data-do="flips"]').is_visible()


def test_of_too_many_the_clearest_are_ringed(run):
    """All where they are few; else those of the selection, the farthest from margin 0 first."""
    rng = np.random.default_rng(2)
    n, most = 60, 10
    steps, mask = rng.integers(0, 65_535, n), rng.integers(0, 2, n)
    rows = rng.permutation(n)[:40].tolist()
    call = """({ fewer }, { rows, steps, mask, most }) =>
      fewer(rows, mask && Uint8Array.from(mask), { margin: Uint16Array.from(steps), range: [-2, 3] }, most)"""
    asked = {"rows": rows, "steps": steps.tolist(), "mask": None, "most": most}
    far = np.abs(-2 + steps / 65_534 * 5)
    strongest = sorted(rows, key=lambda row: -far[row])
    assert run(call, "tools/flips", asked) == strongest[:most]
    expected = [row for row in strongest if mask[row]][:most]
    assert run(call, "tools/flips", {**asked, "mask": mask.tolist()}) == expected
    assert run(call, "tools/flips", {**asked, "most": 40}) == rows
