"""The learning curve: its summary, its words and its picture."""

import numpy as np
import pytest

from dashboard.figures.learning import learning_figure
from dashboard.figures.theme import DARK, LIGHT
from dashboard.statistics.learning_curve import learning_curve
from dashboard.wording.learning_curve import learning_sentences
from pipeline.api import Judged

APART, FOLDS = Judged(0, 100, 0, 0), Judged(5, 100, 100, 0, is_apart=False)
SIZES = np.array([10, 20, 50, 100])
ACCURACY = np.array([[0.5, 0.54], [0.6, 0.62], [0.70, 0.71], [0.75, 0.75]])


def test_summary_is_the_mean_and_its_error():
    """Over the parts of each size, as by hand."""
    curve = learning_curve(SIZES, ACCURACY, 1000)
    assert curve.sizes.tolist() == [10, 20, 50, 100]
    assert curve.mean == pytest.approx([0.52, 0.61, 0.705, 0.75])
    assert curve.standard_error == pytest.approx([0.02, 0.01, 0.005, 0])
    assert curve.last_gain == pytest.approx(0.045)
    assert curve.parts == 2


@pytest.mark.parametrize(
    ("largest", "sizes"), [(100, [10, 20, 50, 100]), (60, [10, 20, 50, 60]), (50, [10, 20, 50]), (7, [7])]
)
def test_more_than_there_are_is_left_out(largest, sizes):
    """What takes all images of every class is drawn once, at the number there are."""
    assert learning_curve(SIZES, ACCURACY, largest).sizes.tolist() == sizes


def test_one_part_has_no_error():
    """A single draw tells nothing about its spread."""
    assert learning_curve(SIZES, ACCURACY[:, :1], 100).standard_error.tolist() == [0, 0, 0, 0]


def test_words_say_whether_more_would_help():
    """Rising: more than twice the standard error of the last step, part by part."""
    said = learning_sentences(learning_curve(SIZES, ACCURACY, 100), APART)
    assert "with up to 100, as many as there are, it is **75.0%**" in said
    assert "still rises from 50 to 100 images (+4.50 points, standard error 0.50)" in said
    flat = ACCURACY.copy()
    flat[3] = 0.70, 0.72
    said = learning_sentences(learning_curve(SIZES, flat, 100), APART)
    assert "That it changes from 50 to 100 images (+0.50 points, standard error 0.50) may be chance" in said
    first = learning_curve(SIZES[:1], ACCURACY[:1], 100)
    assert learning_sentences(first, APART).endswith("the test accuracy is **52.0%** on average.")
    assert "the accuracy, out of fold, is **52.0%**" in learning_sentences(first, FOLDS)


def test_parts_that_differ_more_than_they_rise_do_not_hide_that_each_of_them_rises():
    """Ten points between the parts, and two points more in both."""
    curve = learning_curve(SIZES[:2], np.array([[0.5, 0.6], [0.52, 0.62]]), 20)
    assert curve.last_error == pytest.approx(0)
    assert curve.still_rises


@pytest.mark.parametrize("accuracy", [ACCURACY[:2], ACCURACY[:, :0], ACCURACY[:, 0]])
def test_accuracies_must_fit_the_sizes(accuracy):
    """Another shape is refused in words."""
    with pytest.raises(ValueError, match=r"accuracy must have shape \(4, parts\)"):
        learning_curve(SIZES, accuracy, 100)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_picture_has_every_size_with_its_error(colours):
    """Points at the sizes, and a band around them."""
    band, line = learning_figure(learning_curve(SIZES, ACCURACY, 1000), colours).data
    assert list(line.x) == SIZES.tolist()
    assert list(line.y) == pytest.approx([0.52, 0.61, 0.705, 0.75])
    assert max(band.y) == pytest.approx(0.75)
    assert min(band.y) == pytest.approx(0.5)
    assert line.line.color == colours.test
