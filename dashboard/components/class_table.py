"""A sortable table of numbers of every class in the browser; clicking a class tells which."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.components.widget import widget
from dashboard.figures.palette import class_colours
from dashboard.statistics.scores import ClassScores, wilson_interval
from dashboard.wording.numbers import interval95, score


@dataclass(frozen=True)
class Column:
    """Describe a column of k classes.

    Attributes
    ----------
    name, help : str
        Its heading, and what it means.
    values : ndarray of float64, shape (k,)
        One a class; NaN where it cannot be measured.
    signed : bool
        Whether they are differences, -1 to 1, written in points of per cent; else shares, 0 to 1.
    notes : sequence of str, length k
        What is shown when the pointer rests on a value; may be empty.
    """

    name: str
    help: str
    values: NDArray[Any]
    signed: bool = False
    notes: Sequence[str] = ()


def class_table(
    scores: ClassScores,
    class_names: Sequence[str],
    key: str,
    action: str,
    picked: Callable[[int], None],
    located: Callable[[int], None] | None = None,
) -> None:
    """Show precision, recall and F1.

    Parameters
    ----------
    scores : ClassScores
        Of k classes.
    class_names, key, action, picked, located
        As `column_table`.
    """
    columns = (
        Column(
            "Precision",
            "Of the images predicted as the class: the share that is of it",
            scores.precision,
            notes=_intervals(scores.precision, scores.predicted),
        ),
        Column(
            "Recall",
            "Of the images of the class: the share predicted as it",
            scores.recall,
            notes=_intervals(scores.recall, scores.support),
        ),
        Column("F1", "Harmonic mean of precision and recall", scores.f1),
    )
    column_table(columns, scores.support, class_names, key, action, picked, located)


def _intervals(shares: NDArray[np.float64], counts: NDArray[np.int64]) -> list[str]:
    """Write the interval of each share that was measured on some images."""
    notes = []
    for share, n in zip(shares, counts.tolist(), strict=True):
        low, high = wilson_interval(round(share * n), n) if n else (0.0, 1.0)
        notes.append(interval95(low, high, score) if n else "")
    return notes


def column_table(
    columns: Sequence[Column],
    support: NDArray[Any],
    class_names: Sequence[str],
    key: str,
    action: str,
    picked: Callable[[int], None],
    located: Callable[[int], None] | None = None,
) -> None:
    """Show a table.

    Parameters
    ----------
    columns : sequence of Column
        From left to right.
    support : ndarray of int, shape (k,)
        Test images of each class.
    class_names : sequence of str
        Their k names.
    key : str
        Tells several tables of a page apart.
    action : str
        What a click does, in words.
    picked : callable
        Called with the label of the class that was clicked.
    located : callable, optional
        Called with the label of a class that is wanted on the map; without it there is no button for that.
    """

    def tell(event: str, listener: Callable[[int], None] | None) -> None:
        label = st.session_state[key].get(event)
        known = type(label) in (int, float) and label in range(
            len(class_names)
        )  # the browser may send anything
        if known and listener is not None:
            listener(int(label))

    headings = [{"name": column.name, "help": column.help, "signed": column.signed} for column in columns]
    content = {
        "rows": _rows(columns, support, class_names),
        "scores": headings,
        "action": action,
        "locates": located is not None,
    }
    widget("class_table", '<div class="classes"></div>')(
        key=key,
        data=content,
        on_picked_change=lambda: tell("picked", picked),
        on_located_change=lambda: tell("located", located),
    )


def _rows(
    columns: Sequence[Column], support: NDArray[Any], class_names: Sequence[str]
) -> list[dict[str, Any]]:
    k = len(class_names)
    light, dark = class_colours(k, dark=False), class_colours(k, dark=True)
    return [
        {
            "label": label,
            "name": class_names[label],
            "colour": [light[label], dark[label]],
            "scores": [_number(column.values[label]) for column in columns],
            "notes": [column.notes[label] if column.notes else "" for column in columns],
            "support": int(support[label]),
        }
        for label in range(k)
    ]


def _number(score: float) -> float | None:
    return None if math.isnan(score) else round(float(score), 6)
