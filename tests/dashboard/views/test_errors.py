"""The errors page: every kind of error once, and each kind's images, worst first."""

import numpy as np
import pytest

from dashboard.page.filter import Filter
from dashboard.run.data import RunData
from dashboard.statistics.scores import confusion_matrix
from dashboard.views import errors
from tests.dashboard.drawing import click, draw, rows, run, view
from tests.planted import Plan, planted_run


@pytest.fixture
def planted(store):
    """A run of four classes with errors; its data."""
    planted_run(store, plan=Plan(noise=2.5))
    return RunData(store, "planted")


def spoken(page):
    """Give all that the page says."""
    return " | ".join(text.value for text in page.markdown)


def test_all_errors_come_first_and_each_kind_has_its_own(monkeypatch, store, planted):
    """The list adds up; a line shows exactly its images, and says of how many they are; pressed again it lets go."""
    said = planted.own_predictions
    wrong = np.flatnonzero(~said.correct)
    page = run(draw(monkeypatch, store, errors))
    assert rows(page) == wrong[np.argsort(said.margin[wrong], kind="stable")].tolist()[:48]
    ((lines, picked),) = page.choices
    assert lines[0].name == "all"
    assert int(lines[0].value) == sum(int(line.value) for line in lines[1:]) == len(wrong)
    matrix = confusion_matrix(planted.test_labels, said.predicted, 4)
    true, predicted = map(int, lines[1].name.split("."))
    assert matrix[true, predicted] == int(lines[1].value) == (matrix - np.diag(np.diag(matrix))).max()
    click(page, picked, lines[1].name)
    assert (view(page).true_label, view(page).predicted_label) == (true, predicted)
    assert set(rows(page)) == set(
        np.flatnonzero((planted.test_labels == true) & (said.predicted == predicted))
    )
    assert f"**{lines[1].value}** of {len(wrong)} errors" in spoken(page)
    ((_, picked),) = page.choices
    click(page, picked, None)
    assert (view(page).true_label, view(page).predicted_label) == (None, None)


def test_several_classes_are_not_all_errors(monkeypatch, store, planted):
    """What the map has filtered by two classes is none of the kinds; pressed, "All errors" shows all of them."""
    page = run(draw(monkeypatch, store, errors, filter=Filter(true=(0, 2))))
    wrong = ~planted.own_predictions.correct
    assert set(rows(page)) == set(np.flatnonzero(wrong & np.isin(planted.test_labels, [0, 2]))[:48])
    assert page.chosen == [None]
    ((_, picked),) = page.choices
    click(page, picked, "all")
    assert view(page).filter == Filter()
    assert page.chosen == ["all"]


def test_a_run_without_errors_says_so(monkeypatch, store):
    """In a sentence; there is no list."""
    planted_run(store, plan=Plan(noise=0))
    page = run(draw(monkeypatch, store, errors))
    assert not page.choices
    assert "**No errors.** Every test image is predicted right" in spoken(page)
