"""What is found among the classes."""

from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.findings.classes import hardest_pair, worst_class
from dashboard.findings.finding import FACES, Answers
from dashboard.findings.images import sure_and_wrong
from pipeline.api import Judged
from tests.hostile_names import NAMES

APART = Judged(folds=0, n_test=0, n_out_of_fold=0, near_duplicates=0, is_apart=True)


class Markup(HTMLParser):
    """Collect the tags and the text of a sentence."""

    def __init__(self, sentence):
        super().__init__()
        self.tags, self.text = set(), ""
        self.feed(sentence)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.add(tag)

    def handle_data(self, data):
        """Add to the text."""
        self.text += data


def answers(matrix, names="abcdefgh", *, margin=-1.5):
    """Plant a confusion matrix; wrong answers have a margin that grows with the row."""
    cells = [(i, j) for i, line in enumerate(matrix) for j, n in enumerate(line) for _ in range(n)]
    true, predicted = (np.array(labels, dtype=np.int16) for labels in zip(*cells, strict=True))
    margins = np.where(true == predicted, 1.0, margin + np.arange(len(true)) / 1e4)
    return Answers(tuple(names)[: len(matrix)], true, predicted, margins, APART)


def test_the_pair_that_is_taken_for_each_other_is_named():
    """With its errors, its images, three faces each way and a link to the two."""
    planted = answers([[90, 10, 0], [12, 88, 0], [1, 0, 99]])
    found = hardest_pair(planted)
    assert Markup(found.sentence).text == (
        "a and b are mistaken for each other most: 22 of their 200 images are taken for the other."
    )
    assert found.weight == pytest.approx(22 / 300)
    shown = found.shown()
    assert [(planted.true[row], planted.predicted[row]) for row in shown] == [(0, 1)] * 3 + [(1, 0)] * 3
    assert found.evidence.page == "separability"
    assert (found.evidence.changes["true_label"], found.evidence.changes["predicted_label"]) == (0, 1)


def test_a_pair_of_few_images_proves_less():
    """One error of two images is half of them, and chance; forty of two hundred are not."""
    planted = answers([[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 80, 20], [0, 0, 20, 80]])
    assert Markup(hardest_pair(planted).sentence).text.startswith("c and d")


def test_of_two_classes_it_is_said_which_way_the_errors_go():
    """How many there are, the accuracy says."""
    found = hardest_pair(answers([[90, 1], [12, 88]]))
    assert Markup(found.sentence).text == "1 of a is taken for b, and 12 of b for a."
    assert len(found.shown()) == 6


@pytest.mark.parametrize("matrix", [[[5, 0, 0], [0, 5, 0], [0, 0, 5]], [[5, 0], [0, 5]]])
def test_there_is_no_hardest_pair_where_nothing_is_confused(matrix):
    """Nothing is said of it."""
    assert hardest_pair(answers(matrix)) is None


def test_the_worst_class_is_named_with_what_it_is_taken_for():
    """And its faces are its own errors, the worst first."""
    planted = answers([[95, 5, 0], [4, 96, 0], [10, 30, 60]])
    found = worst_class(planted)
    assert Markup(found.sentence).text == (
        "c is recognised worst: 60 of 100 images are right, and 30 are taken for b."
    )
    rows = found.shown()
    assert len(rows) == FACES
    assert all(planted.true[row] == 2 != planted.predicted[row] for row in rows)
    assert np.all(np.diff(planted.margin[rows]) > 0)
    assert found.evidence.page == "errors"
    assert found.evidence.changes["true_label"] == 2
    assert found.weight == pytest.approx((251 / 300 - 0.6) / 3)


def test_no_class_is_worst_by_chance():
    """Two of four against four of five can be chance; equal classes are none of them the worst."""
    assert worst_class(answers([[80, 20], [2, 2]])) is None
    assert worst_class(answers([[80, 20], [20, 80]])) is None
    assert worst_class(answers([[80, 0], [0, 80]])) is None


def test_of_equally_bad_classes_the_larger_is_named():
    """None of thirty says more than none of ten."""
    found = worst_class(answers([[90, 0, 0], [10, 0, 0], [30, 0, 0]]))
    assert Markup(found.sentence).text.startswith("c is recognised worst: 0 of 30 images")


@given(st.sampled_from([hardest_pair, worst_class, sure_and_wrong]), st.permutations(NAMES))
def test_no_sentence_holds_a_name_as_markup(find, names):
    """Whatever a class is called, the sentence has its own tags only, and the name stands in it as it is."""
    found = find(answers([[50, 50, 0], [40, 60, 0], [0, 0, 99]], names))
    read = Markup(found.sentence)
    assert read.tags <= {"b", "span", "dfn", "a"}
    if find is not sure_and_wrong:
        assert names[0] in read.text or names[1] in read.text


def test_two_findings_show_no_image_twice():
    """What the first shows, the second leaves out; and each kind of image keeps its share."""
    planted = answers([[60, 40, 0], [30, 70, 0], [0, 0, 99]])
    first, second = hardest_pair(planted).shown(), worst_class(planted)
    assert not set(first) & set(second.shown(first))
    assert len(second.shown(first)) == FACES
