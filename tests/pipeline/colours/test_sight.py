"""Distances between colours, as the eye has them."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.colours.sight import SIGHTS, distances, hues, linear, oklab


@pytest.mark.parametrize(
    ("colour", "expected"),
    [("#FFFFFF", (1, 0, 0)), ("#FF0000", (0.628, 0.225, 0.126)), ("#0000FF", (0.452, -0.032, -0.312))],
)
def test_coordinates_are_those_of_the_paper(colour, expected):
    """White, red and blue of sRGB in Oklab (Ottosson 2020)."""
    np.testing.assert_allclose(oklab(linear([colour]))[0], expected, atol=2e-3)


def test_hues_go_round():
    """Red, yellow, green, cyan, blue, pink."""
    around = hues(["#FF0000", "#FFFF00", "#00FF00", "#00FFFF", "#0000FF", "#FF00FF"])
    assert np.all(np.diff(around) > 0)


@pytest.mark.parametrize(
    ("sight", "one", "other"),
    [("protan", "#D40000", "#5C5C00"), ("deutan", "#C08000", "#8C9B00"), ("tritan", "#0096AA", "#009A6E")],
)
def test_who_lacks_cones_sees_less(sight, one, other):
    """Colours that differ by what a kind of cones sees are nearer without it."""
    assert distances([one, other], sight)[0, 1] < 0.6 * distances([one, other], "normal")[0, 1]


@pytest.mark.parametrize("sight", SIGHTS)
def test_distances_are_symmetric(sight):
    """A colour is at no distance from itself, and as far from another as that one from it."""
    apart = distances(["#112233", "#445566", "#778899"], sight)
    np.testing.assert_allclose(apart, apart.T)
    assert not np.diag(apart).any()
