"""A matrix of many classes that scrolls and zooms; a click on a cell, a name or a total tells which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.components.widget import heard, widget
from dashboard.figures.matrix import Choice, clicked_choice
from dashboard.figures.theme import Theme


@dataclass(frozen=True)
class MatrixContent:
    """Describe the matrix.

    Attributes
    ----------
    matrix : ndarray of int64, shape (k, k)
        Counts; rows are true classes.
    class_names : sequence of str, length k
        Names of the classes.
    order : ndarray of intp, shape (k,)
        Labels from top to bottom, and from left to right.
    normalised : bool
        Whether cells are coloured by their share of the row, instead of by count.
    chosen : tuple of (int or None, int or None)
        The true and predicted class to outline.
    label : str
        What it shows, for screen readers.
    totals : tuple of ndarray, shapes (k,), (k,), or None
        Of rows and of columns, where they are not sums of the cells: then cells are differences, of which more is
        better on the diagonal and worse elsewhere.
    """

    matrix: NDArray[np.int64]
    class_names: Sequence[str]
    order: NDArray[np.intp]
    normalised: bool
    chosen: Choice
    label: str
    totals: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None


def class_matrix(content: MatrixContent, colours: Theme, key: str, picked: Callable[[Choice], None]) -> None:
    """Show a matrix.

    Parameters
    ----------
    content : MatrixContent
        What to show.
    colours : Theme
        Light or dark.
    key : str
        Tells several of a page apart.
    picked : callable
        Called with what was clicked, before the script runs again.
    """

    def clicked() -> None:
        told = heard(key, "picked")
        choice = clicked_choice([{"customdata": told}], len(content.class_names))
        if choice is not None:
            picked(choice)

    widget("class_matrix")(key=key, data=message(content, colours), on_picked_change=clicked)


def message(content: MatrixContent, colours: Theme) -> dict[str, Any]:
    """Write what the browser is told: only cells that have images, row by row."""
    rows, columns = np.nonzero(content.matrix)
    return {
        "names": list(content.class_names),
        "order": content.order.tolist(),
        "cells": {
            "row": rows.tolist(),
            "column": columns.tolist(),
            "count": content.matrix[rows, columns].tolist(),
        },
        "totals": content.totals and [total.tolist() for total in content.totals],
        "normalised": content.normalised,
        "chosen": list(content.chosen),
        "label": content.label,
        "colours": asdict(colours),
    }
