"""The order of the classes of a confusion matrix: what is taken for each other stands together."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.statistics.class_order import LEAVES_UP_TO, alphabetical_order, similarity_order


def families(k: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Give a matrix whose classes i, i + k / size, ... are taken for each other, and the family of each."""
    family = np.arange(k) % (k // size)
    matrix = np.where(family[:, None] == family, 2, 0)
    np.fill_diagonal(matrix, 10)
    return matrix, family


@pytest.mark.parametrize("k", [20, 200, LEAVES_UP_TO + 100])
def test_classes_that_are_taken_for_each_other_stand_together(k):
    """Families that are spread over the data set are each in one piece, and every class is there once."""
    matrix, family = families(k, 5)
    order = similarity_order(matrix)
    assert sorted(order) == list(range(k))
    assert np.count_nonzero(np.diff(family[order])) == k // 5 - 1


@pytest.mark.parametrize(
    "matrix", [np.zeros((5, 5), int), np.eye(4, dtype=int), np.array([[3]]), np.full((2, 2), 1)]
)
def test_any_matrix_has_an_order(matrix):
    """Without images, without errors, of one class and of two."""
    assert sorted(similarity_order(matrix)) == list(range(len(matrix)))


def test_the_alphabet_has_no_capitals():
    """As people look a name up."""
    names = ["bee", "Zebra", "ant", "Cat"]
    assert [names[label] for label in alphabetical_order(names)] == ["ant", "bee", "Cat", "Zebra"]
