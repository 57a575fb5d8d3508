"""What is found among single images."""

from dataclasses import replace

import numpy as np

from dashboard.findings.finding import FACES
from dashboard.findings.images import close_calls, near_duplicates, sure_and_wrong
from dashboard.page.filter import Images
from tests.dashboard.findings.test_classes import APART, Markup, answers


def test_the_surely_wrong_are_counted_and_the_worst_are_shown():
    """Beyond the SVM's edge, and wrong; a right one is none, however its margin."""
    planted = answers([[50, 20], [0, 50]], margin=-1.006)
    found = sure_and_wrong(planted)
    n = int(np.sum((planted.margin < -1) & (planted.true != planted.predicted)))
    assert 0 < n < 20
    assert Markup(found.sentence).text.startswith(f"On {n} image")
    worst = np.argsort(planted.margin)[: min(n, FACES)]
    assert found.shown() == worst.tolist()
    assert found.evidence.page == "errors"


def test_nothing_is_surely_wrong_where_all_errors_are_close():
    """Nor where nothing is wrong, or no margin is known."""
    assert sure_and_wrong(answers([[50, 20], [0, 50]], margin=-0.5)) is None
    assert sure_and_wrong(answers([[50, 0], [0, 50]])) is None
    assert sure_and_wrong(answers([[50, 20], [0, 50]], margin=np.nan)) is None


def test_what_is_right_by_little_is_counted_and_the_closest_are_shown():
    """Within the SVM's edge, and right; a wrong one is none, however near."""
    planted = answers([[50, 20], [0, 50]], margin=-0.1)
    assert close_calls(planted) is None
    right = np.flatnonzero(planted.true == planted.predicted)
    planted.margin[right] = 1.5
    planted.margin[right[:8]] = np.linspace(0.9, 0.2, 8)
    found = close_calls(planted)
    text = Markup(found.sentence).text
    assert text.startswith("8 images are right, but not by much: their margin")
    assert text.endswith("is below 1.")
    assert found.shown() == right[:8][::-1][:FACES].tolist()
    asked = found.evidence.changes["filter"]
    passing = asked.passing(Images(planted.true, [""] * planted.n, planted.predicted, planted.margin))
    assert np.flatnonzero(passing).tolist() == right[:8].tolist()


def test_near_duplicates_are_shown_two_by_two():
    """The nearest two first, none twice; where nobody found any, nothing is said."""
    indices, distances = np.array([[3], [2], [1], [0]]), np.array([[0.2], [0.1], [0.1], [0.2]])
    found = near_duplicates(replace(APART, near_duplicates=4), (indices, distances))
    assert Markup(found.sentence).text.startswith("4 images have near-duplicates")
    assert found.shown() == [1, 2, 0, 3]
    assert found.evidence.changes["selected"] == 1
    assert near_duplicates(APART, (indices, distances)) is None
    assert near_duplicates(replace(APART, near_duplicates=1), None).shown() == []
