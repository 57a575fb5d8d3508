"""A difference reads as words first, then as numbers."""

import pytest

from dashboard.statistics.intervals import Interval
from dashboard.wording.comparison import chance, gain_in_words
from dashboard.wording.numbers import p_value, points


@pytest.mark.parametrize(
    ("p", "text"),
    [(1.0, "could easily be chance (p = 1.00)"), (0.091, "could easily be chance (p = 0.091)"),
     (0.0499, "is unlikely to be chance (p = 0.050)"), (0.0042, "is unlikely to be chance (p = 0.004)"),
     (1e-12, "is unlikely to be chance (p < 0.001)")],
)  # fmt: skip
def test_verdict_is_a_plain_phrase(p, text):
    """People read words, then the number."""
    assert chance(p) == text
    assert p_value(p) in text


def test_points_have_a_sign_and_a_true_minus():
    """A change of nothing has no sign."""
    assert [points(share) for share in (0.0123, -0.0026, 0.0, -0.00001)] == [
        "+1.23",
        "\N{MINUS SIGN}0.26",
        "0.00",
        "0.00",
    ]
    assert gain_in_words(Interval(0.01, -0.002, 0.022)).startswith(
        "+1.00 points (95% interval \N{MINUS SIGN}0.20 to"
    )
