"""The confusion matrix: what it shows, and that a click anywhere means what lies there."""

import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.cells import NUMBERS_UP_TO
from dashboard.figures.confusion import confusion_figure, normalise_rows
from dashboard.figures.matrix import CLICKABLE_UP_TO
from dashboard.figures.theme import DARK, LIGHT, blend, contrast

NAMES = ["cat", "dog", "automobile"]
MATRIX = np.array([[8, 3, 0], [1, 4, 5], [0, 0, 0]])


@functools.cache
def draw(k):
    """Draw a matrix of k classes with a different count in each cell."""
    return confusion_figure(np.arange(k * k).reshape(k, k), [f"class {i}" for i in range(k)], LIGHT)


def clicked(figure, x, y, width=1.0, height=1.0):
    """Give the customdata of the target nearest to a point, as Plotly finds it, in pixels."""
    targets = figure.data[-1]
    distance = np.hypot((np.array(targets.x) - x) * width, (np.array(targets.y) - y) * height)
    return targets.customdata[int(np.argmin(distance))]


inside = st.floats(0.02, 0.98)
pixels = st.floats(8, 90)


@given(k=st.integers(2, 12), data=st.data(), dx=inside, dy=inside, width=pixels, height=pixels)
def test_click_anywhere_in_a_cell_means_that_cell(k, data, dx, dy, width, height):
    """Whatever the size and shape of the cells on the screen, no click goes to a neighbour."""
    true, predicted = data.draw(st.integers(0, k - 1)), data.draw(st.integers(0, k - 1))
    assert clicked(draw(k), predicted + dx, true + dy, width, height) == [true, predicted]


@given(k=st.integers(2, 12), data=st.data(), dy=inside, width=pixels, height=pixels)
def test_click_anywhere_on_a_name_means_its_row_or_column(k, data, dy, width, height):
    """Along the whole length of a name, and on the total at the other end."""
    figure, label = draw(k), data.draw(st.integers(0, k - 1))
    start, end = figure.layout.xaxis.range
    along = data.draw(st.floats(start, -0.02)), end - data.draw(st.floats(0, 0.98))
    for place in along:
        assert clicked(figure, place, label + dy, width, height) == [label, -1]
        assert clicked(figure, label + dy, place, width, height) == [-1, label]


def test_click_on_the_corners_means_everything():
    """The grand total and the blank corner stand for all images."""
    figure = draw(3)
    end = figure.layout.xaxis.range[1]
    assert clicked(figure, end - 0.5, end - 0.5) == [-1, -1]
    assert clicked(figure, -0.9, -0.9) == [-1, -1]


def test_targets_say_the_count_of_what_they_mean():
    """Hover texts hold the cell's, the row's and the column's own numbers."""
    targets = confusion_figure(MATRIX, NAMES, LIGHT).data[-1]
    said = {tuple(choice): text for choice, text in zip(targets.customdata, targets.text, strict=True)}
    assert said[0, 1] == "3 of 11 true cat<br>predicted dog"
    assert said[1, -1] == "10 true dog"
    assert said[-1, 2] == "5 predicted automobile"
    assert said[-1, -1] == "all 21 images"


def shown(figure):
    """Give the numbers in the cells, joined over the traces, and the values below them."""
    cells = [trace for trace in figure.data if trace.type == "heatmap"]
    texts = [np.array(trace.text, dtype=object) for trace in cells]
    values = [np.array(trace.z, dtype=float) for trace in cells]
    assert np.sum([~np.isnan(value) for value in values], axis=0).max() == 1  # no cell is drawn twice
    return np.sum(texts, axis=0), np.nansum(values, axis=0)


def test_cells_show_counts_and_leave_zeros_blank():
    """Every count is in its cell, over the right value."""
    texts, values = shown(confusion_figure(MATRIX, NAMES, LIGHT))
    assert texts.tolist() == [["8", "3", ""], ["1", "4", "5"], ["", "", ""]]
    assert np.array_equal(values, MATRIX)


def test_normalised_cells_show_per_cent_of_their_row():
    """Shares are rounded half up; what is under one per cent says so; a row without images is empty."""
    matrix = np.array([[1989, 10, 1], [27, 173, 0], [0, 0, 0]])
    texts, _ = shown(confusion_figure(matrix, NAMES, LIGHT, normalised=True))
    assert texts.tolist() == [["99", "<1", "<1"], ["14", "87", ""], ["", "", ""]]


def test_numbers_of_any_size_are_written_as_everywhere():
    """Thousands are set off, in the cells and at the rim."""
    figure = confusion_figure(1000 * MATRIX, NAMES, LIGHT)
    assert shown(figure)[0][0].tolist() == ["8,000", "3,000", ""]
    rows, columns = (trace for trace in figure.data if getattr(trace, "mode", None) == "text")
    assert list(rows.text) == ["11,000", "10,000", "0"]
    assert list(columns.text) == ["9,000", "7,000", "5,000", "21,000"]


@pytest.mark.parametrize(
    ("k", "most", "hidden"),
    [
        (10, 99, ()),
        (10, 999, ("totals",)),
        (16, 9, ("totals",)),
        (16, 120, ("cells", "totals")),
        (20, 9, ("totals",)),
    ],
)
def test_numbers_are_at_least_ten_pixels_or_not_there_on_a_phone(k, most, hidden):
    """The figure says which would lie on those beside them; a size that is given is never made smaller."""
    figure = confusion_figure(np.full((k, k), most), ["a name cut"] * k, LIGHT)
    assert figure.layout.meta == hidden
    written = [
        trace for trace in figure.data if trace.type == "heatmap" or getattr(trace, "mode", None) == "text"
    ]
    assert min(trace.textfont.size for trace in written) >= 10


@given(st.integers(2, 6).flatmap(lambda k: st.lists(st.integers(0, 50), min_size=k * k, max_size=k * k)))
def test_rows_with_images_sum_to_one(counts):
    """Normalised rows are shares; rows without images are not numbers."""
    k = int(len(counts) ** 0.5)
    matrix = np.array(counts).reshape(k, k)
    totals = normalise_rows(matrix).sum(axis=1)
    assert np.allclose(totals[matrix.sum(axis=1) > 0], 1)
    assert np.isnan(totals[matrix.sum(axis=1) == 0]).all()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_errors_have_a_scale_of_their_own(colours):
    """The diagonal, however large, is grey and does not flatten the scale of the errors."""
    *errors, diagonal = [t for t in confusion_figure(MATRIX, NAMES, colours).data if t.type == "heatmap"]
    assert {trace.zmax for trace in errors} == {5}
    assert {colour for _, colour in diagonal.colorscale} == {colours.right}
    assert {colour for trace in errors for _, colour in trace.colorscale} == {colours.empty, colours.wrong}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_are_readable_on_their_own_cell(colours):
    """On weak and on strong errors alike, a number has 4.4 to 1 or more to its cell."""
    matrix = np.arange(400).reshape(20, 20)
    for trace in confusion_figure(matrix, [str(i) for i in range(20)], colours).data:
        if trace.type == "heatmap":
            values = np.array(trace.z)[~np.isnan(np.array(trace.z))] / trace.zmax
            (_, weak), (_, strong) = trace.colorscale
            shades = [blend(weak, strong, min(1.0, value)) for value in values]
            assert min(contrast(trace.textfont.color, shade) for shade in shades) >= 4.4


def test_matrix_without_errors_can_be_drawn():
    """A perfect classifier's matrix has numbers on the diagonal only."""
    texts, _ = shown(confusion_figure(np.diag([5, 6, 7]), NAMES, LIGHT))
    assert texts.tolist() == [["5", "", ""], ["", "6", ""], ["", "", "7"]]


def test_many_classes_have_no_numbers_and_fewer_names():
    """Where nobody could read them, numbers are left out and names thinned."""
    k = NUMBERS_UP_TO + 30
    figure = draw(k)
    assert all(trace.text is None for trace in figure.data if trace.type == "heatmap")
    assert 0 < len(figure.layout.annotations) < 2 * k


def test_very_many_classes_have_no_targets():
    """Beyond the limit nothing invisible is drawn, so that the browser keeps up."""
    figure = draw(CLICKABLE_UP_TO + 1)
    assert all(trace.customdata is None for trace in figure.data)


@pytest.mark.parametrize(
    ("chosen", "box"),
    [((1, 2), (2, 3, 1, 2)), ((1, None), (0, 4.25, 1, 2)), ((None, 0), (0, 1, 0, 4.25))],
    ids=["cell", "row", "column"],
)
def test_choice_is_outlined(chosen, box):
    """The box is around the cell, or the row or column with its total."""
    (shape,) = confusion_figure(MATRIX, NAMES, LIGHT, chosen=chosen).layout.shapes
    assert (shape.x0, shape.x1, shape.y0, shape.y1) == box


def test_nothing_is_outlined_without_a_choice():
    """No choice, no box."""
    assert not confusion_figure(MATRIX, NAMES, LIGHT).layout.shapes


def test_names_are_never_markup():
    """A class called like a tag is written out, in names and in hover texts."""
    names = ['<a href="javascript:alert(1)">x</a>', "b", "c"]
    written = confusion_figure(MATRIX, names, LIGHT).to_json()
    assert "\\u003ca " not in written
    assert "<a " not in written


def test_long_names_are_cut():
    """A name longer than a label has room for ends in an ellipsis."""
    figure = confusion_figure(MATRIX, ["a" * 60, "b", "c"], LIGHT)
    written = {note.text for note in figure.layout.annotations}
    assert "a" * 11 + "…" in written
    assert "a" * 12 not in "".join(written)


def test_matrix_and_names_must_fit():
    """A matrix of another size is refused in words."""
    with pytest.raises(ValueError, match=r"matrix must have shape \(2, 2\)"):
        confusion_figure(MATRIX, ["a", "b"], LIGHT)


@pytest.mark.parametrize("k", [2, 10, 16, 20])
def test_a_phone_cuts_no_name(k):
    """358 pixels of a phone, six for a letter of the longest name."""
    figure = confusion_figure(
        np.eye(k, dtype=int), ["automobile", *(f"class {i}" for i in range(1, k))], LIGHT
    )
    low, high = figure.layout.xaxis.range
    assert -low / (high - low) * 358 >= 6 * len("automobile")
