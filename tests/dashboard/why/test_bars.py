"""Evidence drawn with HTML."""

from dashboard.why.bars import Bar, bar_list, strip
from dashboard.why.evidence import Stop

NAMES = ("<b>cat</b>", "dog")
COLOURS = ("#112233", "#445566")


def test_names_are_texts_never_markup():
    """Whoever names a class cannot draw on the page."""
    drawn = bar_list([Bar(NAMES[0], COLOURS[0], 1.0, "3")], NAMES[0]) + strip(
        [Stop(0.1, 0)], 0, 1, NAMES, COLOURS
    )
    assert "<b>cat" not in drawn
    assert "&lt;b&gt;cat&lt;/b&gt;" in drawn


def test_bars_to_the_left_begin_in_the_middle():
    """A lost pair goes to the other side of a line; without one there is no line."""
    both = bar_list([Bar("a", "#000000", -0.5, "x"), Bar("b", "#000000", 1.0, "y")], "values")
    assert 'class="lb-bars both"' in both
    assert "margin-left:25.0%;width:25.0%" in both
    assert "margin-left:50.0%;width:50.0%" in both
    assert "both" not in bar_list([Bar("b", "#000000", 1.0, "y")], "values")


def test_the_strip_says_each_C_and_marks_the_one_in_use():
    """For eyes and screen readers: the class, whether it is right, and which C is in use."""
    drawn = strip([Stop(0.01, 1), Stop(0.1, 0)], 1, 1, NAMES, COLOURS)
    assert drawn.count("<li") == 2
    assert "C = 0.01: dog, right" in drawn
    assert "wrong, in use" in drawn
    assert drawn.count('aria-current="true"') == 1
