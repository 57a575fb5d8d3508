"""Colours that everybody can tell apart, on a light and on a dark page."""

from __future__ import annotations

import re
import tomllib

import numpy as np
import pytest

from pipeline.colours.palette import FAMILIES, PALETTE
from pipeline.colours.sight import SIGHTS, distances, hues, linear


def nearest(colours, sight):
    """The smallest distance between two of the colours."""
    apart = distances(colours, sight)
    return apart[~np.eye(len(colours), dtype=bool)].min()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stand_out_from_both_pages(project, theme):
    """All have a contrast of at least 3:1 with the background that Streamlit draws (WCAG 2.2, 1.4.11)."""
    settings = tomllib.loads((project / "dashboard" / ".streamlit" / "config.toml").read_text())
    page = settings["theme"][theme]["backgroundColor"]
    light = linear([*PALETTE, page]) @ [0.2126, 0.7152, 0.0722] + 0.05
    contrast = np.maximum(light[:-1], light[-1]) / np.minimum(light[:-1], light[-1])
    assert contrast.min() >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_ten_classes_stay_apart_for_every_sight(sight):
    """No two of the first ten colours look alike, also without red, green or blue cones."""
    assert nearest(PALETTE[:10], sight) > 0.078


@pytest.mark.parametrize("sight", SIGHTS)
def test_twenty_classes_stay_apart(sight):
    """With normal sight all twenty can be told apart; without some cones they are twenty still."""
    assert nearest(PALETTE, sight) > (0.065 if sight == "normal" else 0.033)


def test_hue_families_are_apart():
    """A family's two colours are nearer in hue to each other than to any of another, which are 20 degrees away."""
    angles = hues(PALETTE)
    apart = np.abs((angles[:, None] - angles + 180) % 360 - 180)
    family = np.arange(len(PALETTE)) % FAMILIES
    same = family[:, None] == family
    between = apart[:FAMILIES, :FAMILIES][~np.eye(FAMILIES, dtype=bool)]
    assert between.min() > 20
    assert apart[same].max() < 10
    assert apart[~same].min() > apart[same].max()


def test_the_first_are_the_farthest_apart():
    """Who takes a few from the beginning has very different hues."""
    first = np.sort(hues(PALETTE[:4]))
    assert np.diff(first, append=first[0] + 360).min() > 45


def test_colours_are_written_alike():
    """Twenty, each once."""
    assert len(set(PALETTE)) == len(PALETTE) == 2 * FAMILIES == 20
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in PALETTE)
