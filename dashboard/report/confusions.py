"""Which classes are taken for which, each error with the image that is furthest on the wrong side."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from cache.counting import counted
from dashboard.findings.finding import Answers
from dashboard.page.context import ViewContext
from dashboard.report.model import Cell, Face, Label, Matrix, Picture
from dashboard.report.pictures import has_pictures, pictures_of
from dashboard.report.text import short
from dashboard.run.data import colours_of
from dashboard.statistics.scores import most_confused
from dashboard.wording.numbers import images, thousands

MOST_CLASSES = 16
"""Classes whose matrix fits on a page with a face in each cell."""
LARGEST = 32
"""Confusions that are shown where the classes are more."""
SIDE = 72
"""Pixels of a face in a cell, at most: it is printed 6 mm high."""
LARGE_SIDE = 160


def matrix_of(context: ViewContext) -> Matrix | None:
    """Show the errors of the classifier in use; None where it makes none, or there is but one class."""
    answers = Answers.of(context.data, context.predictions)
    k = len(answers.class_names)
    worst = most_confused(answers.matrix, LARGEST if k > MOST_CLASSES else k * k)
    if not worst:
        return None
    faces = dict(zip([(i, j) for i, j, _ in worst], _faces(context, answers, worst), strict=True))
    if k > MOST_CLASSES:
        return _largest(context, answers, faces)
    names = tuple(_label(context)(label) for label in range(k))
    most = max(count for *_, count in worst)

    def cell(i: int, j: int) -> Cell:
        n = int(answers.matrix[i, j])
        share = n / max(int(answers.matrix[i].sum()), 1) if i == j else n / most
        return Cell(thousands(n) if n else "", share, i == j, faces.get((i, j)))

    return Matrix(
        "Rows are true classes, columns what images are taken for; the diagonal is right. "
        + _shown(context, "cell"),
        names,
        tuple(tuple(cell(i, j) for j in range(k)) for i in range(k)),
    )


def _shown(context: ViewContext, place: str) -> str:
    """Say which images are shown, where there are any."""
    return (
        f"The image in a {place} is the error with the lowest margin." if has_pictures(context.data) else ""
    )


def _largest(context: ViewContext, answers: Answers, faces: dict[tuple[int, int], Picture | None]) -> Matrix:
    """Show the largest confusions: a matrix of so many classes would have cells that nobody can see."""
    label, sizes = _label(context), answers.matrix.sum(axis=1)
    of = int((answers.matrix > 0).sum() - (np.diag(answers.matrix) > 0).sum())
    tiles = [
        Face(
            picture,
            (
                (label(i),),
                (("→", ""), label(j)),
                ((f"{thousands(answers.matrix[i, j])} of {images(sizes[i])}", ""),),
            ),
        )
        for (i, j), picture in faces.items()
    ]
    every = counted(of, "confusion")
    shown = f"The {thousands(len(tiles))} largest of {every}" if of > len(tiles) else every
    return Matrix(
        f"{shown} among {counted(len(answers.class_names), 'class', 'classes')}, more than a matrix on paper has room "
        f"for: true class → what its images are taken for. {_shown(context, 'tile')}",
        largest=tuple(tiles),
    )


def _label(context: ViewContext) -> Callable[[int], Label]:
    colours, names = colours_of(context.data), context.data.class_names
    return lambda label: (short(names[label]), colours[label])


def _faces(
    context: ViewContext, answers: Answers, cells: Iterable[tuple[int, int, int]]
) -> list[Picture | None]:
    """Give the error with the lowest margin of each cell."""
    rows, alts = [], []
    for i, j, _ in cells:
        rows.append(answers.worst_first((answers.true == i) & (answers.predicted == j))[0])
        alts.append(f"{answers.class_names[i]}, taken for {answers.class_names[j]}")
    many = len(answers.class_names) > MOST_CLASSES
    return pictures_of(context.data, rows, alts, LARGE_SIDE if many else SIDE)
