"""Colours that everybody can tell apart."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.figures.palette import CORRECT, WRONG, kept_scale, margin_scale
from dashboard.figures.theme import contrast
from pipeline.colours.sight import SIGHTS, distances, linear

PAGE = {False: "#FFFFFF", True: "#0F1216"}


def nearest(colours, sight):
    """The smallest distance between two of the colours."""
    apart = distances(colours, sight)
    return apart[~np.eye(len(colours), dtype=bool)].min()


@pytest.mark.parametrize("dark", [False, True])
def test_right_and_wrong_stand_out_from_the_page(dark):
    """They have a contrast of at least 3:1 with both (WCAG 2.2, 1.4.11)."""
    assert min(contrast(colour, PAGE[dark]) for colour in (CORRECT, WRONG)) >= 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sight", SIGHTS)
def test_right_and_wrong_are_never_the_same(dark, sight):
    """Outcomes, and the ends of the margin scale, are far apart for every sight."""
    scale = margin_scale(dark)
    assert nearest([CORRECT, WRONG], sight) > 0.15
    assert nearest([scale[1], scale[-2]], sight) > 0.15


@pytest.mark.parametrize("dark", [False, True])
def test_the_margin_scale_is_quiet_in_the_middle(dark):
    """An odd number of stops: margin 0 has a colour of its own, and that one is nearly grey."""
    scale = margin_scale(dark)
    middle = linear([scale[len(scale) // 2]])[0]
    assert len(scale) % 2 == 1
    assert np.ptp(middle) < 0.1


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_torn_apart_stands_out(dark):
    """Contrast with the page falls from none kept to all, and never below what the eye sees."""
    weights = [0.2126, 0.7152, 0.0722]
    light = linear(kept_scale(dark)) @ weights
    page = (linear([PAGE[dark]]) @ weights)[0]
    contrast = (np.maximum(light, page) + 0.05) / (np.minimum(light, page) + 0.05)
    assert np.all(np.diff(contrast) < 0)
    assert contrast[-1] > 1.9
