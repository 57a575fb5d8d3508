"""Cells of many classes: a byte each, coloured as those of few."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dashboard.figures.cells import NUMBERS_UP_TO, errors_and_diagonal, numbers
from dashboard.figures.matrix import matrix_figure
from dashboard.figures.theme import LIGHT


def drawn(values):
    """Draw a matrix of many classes."""
    return errors_and_diagonal(values, numbers(values, str), LIGHT)


def test_each_cell_of_many_classes_is_a_byte(rng):
    """0 is nothing, 1 to 254 from no errors to the most, 255 the diagonal."""
    k = NUMBERS_UP_TO + 5
    values = rng.random((k, k))
    values[0, 1], values[2, 3], values[4, 5], values[6, 6] = 0, 2, np.nan, np.nan
    (trace,) = drawn(values)
    codes = np.array(trace.z)
    assert codes.dtype == np.uint8
    assert (codes[0, 1], codes[2, 3], codes[4, 5], codes[6, 6], codes[0, 0]) == (1, 254, 0, 0, 255)
    off = ~np.eye(k, dtype=bool) & ~np.isnan(values)
    np.testing.assert_allclose(codes[off], 1 + values[off] / 2 * 253, atol=0.5)
    stops = dict(trace.colorscale)
    assert stops[0.0] == "rgba(0,0,0,0)"
    assert stops[1.0] == LIGHT.right


@pytest.mark.parametrize("values", [np.full((30, 30), np.nan), np.zeros((30, 30))])
def test_nothing_known_and_no_errors_are_drawn(values):
    """Without a warning, and without a share of nothing."""
    (trace,) = drawn(values)
    off = np.array(trace.z)[~np.eye(30, dtype=bool)]
    assert set(off.tolist()) == {0 if np.isnan(values).all() else 1}


def test_a_thousand_classes_are_a_short_message(rng):
    """They were 47 MB, which the page's connection refuses, and took 440 MB and two minutes to write."""
    k = 1_000
    names = [f"class {i}" for i in range(k)]
    figure = matrix_figure(drawn(rng.random((k, k))), names, LIGHT, str, chosen=(None, None))
    assert len(figure.to_json()) < 2_000_000
    assert "bdata" in json.loads(figure.to_json())["data"][0]["z"]
