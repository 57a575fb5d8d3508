"""The colours of the figures: readable in the light and in the dark."""

import numpy as np
import pytest

from dashboard.figures.theme import DARK, LIGHT, blend, contrast, ink, theme

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_that_of_the_guidelines():
    """Black on white is 21 to 1, a colour on itself 1 to 1, and mid grey as published."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_blend_goes_from_one_end_to_the_other():
    """No share is the first colour, all of it the second, half of it halfway."""
    assert blend("#000000", "#ff8040", 0) == "#000000"
    assert blend("#000000", "#ff8040", 1) == "#ff8040"
    assert blend("#000000", "#ff8040", 0.5) == "#804020"


@BOTH
def test_words_are_readable_on_the_page(colours):
    """Text and secondary text have at least the 4.5 to 1 that the guidelines ask for."""
    assert min(contrast(colour, colours.paper) for colour in (colours.text, colours.muted)) >= 4.5


@BOTH
def test_curves_and_marks_stand_out_from_the_page(colours):
    """What is drawn has at least the 3 to 1 that the guidelines ask of graphics."""
    drawn = (colours.train, colours.test, colours.validation, colours.chosen, colours.wrong)
    assert min(contrast(colour, colours.paper) for colour in drawn) >= 3


@BOTH
def test_numbers_are_readable_on_every_shade_of_the_matrix(colours):
    """Ink is chosen so that no cell's number has less than 4.5 to 1."""
    shades = [blend(colours.empty, colours.wrong, share) for share in np.linspace(0, 1, 101)]
    assert min(contrast(ink(shade), shade) for shade in [*shades, colours.right]) >= 4.5


def test_dark_and_light_are_told_apart():
    """A dark page gets the dark colours."""
    assert (theme(dark=True), theme(dark=False)) == (DARK, LIGHT)
