"""Words that say how an image was judged are true of every way to judge it."""

import pytest

from dashboard.wording import judged as words
from pipeline.api import Judged

APART = Judged(0, 153, 0, 0)
FOLDS = Judged(5, 1240, 1240, 259, is_apart=False)
BOTH = Judged(5, 397, 244, 0, is_apart=False)


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        (APART, "The 153 test images were judged by a classifier that learnt from none of them."),
        (
            FOLDS,
            "No image was judged by a classifier that learnt from it: the images were cut into 5 parts, the folds, and "
            "each part was judged by a classifier that learnt from the others. Near-duplicates (259 images) are in one "
            "part.",
        ),
        (
            BOTH,
            "No image was judged by a classifier that learnt from it: the 153 test images by one that learnt from all "
            "244 training images; the training images were cut into 5 parts, the folds, and each part was judged by a "
            "classifier that learnt from the others. Near-duplicates are in one part.",
        ),
    ],
)
def test_a_sentence_says_who_judged_whom(judged, said):
    """One for each way."""
    assert words.judged_sentence(judged) == said


def test_an_image_is_a_test_image_only_if_nobody_learnt_from_it():
    """And a training image, if others are there, too."""
    assert [words.judged_images(2, one) for one in (APART, FOLDS, BOTH)] == [
        "2 test images",
        "2 images",
        "2 images",
    ]
    assert [words.taught_images(1, one) for one in (APART, FOLDS, BOTH)] == [
        "1 training image",
        "1 image",
        "1 training image",
    ]
    assert [words.accuracy_name(one) for one in (APART, FOLDS, BOTH)] == [
        "Test accuracy",
        "Accuracy, out of fold",
        "Accuracy",
    ]


def test_lines_of_a_chart_and_advice_follow():
    """No test split is spoken of where there is none."""
    assert words.right_of(APART) == "right"
    assert words.right_of(FOLDS) == "right, out of fold"
    assert "test" not in words.advice(FOLDS)
    assert "slightly optimistic" in words.advice(BOTH)
