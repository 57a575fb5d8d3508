"""A cell for each point, near its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from pipeline.maps.grid_layout import grid_cells, grid_shape

FINITE = st.floats(-1e6, 1e6, width=32)
MAPS = arrays(np.float32, st.tuples(st.integers(0, 60), st.just(2)), elements=FINITE)
PILES = arrays(
    np.float32, st.tuples(st.integers(1, 60), st.just(2)), elements=st.sampled_from([0.0, 1.0, 5.0])
)


def scaled(positions, columns, rows):
    """Put positions on the grid's scale: both axes alike, centred, cell (0, 0) round (0, 0)."""
    exact = np.asarray(positions, dtype=np.float64)
    low, high = exact.min(axis=0), exact.max(axis=0)
    sides = [side / extent for side, extent in zip((columns, rows), high - low, strict=True) if extent > 0]
    middle = (np.array([columns, rows]) - 1) / 2
    return (exact - (low + high) / 2) * min(sides, default=0.0) + middle


def displacements(positions, columns, rows, cells):
    """Give the mean distance of points from their cells: ours, and the least there can be."""
    places = scaled(positions, columns, rows)
    distances = cdist(places, np.argwhere(np.ones((columns, rows))))
    best = distances[linear_sum_assignment(distances)].mean()
    return np.linalg.norm(places - cells, axis=1).mean(), best


@given(MAPS | PILES)
def test_everyone_has_a_cell_of_their_own(positions):
    """All cells are on the grid, and no two are the same, wherever the points are."""
    columns, rows, cells = grid_cells(positions)
    assert cells.shape == positions.shape
    assert np.all(cells >= 0)
    assert np.all(cells < (columns, rows))
    assert len(np.unique(cells, axis=0)) == len(positions)
    assert (columns, rows) == grid_shape(positions)


@settings(max_examples=60)
@given(MAPS.filter(len) | PILES)
def test_cells_are_nearly_as_near_as_can_be(positions):
    """The mean distance from a point to its cell is at most 1.3 times that of the best assignment there is."""
    mine, best = displacements(positions, *grid_cells(positions))
    assert mine <= 1.3 * best + 1e-6


@pytest.mark.parametrize("shape", ["normal", "uniform", "two piles", "line", "blobs", "outlier"])
def test_larger_maps_come_close_to_the_best(shape, rng):
    """With 300 points of any shape, a tenth above the least distance is the most that is lost."""
    centres = rng.normal(size=(8, 2)) * 2
    positions = {
        "normal": rng.normal(size=(300, 2)),
        "uniform": rng.random((300, 2)),
        "two piles": np.repeat([[0.0, 0.0], [1.0, 1.0]], 150, axis=0),
        "line": np.stack([np.arange(300.0), np.zeros(300)], axis=1),
        "blobs": (centres[:, None] + rng.normal(size=(8, 38, 2)) * 0.3).reshape(-1, 2),
        "outlier": np.concatenate([rng.normal(size=(299, 2)), [[99.0, 99.0]]]),
    }[shape]
    mine, best = displacements(positions, *grid_cells(positions))
    assert mine <= 1.1 * best + 1e-6


def test_the_same_map_gets_the_same_grid(rng):
    """Nothing is left to chance."""
    positions = rng.normal(size=(200, 2)).round(1)
    assert np.array_equal(grid_cells(positions)[2], grid_cells(positions.copy())[2])


def test_a_map_keeps_its_shape(rng):
    """Left stays left and up stays up; what lies together stays together."""
    positions = np.concatenate(
        [rng.normal(size=(100, 2)) * 0.2 + centre for centre in ((0, 0), (4, 0), (0, 3))]
    )
    columns, rows, cells = grid_cells(positions)
    first, right, above = (cells[i : i + 100] for i in (0, 100, 200))
    assert first[:, 0].max() < right[:, 0].min()
    assert first[:, 1].max() < above[:, 1].min()
    assert columns > rows


def test_some_cells_stay_free(rng):
    """A grid that was full would be a plain rectangle."""
    columns, rows, _ = grid_cells(rng.normal(size=(1_000, 2)))
    assert 1_500 < columns * rows < 1_800


def test_points_on_a_line_get_a_band():
    """Upright or flat: no side is longer than eight times the other, but for rounding."""
    line = np.stack([np.arange(400.0), np.zeros(400)], axis=1)
    assert grid_shape(line) == (73, 10)
    columns, rows = grid_shape(line[:, ::-1])
    assert rows > 7 * columns


@pytest.mark.parametrize(
    "bad", [np.array([[0.0, np.nan]]), np.array([[np.inf, 0.0]]), np.zeros((3, 3)), np.zeros(4)]
)
def test_what_is_no_map_is_refused(bad):
    """A projection that did not converge is not laid out as if it had."""
    with pytest.raises(ValueError, match="finite, with shape"):
        grid_cells(bad)
