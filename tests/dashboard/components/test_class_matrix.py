"""What a matrix of many classes tells the browser: only cells with images."""

from __future__ import annotations

import json

import numpy as np

from dashboard.components.class_matrix import MatrixContent, message
from dashboard.figures.theme import LIGHT


def test_a_thousand_classes_are_sent_as_their_cells(rng):
    """A million cells of which 10,000 images fill some: all of these images are told, in under 300 kB."""
    k = 1000
    matrix = np.zeros((k, k), np.int64)
    np.add.at(matrix, (rng.integers(0, k, 10_000), rng.integers(0, k, 10_000)), 1)
    names = [f"class {i}" for i in range(k)]
    content = MatrixContent(matrix, names, rng.permutation(k), False, (3, None), "Confusion matrix")
    told = json.loads(json.dumps(message(content, LIGHT)))
    assert len(json.dumps(told)) < 300_000
    again = np.zeros_like(matrix)
    again[told["cells"]["row"], told["cells"]["column"]] = told["cells"]["count"]
    assert np.array_equal(again, matrix)
    assert told["chosen"] == [3, None]


def test_a_matrix_of_changes_brings_its_totals():
    """Its cells are differences: what came and what went cannot be told from them."""
    matrix = np.array([[1, -1], [0, 0]])
    content = MatrixContent(
        matrix, "ab", np.arange(2), False, (None, None), "", totals=(matrix[0], matrix[1])
    )
    told = message(content, LIGHT)
    assert told["totals"] == [[1, -1], [0, 0]]
    assert told["cells"] == {"row": [0, 0], "column": [0, 1], "count": [1, -1]}
