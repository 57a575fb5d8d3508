"""The change of a confusion matrix: what it shows, and what a click on it means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.cells import NUMBERS_UP_TO
from dashboard.figures.delta import delta_figure
from dashboard.figures.matrix import CLICKABLE_UP_TO
from dashboard.figures.theme import DARK, LIGHT, blend, contrast

NAMES = ["cat", "dog", "automobile"]
CAME = np.array([[5, 1, 0], [2, 0, 3], [0, 0, 0]])
WENT = np.array([[2, 4, 0], [2, 3, 0], [0, 0, 0]])


def shown(figure):
    """Give the numbers in the cells, joined over the traces, and the values below them."""
    cells = [trace for trace in figure.data if trace.type == "heatmap"]
    values = [np.array(trace.z, dtype=float) for trace in cells]
    assert (np.sum([~np.isnan(value) for value in values], axis=0) == 1).all()  # each cell is drawn once
    return np.sum([np.array(trace.text, dtype=object) for trace in cells], axis=0), np.nansum(values, axis=0)


def test_cells_show_the_signed_change():
    """With a true minus; nought where as many came as went; nothing where nothing moved."""
    texts, _ = shown(delta_figure(CAME, WENT, NAMES, LIGHT))
    minus = "\N{MINUS SIGN}"
    assert texts.tolist() == [["+3", f"{minus}3", ""], ["0", f"{minus}3", "+3"], ["", "", ""]]


@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_colour_says_better_or_worse(seed, k):
    """More on the diagonal is better, more beside it is worse: the colour is of the gain, not of the count."""
    came, went = np.random.default_rng(seed).integers(0, 20, (2, k, k))
    _, values = shown(delta_figure(came, went, [str(i) for i in range(k)], LIGHT))
    gain = np.where(np.eye(k, dtype=bool), came - went, went - came)
    assert np.array_equal(values, gain)
    for trace in delta_figure(came, went, [str(i) for i in range(k)], LIGHT).data[:3]:
        assert trace.zmax == -trace.zmin == max(1, np.abs(gain).max())


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_are_readable_on_their_own_cell(colours):
    """Whether better or worse, a little or much, a number has 4.4 to 1 or more to its cell."""
    k = 20
    came = np.arange(k * k).reshape(k, k)
    figure = delta_figure(came, came[::-1, ::-1], [str(i) for i in range(k)], colours)
    for trace in figure.data[:3]:
        values = np.array(trace.z)[~np.isnan(np.array(trace.z))] / trace.zmax
        ends = [trace.colorscale[2][1] if value > 0 else trace.colorscale[0][1] for value in values]
        shades = [blend(colours.empty, end, abs(value)) for end, value in zip(ends, values, strict=True)]
        assert min(contrast(trace.textfont.color, shade) for shade in shades) >= 4.4


def test_rim_counts_the_images_that_a_click_opens():
    """Rows: the images of a class whose answer changed; columns: those taken for it before or after."""
    rows, columns = delta_figure(CAME, WENT, NAMES, LIGHT).data[3:5]
    assert [*rows.text, *columns.text] == ["6", "5", "0", "11", "8", "3", "11"]


def test_targets_say_what_came_and_what_went():
    """Hover texts hold both counts and the change."""
    targets = delta_figure(CAME, WENT, NAMES, LIGHT).data[-1]
    said = {tuple(choice): text for choice, text in zip(targets.customdata, targets.text, strict=True)}
    assert said[0, 1] == "true cat, taken for dog: \N{MINUS SIGN}3<br>1 came, 4 went"
    assert said[1, -1] == "5 true dog<br>whose answer changed"
    assert said[-1, 2] == "taken for automobile: +3<br>3 came, 0 went"
    assert said[-1, -1] == "all 11 images whose answer changed"


def test_nothing_changed_can_be_drawn():
    """Two equal classifiers give an empty matrix, not a division by nought."""
    nothing = np.zeros((3, 3), int)
    assert set(shown(delta_figure(nothing, nothing, NAMES, LIGHT))[0].ravel()) == {""}


@pytest.mark.parametrize("k", [NUMBERS_UP_TO + 1, CLICKABLE_UP_TO + 1])
def test_many_classes_are_drawn_without_numbers(k):
    """Where nobody could read them; and beyond a hundred nothing can be clicked."""
    came = np.ones((k, k), int)
    figure = delta_figure(came, came, [f"class {i}" for i in range(k)], LIGHT)
    assert set(shown(figure)[0].ravel()) == {""}
    assert (figure.data[-1].customdata is None) == (k > CLICKABLE_UP_TO)


def test_names_are_never_markup():
    """A class called like a tag is written out."""
    written = delta_figure(CAME, WENT, ['<a href="javascript:alert(1)">x</a>', "b", "c"], LIGHT).to_json()
    assert "\\u003ca " not in written
    assert "<a " not in written


def test_counts_and_names_must_fit():
    """A matrix of another size is refused in words."""
    with pytest.raises(ValueError, match=r"came and went must have shape \(2, 2\)"):
        delta_figure(CAME, WENT, ["a", "b"], LIGHT)
