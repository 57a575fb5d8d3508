"""The confusion page: exactly the images of a cell, a row or a column."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import clickable_chart
from dashboard.figures.matrix import clicked_choice
from dashboard.page.view_state import ViewState
from dashboard.run.data import RunData
from dashboard.statistics.scores import most_confused
from dashboard.views import confusion
from dashboard.views.confusion import describe
from tests.dashboard.drawing import click, draw, rows, run, view
from tests.planted import Plan, planted_run

K = 4


@pytest.fixture
def planted(store):
    """A run of four classes with errors; its data."""
    planted_run(store, plan=Plan(noise=2.5))
    return RunData(store, "planted")


def brute_force(data, true, predicted):
    """List the test images of a choice, one by one."""
    said = data.own_predictions
    return {
        row
        for row in range(data.n_test)
        if true in (None, data.test_labels[row]) and predicted in (None, said.predicted[row])
    }


def errors_of(data):
    """Count images by true and predicted class, one by one."""
    matrix = np.zeros((K, K), np.int64)
    for true, predicted in zip(data.test_labels, data.own_predictions.predicted, strict=True):
        matrix[true, predicted] += 1
    return matrix


CHOICES = [(true, predicted) for true in (None, *range(K)) for predicted in (None, *range(K))][1:]


def test_every_choice_shows_exactly_its_images(monkeypatch, store, planted):
    """For each cell, row and column the gallery holds what counting by hand finds, nothing else, nothing twice."""
    for true, predicted in CHOICES:
        page = run(draw(monkeypatch, store, confusion, true_label=true, predicted_label=predicted))
        found, wanted = rows(page), brute_force(planted, true, predicted)
        assert len(found) == len(set(found))
        assert set(found) == wanted, (true, predicted)


def test_worst_margin_comes_first(monkeypatch, store, planted):
    """Images are in the order of their margin."""
    page = run(draw(monkeypatch, store, confusion, true_label=1))
    margins = planted.own_predictions.margin[rows(page)]
    assert np.all(np.diff(margins) >= 0)


def test_images_stand_in_the_order_that_is_chosen(monkeypatch, store, planted):
    """Over all sheets; the URL says so; where there are no neighbours no order needs them."""
    page = run(draw(monkeypatch, store, confusion, true_label=1, sheet=2))
    page.selectbox(key="sort confusion images").set_value("unsure")
    run(page)
    assert (view(page).sort, view(page).sheet) == ("unsure", 1)
    assert np.all(np.diff(planted.own_predictions.runner_up_margin[rows(page)]) >= 0)
    page.selectbox(key="sort confusion images").set_value("own")
    assert view(run(page)).sort is None
    assert np.all(np.diff(planted.own_predictions.margin[rows(page)]) >= 0)
    planted_run(store, "lonely", plan=Plan(noise=2.5), without=("neighbours",))
    lonely = run(draw(monkeypatch, store, confusion, run="lonely", true_label=1, sort="typical"))
    assert np.all(np.diff(planted.own_predictions.margin[rows(lonely)]) >= 0)
    assert len(lonely.selectbox(key="sort confusion images").options) == 4


def test_all_sheets_together_show_a_choice_once(monkeypatch, store):
    """A choice of more images than a sheet holds is spread over sheets without loss or repetition."""
    planted_run(store, plan=Plan(n_test=240, noise=0))
    pages = [run(draw(monkeypatch, store, confusion, true_label=0, sheet=sheet)) for sheet in (1, 2)]
    found = [row for page in pages for row in rows(page)]
    assert len(rows(pages[0])) == 48
    assert sorted(found) == sorted(brute_force(RunData(store, "planted"), 0, None))


def test_select_boxes_choose_like_a_click(monkeypatch, store, planted):
    """Keyboards and phones have a box for each class; clearing brings back the start."""
    page = run(draw(monkeypatch, store, confusion))
    page.selectbox(key="filter by true").set_value(2)
    run(page)
    page.selectbox(key="filter by predicted").set_value(1)
    run(page)
    assert (view(page).true_label, view(page).predicted_label) == (2, 1)
    assert set(rows(page)) == brute_force(planted, 2, 1)
    next(button for button in page.button if button.label == "Clear filters").click()
    run(page)
    assert (view(page).true_label, view(page).predicted_label) == (None, None)


def test_nothing_chosen_shows_the_largest_group_of_errors(monkeypatch, store, planted):
    """It says so, in words and not in the URL; pressing it in the list does."""
    page = run(draw(monkeypatch, store, confusion))
    true, predicted, count = most_confused(errors_of(planted), 1)[0]
    assert set(rows(page)) == brute_force(planted, true, predicted)
    assert any(
        text.value.startswith(f"The largest group of errors: **{count} image") for text in page.markdown
    )
    assert (view(page).true_label, view(page).predicted_label) == (None, None)
    _, picked = page.choices[0]
    click(page, picked, None)  # what the list says of the one that is marked
    assert (view(page).true_label, view(page).predicted_label) == (true, predicted)
    assert not any("largest group" in text.value for text in page.markdown)


def test_cells_can_show_shares_and_the_url_says_so(monkeypatch, store, planted):
    """The switch changes the view, hence the URL."""
    page = run(draw(monkeypatch, store, confusion))
    page.segmented_control[0].set_value("rows")
    run(page)
    assert view(page).normalise == "rows"


def test_the_order_of_the_classes_can_be_chosen_and_is_said(monkeypatch, store, planted):
    """In the URL; with few classes it is the data set's until somebody chooses another."""
    page = run(draw(monkeypatch, store, confusion))
    assert page.segmented_control[1].value == "dataset"
    page.segmented_control[1].set_value("alphabet")
    run(page)
    assert view(page).order == "alphabet"
    assert any("alphabetical order" in caption.value for caption in page.caption)


def test_a_click_means_its_class_in_any_order(monkeypatch, store, planted):
    """The third row of the matrix is the class that stands there, and the outline is round it."""
    shown, chosen = {}, []
    monkeypatch.setattr(
        confusion, "clickable_matrix", lambda *args, order: shown.update(figure=args[1], order=order)
    )
    monkeypatch.setattr(confusion, "order_of", lambda context, matrix: np.array([2, 0, 3, 1]))
    run(draw(monkeypatch, store, confusion, order="similarity", true_label=3))
    (outline,) = shown["figure"].to_dict()["layout"]["shapes"]
    assert (outline["y0"], outline["y1"]) == (2, 3)
    assert shown["order"].tolist() == [2, 0, 3, 1]
    context = SimpleNamespace(data=planted, now=ViewState(), change=lambda **changes: chosen.append(changes))
    monkeypatch.setattr(clickable_chart, "clickable_chart", lambda *args: shown.update(clicked=args[-1]))
    clickable_chart.clickable_matrix(context, shown["figure"], "key", "alt", order=shown["order"])
    shown["clicked"]([{"customdata": [2, -1]}])
    assert chosen == [{"true_label": 3, "predicted_label": None}]


def test_pairs_lead_to_their_images(monkeypatch, store, planted):
    """The most confused pairs are listed largest first, and choose their own cell; pressed again they let go of it."""
    page = run(draw(monkeypatch, store, confusion))
    ((lines, picked),) = page.choices
    cells = [tuple(map(int, line.name.split("."))) for line in lines]
    assert [int(line.value) for line in lines] == [len(brute_force(planted, *cell)) for cell in cells]
    assert [int(line.value) for line in lines] == sorted((int(line.value) for line in lines), reverse=True)
    click(page, picked, lines[2].name)
    assert (view(page).true_label, view(page).predicted_label) == cells[2]
    ((_, picked),) = page.choices
    click(page, picked, None)
    assert (view(page).true_label, view(page).predicted_label) == (None, None)


def test_run_without_errors_has_no_pairs(monkeypatch, store):
    """A perfect run says so instead of listing nothing."""
    planted_run(store, plan=Plan(noise=0))
    page = run(draw(monkeypatch, store, confusion))
    assert page.choices == []
    assert any("every test image is predicted right" in text.value for text in page.markdown)


def test_cell_without_images_says_so(monkeypatch, store):
    """An empty cell has a sentence and no gallery."""
    planted_run(store, plan=Plan(noise=0))
    page = run(draw(monkeypatch, store, confusion, true_label=0, predicted_label=1))
    assert rows(page) == []
    assert any("**0 images** of true class" in text.value for text in page.markdown)


def test_class_names_are_never_markup(monkeypatch, store):
    """Names that look like links or tags are shown as they are."""
    names = ("[a](http://e.vil)", "<b>b</b>", "$c$", ":red[d]")
    planted_run(store, plan=Plan(class_names=names, noise=2.5))
    page = run(draw(monkeypatch, store, confusion, true_label=0))
    assert any(r"\[a\]\(http\:\/\/e\.vil\)" in text.value for text in page.markdown)
    assert not any("[a](" in text.value for text in page.markdown)


counts = st.lists(st.integers(0, 9), min_size=9, max_size=9).map(
    lambda numbers: np.array(numbers).reshape(3, 3)
)


@given(counts, st.integers(0, 8))
def test_most_confused_are_the_largest_errors(matrix, most):
    """They are the largest off the diagonal, in falling order, and never empty."""
    found = most_confused(matrix, most)
    errors = sorted(
        (int(matrix[i, j]) for i in range(3) for j in range(3) if i != j and matrix[i, j]), reverse=True
    )
    assert [count for _, _, count in found] == errors[:most]
    assert all(count == matrix[i, j] and i != j for i, j, count in found)
    assert len({(i, j) for i, j, _ in found}) == len(found)


@pytest.mark.parametrize(
    ("customdata", "choice"),
    [([1, 2], (1, 2)), ([1, -1], (1, None)), ([-1, 0], (None, 0)), ([-1, -1], (None, None))],
)
def test_click_is_read(customdata, choice):
    """A target's customdata is the choice it stands for."""
    assert clicked_choice([{"customdata": customdata}], 3) == choice


MADE_UP = [None, [], [1], [1, 3], [-2, 0], [0, 1, 2], ["0", 1], [0.5, 1], [True, 1], {"0": 1}, "11", 7]


@pytest.mark.parametrize("customdata", MADE_UP, ids=str)
def test_made_up_click_is_ignored(customdata):
    """What no target of this matrix says changes nothing."""
    assert clicked_choice([{"customdata": customdata}], 3) is None
    assert clicked_choice([], 3) is None


MATRIX = np.array([[6, 2], [1, 0]])


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ((0, None), "**8 images** of true class **a**: 6 predicted right, 2 wrong (recall 75.0%)."),
        ((None, 0), "**7 images** predicted as **a**: 6 predicted right, 1 wrong (precision 85.7%)."),
        ((0, 1), "**2 images** of true class **a**, predicted as **b**: 25.0% of all a, 100.0% of all that is "
                 "predicted as b."),
        ((1, 0), "**1 image** of true class **b**, predicted as **a**: 100.0% of all b, 14.3% of all that is "
                 "predicted as a."),
        ((1, 1), "**0 images** of true class **b**, predicted right."),
        ((None, None), ""),
    ],
)  # fmt: skip
def test_choice_is_described_with_count_and_accuracy(choice, text):
    """Counts, recall and precision are those of the matrix."""
    assert describe(MATRIX, ["a", "b"], choice) == text
