"""The sentence that sums up why an image is predicted as it is."""

from dataclasses import replace

import pytest

from dashboard.why.evidence import Evidence, Stop
from dashboard.why.sentence import answer, stretches
from pipeline.api import Judge

NAMES = ("bird", "cat", "dog")
BIRD, CAT, DOG = range(3)
CS = (0.001, 0.01, 0.1, 1.0)


def path(*labels):
    """Give a path over C on which these are predicted."""
    return tuple(Stop(C, label) for C, label in zip(CS, labels, strict=False))


def plain(text):
    """Give a sentence with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


WRONG = Evidence(
    row=7,
    true=CAT,
    predicted=DOG,
    rival=CAT,
    judge=Judge(0.1),
    nearest=(DOG,) * 9 + (CAT,) * 2 + (BIRD,),
    of_predicted=(),
    of_rival=(),
    path=path(CAT, DOG, DOG, DOG),
    at=2,
)


def test_an_error_is_explained_by_what_is_near_and_where_it_flips():
    """Which classes the nearest training images are of, and from which C on it stays so."""
    assert plain(answer(WRONG, NAMES)) == (
        "Predicted dog, true class cat: of the 12 training images nearest to it, 9 are dog and 2 cat; "
        "it is predicted as dog from C = 0.01 on, as cat just below."
    )


@pytest.mark.parametrize(
    ("nearest", "says"),
    [
        ((DOG,) * 12, "all 12 training images nearest to it are dog;"),
        ((DOG,) + (BIRD,) * 11, "of the 12 training images nearest to it, 1 is dog and none cat;"),
        ((CAT,) * 12, "of the 12 training images nearest to it, none is dog and 12 cat;"),
        ((DOG,), "of the 1 training image nearest to it, 1 is dog and none cat;"),
        ((), "there was no training image to learn from;"),
    ],
)
def test_other_nearest_images_change_the_sentence(nearest, says):
    """It says what they are, whatever they are."""
    assert says in plain(answer(replace(WRONG, nearest=nearest), NAMES))


@pytest.mark.parametrize(
    ("labels", "at", "says"),
    [
        ((DOG, DOG, DOG, DOG), 2, "; it is predicted as dog at each of the 4 values of C."),
        ((DOG, DOG, CAT, BIRD), 0, "it is predicted as dog up to C = 0.01, as cat just above."),
        (
            (CAT, DOG, DOG, BIRD),
            2,
            "it is predicted as dog only from C = 0.01 to 0.1, as cat just below and as bird just above.",
        ),
        (
            (CAT, DOG, CAT, DOG),
            1,
            "it is predicted as dog only at C = 0.01, as cat just below and as cat just above.",
        ),
        ((DOG,), 0, "nearest to it, 9 are dog and 2 cat."),
    ],
)
def test_where_it_flips_is_told_from_the_C_in_use(labels, at, says):
    """The stretch around the C in use, and what is predicted on either side of it."""
    assert plain(answer(replace(WRONG, path=path(*labels), at=at), NAMES)).endswith(says)


def test_a_right_prediction_is_explained_too():
    """The true class is not counted again."""
    right = replace(WRONG, true=DOG, rival=CAT)
    said = answer(right, NAMES)
    assert said.startswith(
        "Predicted dog, which is right: of the 12 training images nearest to it, 9 are dog; it is"
    )


def test_stretches_cover_the_path():
    """Each C is in one, and neighbours are of different classes."""
    assert stretches(path(CAT, DOG, DOG, CAT)) == [(0, 0, CAT), (1, 2, DOG), (3, 3, CAT)]
