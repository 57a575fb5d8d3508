"""The margin of an image in words."""

import pytest

from dashboard.wording.margin import margin_words


@pytest.mark.parametrize(
    ("margin", "correct", "said"),
    [
        (0.38, True, "margin +0.38"),
        (-1.2, False, "margin \N{MINUS SIGN}1.20"),
        (0.38, False, "margin +0.38, outvoted"),
        (-0.02, True, "margin \N{MINUS SIGN}0.02, saved by votes"),
    ],
)
def test_a_sign_that_contradicts_the_outcome_is_explained(margin, correct, said):
    """The true class wins against its rival, and yet another has more votes; or the other way round."""
    assert margin_words(margin, correct=correct) == said
