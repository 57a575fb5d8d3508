"""Lasso and sets of rows, compared with brute force in numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.browser.map_page import even_odd

pytestmark = pytest.mark.browser
RELAXED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

INSIDE = """async (polygon, { x, y, shape }) => {
  const { PointIndex } = await import("/space/point_index.js");
  return Array.from(polygon.insideMask(new PointIndex(Uint16Array.from(x), Uint16Array.from(y)), shape));
}"""


@RELAXED
@given(
    number=st.integers(0, 2**32 - 1),
    n=st.sampled_from([1, 3, 60, 900, 4000]),
    vertices=st.integers(3, 60),
    coarse=st.sampled_from([1, 512, 8192]),
    spread=st.sampled_from([0.05, 0.4, 1.5]),
)
def test_a_lasso_holds_what_brute_force_says(run, number, n, vertices, coarse, spread):
    """Self-crossing outlines, points on edges and corners, outlines that leave the map: the even-odd rule decides."""
    rng = np.random.default_rng(number)
    x, y = rng.integers(0, 65_536, (2, n)) // coarse * coarse
    middle = rng.integers(0, 65_536, 2)
    polygon = (middle + rng.normal(size=(vertices, 2)) * 65_536 * spread).astype(int) // coarse * coarse
    polygon = np.clip(polygon, -200_000, 300_000)
    got = run(INSIDE, "space/polygon", {"x": x.tolist(), "y": y.tolist(), "shape": polygon.ravel().tolist()})
    assert np.flatnonzero(got).tolist() == np.flatnonzero(even_odd(x, y, polygon)).tolist()


@pytest.mark.parametrize("shape", ["flat", "upright", "dot"])
def test_a_lasso_without_area_holds_nothing(run, shape):
    """Lines and dots select nothing, not even what lies on them."""
    x = y = np.arange(0, 65_536, 257)
    polygon = {
        "flat": [0, 257, 65_535, 257, 900, 257],
        "upright": [257, 0, 257, 9, 257, 65_000],
        "dot": [257] * 6,
    }
    got = run(INSIDE, "space/polygon", {"x": x.tolist(), "y": y.tolist(), "shape": polygon[shape]})
    assert sum(got) == 0


@RELAXED
@given(number=st.integers(0, 2**32 - 1), count=st.integers(3, 400), most=st.sampled_from([8, 50, 500]))
def test_a_simpler_outline_keeps_the_shape(run, number, count, most):
    """Ends stay, nothing new is made up, and no dropped vertex is farther away than allowed, if there is no limit."""
    rng = np.random.default_rng(number)
    points = np.cumsum(rng.normal(size=(count, 2)) * 4, axis=0)
    got = run(
        "(polygon, { points, most }) => polygon.simplify(points, 0.7, most)",
        "space/polygon",
        {"points": points.ravel().tolist(), "most": most},
    )
    kept = np.reshape(got, (-1, 2))
    assert len(kept) <= most
    assert {*map(tuple, kept)} <= {*map(tuple, points)}
    assert (kept[0] == points[0]).all()
    assert (kept[-1] == points[-1]).all()
    if most == 500:
        assert max(distance_to_line(point, kept) for point in points) <= 0.7 + 1e-9


def distance_to_line(point: np.ndarray, line: np.ndarray) -> float:
    """Find how far a point is from the nearest segment."""
    steps = np.diff(line, axis=0)
    share = ((point - line[:-1]) * steps).sum(axis=1) / np.maximum((steps**2).sum(axis=1), 1e-12)
    nearest = line[:-1] + np.clip(share, 0, 1)[:, None] * steps
    return float(np.hypot(*(nearest - point).T).min())


@RELAXED
@given(
    number=st.integers(0, 2**32 - 1), n=st.integers(1, 70), mode=st.sampled_from(["replace", "add", "remove"])
)
def test_sets_of_rows_are_sets(run, number, n, mode):
    """Replace, add and remove, over lit rows only; as rows, as a mask and as bits it is one and the same set."""
    rng = np.random.default_rng(number)
    before, chosen, lit = rng.random((3, n)) < 0.5
    got = run(
        """(selection, { before, chosen, lit, mode, n }) => {
          const mask = (rows) => selection.maskWith(rows, n);
          const lights = mask(lit);
          const next = selection.combine(before && mask(before), mask(chosen), mode, lights);
          const selected = selection.selectedOf(next);
          const back = selection.maskOf(selection.bitsOf(next), n);
          return { rows: Array.from(selected?.rows ?? []), count: selected?.count ?? 0, back: Array.from(back) };
        }""",
        "state/selection",
        {
            "before": np.flatnonzero(before).tolist() if number % 5 else None,
            "chosen": [*np.flatnonzero(chosen).tolist(), n + 3],
            "lit": np.flatnonzero(lit).tolist(),
            "mode": mode,
            "n": n,
        },
    )
    was = before if number % 5 else np.zeros(n, bool)
    expected = {"replace": chosen & lit, "add": was | (chosen & lit), "remove": was & ~(chosen & lit)}[mode]
    assert got["rows"] == np.flatnonzero(expected).tolist()
    assert got["count"] == expected.sum()
    assert got["back"] == expected.astype(int).tolist()
