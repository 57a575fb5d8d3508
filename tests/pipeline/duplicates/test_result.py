"""What is told of groups: labels, splits, and what a classifier owes to copies."""

import numpy as np

from pipeline.duplicates.numbering import Numbering
from pipeline.duplicates.result import Duplicates
from pipeline.svm.out_of_fold import BY_ALL


def numbering(labels, train, test, *, held_out=None, fold=None):
    """Number images by hand."""
    n = len(labels)
    return Numbering(
        ("train", "test"),
        np.array(labels, np.int16),
        np.array([f"image {i}" for i in range(n)]),
        np.array(train),
        np.array(test),
        np.full(n, BY_ALL, np.int16) if held_out is None else np.array(held_out, np.int16),
        np.full(n, BY_ALL - 1, np.int16) if fold is None else np.array(fold, np.int16),
    )


def duplicates(numbers, same, class_names=("cat", "dog")):
    """Say which images are the same."""
    names = np.array(same, np.int32)
    nothing = np.zeros(len(same), np.float32)
    return Duplicates(
        numbers,
        1.0,
        0.3,
        True,
        class_names,
        {"same": names, "near": names},
        {"same": nothing, "near": nothing},
    )


def images(groups):
    """List the images of groups."""
    return [group.images.tolist() for group in groups]


def test_groups_are_told_by_their_labels_and_splits():
    """An image without a class stands in none."""
    found = duplicates(
        numbering([0, 0, 1, -1, 0, 1], train=[0, 1, 2], test=[3, 4, 5]), same=[0, 1, 0, 2, 1, 2]
    )
    assert images(found.groups()) == [[0, 2], [1, 4], [3, 5]]
    assert images(found.across_labels()) == [[0, 2]]
    assert images(found.across_splits()) == [[1, 4]]
    assert found.labels_of(found.groups()[2]) == [1]
    assert [found.numbering.split_of(i) for i in (0, 2, 3)] == ["train", "train", "test"]


def test_accuracy_is_told_without_the_test_images_that_were_learnt_from():
    """Copies within the test split stay: nothing has learnt from them."""
    found = duplicates(
        numbering([0, 1, 0, 1, 1, 1], train=[0, 1], test=[2, 3, 4, 5]), same=[0, 1, 0, 2, 3, 3]
    )
    told = found.accuracy_without_leaked(np.array([0, 1, 0, 0]))
    assert (told.n, told.n_leaked) == (4, 1)
    assert (told.accuracy, told.without, told.of_leaked) == (0.5, 1 / 3, 1.0)


def test_nothing_leaks_where_nothing_is_the_same():
    """The rest is all, and of the leaked ones there is nothing to say."""
    found = duplicates(numbering([0, 1, 0, 1], train=[0, 1], test=[2, 3]), same=[0, 1, 2, 3])
    told = found.accuracy_without_leaked(np.array([0, 0]))
    assert (told.n_leaked, told.accuracy, told.without) == (0, 0.5, 0.5)
    assert np.isnan(told.of_leaked)


def test_out_of_fold_a_copy_leaks_only_into_another_fold():
    """All images are in both splits; 0 and 1 are in one fold, 2 and 3 are not."""
    found = duplicates(
        numbering([0] * 5, train=range(5), test=range(5), held_out=[0, 0, 0, 1, 1], fold=[0, 0, 0, 1, 1]),
        same=[0, 0, 1, 1, 2],
    )
    assert found.is_leaked().tolist() == [False, False, True, True, False]
    assert found.numbering.split_of(3) == "both"


def test_a_test_image_is_judged_by_all_that_learn_from_its_copy():
    """Training images are shown too: rows 2 to 4 are learnt from, row 0 is a test image."""
    found = duplicates(
        numbering(
            [0] * 5, train=[2, 3, 4], test=range(5), held_out=[-1, -1, 0, 1, 1], fold=[-2, -2, 0, 1, 1]
        ),
        same=[0, 1, 0, 2, 2],
    )
    assert found.is_leaked().tolist() == [True, False, False, False, False]
