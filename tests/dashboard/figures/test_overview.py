"""The accuracy chart puts every number where it belongs."""

from __future__ import annotations

from dashboard.figures.overview import Accuracy, accuracy_chart


def test_a_bar_is_as_long_as_the_accuracy():
    """The scale starts at zero and ends at one."""
    html = accuracy_chart([Accuracy("This run", "", 0.7613, (0.7528, 0.7696))])
    assert "width:76.1300%" in html
    assert "left:75.2800%;width:1.6800%" in html
    assert "76.1%" in html


def test_a_reference_is_a_line_and_no_bar():
    """A number from elsewhere does not look like a measurement of ours."""
    html = accuracy_chart([Accuracy("Published", "", 0.59, kind="reference", text="about 59%")])
    assert "lb-bar" not in html
    assert html.count("left:59.0000%") == 2
    assert "about 59%" in html


def test_texts_are_escaped():
    """A model's name cannot put markup on the page."""
    html = accuracy_chart([Accuracy("<b>", "<script>", 0.5, text="<i>x")])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
