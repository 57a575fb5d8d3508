"""Reading and writing C."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.wording.penalty import format_penalty, read_penalty
from pipeline.api import InvalidParameter


@pytest.mark.parametrize(
    ("C", "text"),
    [
        (0.1, "0.1"), (1.0, "1"), (100.0, "100"), (0.0001, "0.0001"), (0.000316227766017, "0.000316"),
        (3.16227766, "3.16"), (1234.5, "1234"), (99999.0, "99999"), (1e-6, "10⁻⁶"), (1e6, "10⁶"),
        (2.5e-5, "2.5 \N{MULTIPLICATION SIGN} 10⁻⁵"),
    ],
)  # fmt: skip
def test_format_is_short_and_without_computer_notation(C, text):
    """Three digits, plain where that is short, a power of ten where it is not."""
    assert format_penalty(C) == text


@pytest.mark.parametrize(
    ("text", "C"),
    [("0.03", 0.03), (" 1e-3 ", 0.001), ("0,5", 0.5), ("+2", 2.0), ("1e6", 1e6), ("0.000001", 1e-6)],
)
def test_what_people_type_is_read(text, C):
    """A decimal comma, an exponent and spaces are fine, and both ends of the range."""
    assert read_penalty(text) == C


@pytest.mark.parametrize(
    "text", ["", "abc", "0", "-1", "nan", "inf", "-inf", "1e-7", "1e7", "1 2", "1,000", "0x10", "1e999"]
)
def test_what_is_no_penalty_is_refused_in_words(text):
    """The message says what is allowed and what was found."""
    with pytest.raises(
        InvalidParameter, match=r"C must be a number from 0\.000001 to 1000000\. Got"
    ) as refusal:
        read_penalty(text)
    assert repr(text) in str(refusal.value)


def test_refusal_repeats_only_the_start_of_a_long_text():
    """Nobody's novel comes back in an error message."""
    with pytest.raises(InvalidParameter) as refusal:
        read_penalty("9" * 10_000)
    assert len(str(refusal.value)) < 200


@given(st.floats(1e-6, 1e6))
def test_typed_number_is_read_exactly(C):
    """What Python writes for a number is read as that number."""
    assert read_penalty(repr(C)) == C
