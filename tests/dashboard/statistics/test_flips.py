"""Groups, cells and words of a comparison agree with looking at one image after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.page.view_state import GROUPS
from dashboard.statistics.flips import (
    BROKE,
    DIFFERENT,
    FIXED,
    RIGHT,
    SAME,
    WRONG,
    Flips,
)
from dashboard.statistics.intervals import mcnemar, paired_difference
from dashboard.statistics.scores import confusion_matrix

K = 4
LABELS = st.integers(1, 60).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(0, K - 1)] * 3), min_size=n, max_size=n)
)


def group_of(true, before, after):
    """Give an image's group by cases."""
    if before == true:
        return RIGHT if after == true else BROKE
    if after == true:
        return FIXED
    return SAME if before == after else DIFFERENT


def flips_of(images):
    """Compare the answers of (true, before, after) triples."""
    return Flips(*np.array(images, dtype=np.int16).T)


@given(LABELS)
def test_every_image_is_in_its_group(images):
    """Each group has exactly the images that belong there, and counts them."""
    flips = flips_of(images)
    for group in (RIGHT, FIXED, BROKE, DIFFERENT, SAME):
        expected = [row for row, image in enumerate(images) if group_of(*image) == group]
        assert flips.rows(group).tolist() == expected
        assert flips.counts[group] == len(expected)
    expected = [row for row, (true, *said) in enumerate(images) if true not in said]
    assert flips.rows(WRONG).tolist() == expected
    assert flips.counts[WRONG] == len(expected)
    assert flips.rows().tolist() == [row for row, (_, b, a) in enumerate(images) if a != b]


@given(LABELS)
def test_cells_are_the_difference_of_the_matrices_and_open_their_images(images):
    """What came less what went is the later matrix less the earlier one; a cell's images are those that did."""
    flips = flips_of(images)
    came, went = flips.moves(K)
    after, before = (confusion_matrix(flips.true, said, K) for said in (flips.after, flips.before))
    assert np.array_equal(came - went, after - before)
    for true in range(K):
        for said in range(K):
            rows = [row for row in flips.rows(None, [said]).tolist() if flips.true[row] == true]
            assert len(rows) == came[true, said] + went[true, said]
            assert rows == [
                row for row, (t, b, a) in enumerate(images) if t == true and a != b and said in (b, a)
            ]


@given(LABELS, st.sampled_from(GROUPS), st.sets(st.integers(0, K - 1)))
def test_group_and_classes_narrow_together(images, group, said):
    """A group within some columns holds what is in both."""
    found = set(flips_of(images).rows(group, tuple(said)))
    expected = {
        row
        for row, (_, b, a) in enumerate(images)
        if row in set(flips_of(images).rows(group)) and (not said or b in said or a in said)
    }
    assert found == expected


@given(LABELS)
def test_gain_and_p_are_those_of_the_counts(images):
    """The difference of the two accuracies, and McNemar's test of what flipped."""
    flips = flips_of(images)
    right = [(said == flips.true).mean() for said in (flips.before, flips.after)]
    assert flips.gain.value == pytest.approx(right[1] - right[0])
    fixed, broke = flips.counts[FIXED], flips.counts[BROKE]
    assert flips.gain == paired_difference(fixed, broke, len(images))
    assert flips.p == mcnemar(fixed, broke)


def test_groups_of_the_address_are_all_groups():
    """What a URL may say is what there is."""
    assert set(GROUPS) == {RIGHT, FIXED, BROKE, DIFFERENT, SAME, WRONG}


def test_answers_must_be_to_the_same_images():
    """Two lengths, or no image, are refused in words."""
    one, two = np.zeros(1, np.int16), np.zeros(2, np.int16)
    for labels in ((one, one, two), (two, one, one), (one[:0],) * 3, (np.zeros((2, 2), int),) * 3):
        with pytest.raises(ValueError, match=r"of one shape \(n,\)"):
            Flips(*labels)
