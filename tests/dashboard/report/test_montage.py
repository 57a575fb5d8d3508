"""Every part of a map is in its montage, and no image hides another."""

import numpy as np
import pytest

from dashboard.report.montage import laid_out


def test_few_images_are_all_there(rng):
    """Each in a cell of its own."""
    rows, cells = laid_out(rng.normal(size=(90, 2)), 100)
    assert rows.tolist() == list(range(90))
    assert len(np.unique(cells, axis=0)) == 90


@pytest.mark.parametrize("spread", ["dense", "loose"])
def test_of_many_each_part_of_the_map_has_some(rng, spread):
    """No more than asked for, each once, in cells of their own and where they lie: left of what is right of them."""
    places = rng.uniform(size=(5000, 2))
    if spread == "loose":
        places += 6 * rng.integers(0, 5, (5000, 1))  # islands in a row, so that most squares are empty
    rows, cells = laid_out(places, 200)
    assert 100 < len(rows) <= 200
    assert len(np.unique(rows)) == len(rows) == len(np.unique(cells, axis=0))
    for axis in (0, 1):
        assert np.corrcoef(places[rows, axis], cells[:, axis])[0, 1] > 0.9


@pytest.mark.parametrize("places", [np.ones((300, 2)), np.column_stack([np.arange(300.0), np.zeros(300)])])
def test_a_pile_and_a_line_have_a_montage(places):
    """However the map lies."""
    rows, cells = laid_out(places, 100)
    assert 1 <= len(rows) <= 100
    assert cells.shape == (len(rows), 2)
