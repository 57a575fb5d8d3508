"""Strangers: what the map puts beside a pinned image without its being near in feature space."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.run.data import neighbours_of
from dashboard.server.columns import quantise_positions

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FACES = "(tiles) => tiles.map((tile) => Number(tile.dataset.row))"


def nearest(positions: np.ndarray, row: int, count: int) -> list[int]:
    """Find the nearest rows by brute force; of equally near ones, the lowest numbers first."""
    squares = ((positions.astype(np.int64) - positions[row].astype(np.int64)) ** 2).sum(axis=1)
    order = np.argsort(squares, kind="stable")
    return order[order != row][:count].tolist()


@pytest.mark.parametrize(
    ("n", "spread", "count"), [(1, 9, 20), (15, 9, 20), (300, 4, 20), (2_000, 65_535, 7), (50, 9, 0)]
)
def test_nearest_on_the_map_are_those_of_brute_force(run, rng, n, spread, count):
    """Also where there are fewer than were asked for, and where many lie at one place."""
    positions = rng.integers(0, spread + 1, (n, 2))
    argument = {"x": positions[:, 0].tolist(), "y": positions[:, 1].tolist(), "row": n // 2, "count": count}
    got = run(
        """({ nearestRows }, { x, y, row, count }) =>
          nearestRows({ n: x.length, x: Uint16Array.from(x), y: Uint16Array.from(y) }, row, count)""",
        "cards/false_neighbours",
        argument,
    )
    assert got == nearest(positions, n // 2, count)


def test_strangers_are_told_and_shown_when_asked_for(open_map):
    """Counted in words; their faces and dashed rings with one button, which is remembered for the next pin."""
    seen = open_map(query="#pin=9")
    seen.page.locator(".near-beside").wait_for()
    positions = quantise_positions(seen.data.artefact("projection").array("test"))

    def expected(row: int) -> list[int]:
        friends = set(neighbours_of(seen.data, row)[0].tolist())
        return [other for other in nearest(positions, row, 20) if other not in friends]

    words = f"{len(expected(9))} of the 20 nearest on the map are not among the 20 nearest in feature space."
    assert seen.page.locator(".near-beside").inner_text() == words
    assert seen.page.locator(".near-faces .near-tile").count() == 0
    before = seen.page.locator("canvas.marks").evaluate("(canvas) => canvas.toDataURL()")
    seen.page.locator(".near-strangers").click()
    faces = seen.page.locator(".near-faces .near-tile")
    faces.first.wait_for()
    assert faces.evaluate_all(FACES) == expected(9)
    assert seen.page.locator("canvas.marks").evaluate("(canvas) => canvas.toDataURL()") != before
    faces.first.click()
    seen.wait_for("pinned", f"9.{expected(9)[0]}")
    seen.page.locator(f'.pin[data-row="{expected(9)[0]}"]').wait_for()
    seen.page.locator(".near-beside").wait_for()
    seen.page.wait_for_timeout(800)
    assert faces.evaluate_all(FACES) == expected(expected(9)[0])
    assert seen.tab.complaints == []
