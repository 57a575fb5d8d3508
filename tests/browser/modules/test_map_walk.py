"""Where the arrow keys lead, compared with brute force."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.browser

WALK = """async (walk, { x, y, starts, direction, refused }) => {
  const { PointIndex } = await import("/space/point_index.js");
  const grid = new PointIndex(Uint16Array.from(x), Uint16Array.from(y));
  return starts.map((row) => walk.nextInDirection(grid, row, ...direction, (other) => other % 5 !== refused));
}"""


def expected(
    x: np.ndarray, y: np.ndarray, start: int, direction: tuple[int, int], accepted: np.ndarray
) -> int:
    """Find the next row by looking at all of them."""
    (dx, dy), rows = direction, np.arange(len(x))
    right, up = x - x[start], y - y[start]
    along, across = right * dx + up * dy, abs(right * dy) + abs(up * dx)
    same = (right == 0) & (up == 0) & accepted
    onwards = rows[same & (rows > start)] if dx + dy > 0 else rows[same & (rows < start)][::-1]
    if len(onwards):
        return int(onwards[0])
    for way in (across <= along, across > along):
        cost = np.where(way & (along > 0) & accepted, along**2 + 4 * across**2, np.inf)
        if np.isfinite(cost).any():
            return int(cost.argmin())
    return -1


@pytest.mark.parametrize("direction", [(1, 0), (-1, 0), (0, 1), (0, -1)])
@pytest.mark.parametrize("n", [1, 2, 30, 3_000])
@pytest.mark.parametrize("coarse", [1, 512])
def test_a_walk_goes_to_the_nearest_point_ahead(run, rng, direction, n, coarse):
    """Within 45 degrees if anything is there, else anything ahead; piles are stepped through in order."""
    x, y = rng.integers(0, 65_536, (2, n)).astype(int) // coarse * coarse
    starts = rng.integers(0, n, 60).tolist()
    said = {"x": x.tolist(), "y": y.tolist(), "starts": starts, "direction": direction, "refused": 2}
    accepted = np.arange(n) % 5 != 2
    assert run(WALK, "input/arrow_keys", said) == [
        expected(x, y, start, direction, accepted) for start in starts
    ]


def test_every_point_of_a_pile_can_be_reached(run):
    """All points in one place: right steps through them in order, left steps back, and both end."""
    place, everyone = [32_768] * 5, -1
    for direction, follow in (((1, 0), [1, 2, 3, 4, -1]), ((-1, 0), [-1, 0, 1, 2, 3])):
        said = {
            "x": place,
            "y": place,
            "starts": [0, 1, 2, 3, 4],
            "direction": direction,
            "refused": everyone,
        }
        assert run(WALK, "input/arrow_keys", said) == follow
