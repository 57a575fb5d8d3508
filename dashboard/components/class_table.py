"""A sortable table of every class's scores in the browser; clicking a class tells which."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.metrics import ClassScores
from dashboard.palette import class_colours

_UI = Path(__file__).parents[1] / "ui"
_SCORES = (
    ("Precision", "Of the images predicted as the class: the share that is of it"),
    ("Recall", "Of the images of the class: the share predicted as it"),
    ("F1", "Harmonic mean of precision and recall"),
)


def class_table(
    scores: ClassScores, class_names: Sequence[str], key: str, action: str, picked: Callable[[int], None]
) -> None:
    """Show the table.

    Parameters
    ----------
    scores : ClassScores
        Of k classes.
    class_names : sequence of str
        Their k names.
    key : str
        Tells several tables of a page apart.
    action : str
        What a click does, in words.
    picked : callable
        Called with the label of the class that was clicked.
    """

    def changed() -> None:
        label = st.session_state[key].picked
        if isinstance(label, int | float) and label in range(
            len(class_names)
        ):  # the browser may send anything
            picked(int(label))

    content = {"rows": _rows(scores, class_names), "scores": _headings(), "action": action}
    _component()(key=key, data=content, on_picked_change=changed)


def _headings() -> list[dict[str, str]]:
    return [{"name": name, "help": text} for name, text in _SCORES]


def _rows(scores: ClassScores, class_names: Sequence[str]) -> list[dict[str, Any]]:
    k = len(class_names)
    light, dark = class_colours(k, dark=False), class_colours(k, dark=True)
    return [
        {
            "label": label,
            "name": class_names[label],
            "colour": [light[label], dark[label]],
            "scores": [_number(column[label]) for column in (scores.precision, scores.recall, scores.f1)],
            "support": int(scores.support[label]),
        }
        for label in range(k)
    ]


def _number(score: float) -> float | None:
    return None if math.isnan(score) else round(float(score), 6)


def _component() -> Any:
    """Register the component with the running server, as Streamlit wants it at every start."""
    script = (_UI / "class_table.js").read_text(encoding="utf-8")
    style = (_UI / "class_table.css").read_text(encoding="utf-8")
    return st.components.v2.component(
        "lazybones_class_table", html='<div class="classes"></div>', js=script, css=style
    )
