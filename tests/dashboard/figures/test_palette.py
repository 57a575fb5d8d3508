"""Colours that everybody can tell apart."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dashboard.figures.palette import CORRECT, WRONG, class_colours, kept_scale, margin_scale

PAGE = {False: "#FFFFFF", True: "#0F1216"}
SIGHT = {  # Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(colours):
    """Turn ``#RRGGBB`` into linear red, green, blue."""
    values = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(colour, page):
    """Measure as WCAG 2.2 does, 1 to 21."""
    light, dark = sorted((linear([colour, page]) @ [0.2126, 0.7152, 0.0722]), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def oklab(rgb):
    """Ottosson 2020: distances in Oklab are about as the eye sees them."""
    cones = np.cbrt(np.clip(rgb, 0, 1) @ np.array(
        [[0.41222, 0.21190, 0.08830], [0.53633, 0.68070, 0.28172], [0.05145, 0.10740, 0.62998]]
    ))  # fmt: skip
    return cones @ np.array(
        [[0.21045, 1.97800, 0.02590], [0.79362, -2.42859, 0.78277], [-0.00407, 0.45059, -0.80868]]
    )


def nearest(colours, sight):
    """The smallest distance between two of the colours."""
    seen = oklab(np.clip(linear(colours) @ np.array(SIGHT[sight]).T, 0, 1))
    distances = np.linalg.norm(seen[:, None] - seen[None], axis=2)
    return distances[~np.eye(len(colours), dtype=bool)].min()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sight", SIGHT)
def test_ten_classes_stay_apart_for_every_sight(dark, sight):
    """No two of the first ten colours look alike, also without red, green or blue cones."""
    assert nearest(class_colours(10, dark), sight) > 0.08


@pytest.mark.parametrize("dark", [False, True])
def test_twenty_classes_stay_apart(dark):
    """Twenty classes can be told apart with normal sight."""
    assert nearest(class_colours(20, dark), "normal") > 0.09


@pytest.mark.parametrize("dark", [False, True])
def test_colours_stand_out_from_the_page(dark):
    """The first twenty, and right and wrong, have a contrast of at least 3:1 (WCAG 2.2, 1.4.11)."""
    colours = [*class_colours(20, dark), CORRECT[dark], WRONG[dark]]
    assert min(contrast(colour, PAGE[dark]) for colour in colours) >= 3


@pytest.mark.parametrize("dark", [False, True])
def test_a_class_keeps_its_colour_however_many_there_are(dark):
    """Colours depend on the class, not on the number of classes."""
    many = class_colours(200, dark)
    assert all(class_colours(n, dark) == many[:n] for n in (0, 1, 7, 10, 21, 50))
    assert len(set(many)) == 200
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in many)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sight", SIGHT)
def test_right_and_wrong_are_never_the_same(dark, sight):
    """Outcomes, and the ends of the margin scale, are far apart for every sight."""
    scale = margin_scale(dark)
    assert nearest([CORRECT[dark], WRONG[dark]], sight) > 0.15
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
