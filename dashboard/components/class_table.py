"""A sortable table of numbers of every class in the browser; clicking a class tells which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from dashboard.components.widget import heard, row_index, widget
from dashboard.statistics.scores import wilson_interval
from dashboard.wording.numbers import interval95, score

FALLING = "_down"
"""Behind a column's word: its highest value first."""

RECALL = 1
"""Place of recall among the columns of `class_table`."""


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
    word : str
        What the URL calls it; its name in small letters unless given.
    """

    name: str
    help: str
    values: NDArray[Any]
    signed: bool = False
    notes: Sequence[str] = ()
    word: str = ""


@dataclass(frozen=True)
class Ranked:
    """Say how the classes of a table are sorted.

    Attributes
    ----------
    word : str or None
        The word of a column, with `FALLING` or without; None, or one that the table has not: its usual order.
    choose : callable
        Called with the word of another order, None for the usual one.
    """

    word: str | None
    choose: Callable[[str | None], None]


def class_table(
    scores: pd.DataFrame,
    class_names: Sequence[str],
    colours: Sequence[str],
    key: str,
    action: str,
    picked: Callable[[int], None],
    located: Callable[[int], None] | None = None,
    *,
    ranked: Ranked | None = None,
) -> None:
    """Show precision, recall and F1, the class of the lowest recall first.

    Parameters
    ----------
    scores : DataFrame
        As `dashboard.statistics.scores.class_scores` gives it.
    class_names, colours, key, action, picked, located, ranked
        As `column_table`.
    """
    shown = (score_columns(scores), scores.support, class_names, colours)
    column_table(*shown, key, action, picked, located, worst=RECALL, ranked=ranked)


def score_columns(scores: pd.DataFrame) -> list[Column]:
    """Give the columns of precision, recall and F1, with the intervals of the first two."""
    table = (
        ("Precision", "Of the images predicted as the class: the share that is of it", "predicted"),
        ("Recall", "Of the images of the class: the share predicted as it", "support"),
    )
    columns = [
        Column(name, meaning, scores[name.lower()], notes=_intervals(scores[name.lower()], scores[of]))
        for name, meaning, of in table
    ]
    return [*columns, Column("F1", "Harmonic mean of precision and recall", scores.f1)]


def _intervals(shares: Iterable[float], counts: Iterable[int]) -> list[str]:
    """Write the interval of each share that was measured on some images."""
    measured = zip(shares, counts, strict=True)
    return [interval95(*wilson_interval(round(share * n), n), score) if n else "" for share, n in measured]


def column_table(
    columns: Sequence[Column],
    support: NDArray[Any],
    class_names: Sequence[str],
    colours: Sequence[str],
    key: str,
    action: str,
    picked: Callable[[int], None],
    located: Callable[[int], None] | None = None,
    *,
    worst: int = -1,
    ranked: Ranked | None = None,
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
    colours : sequence of str
        Their k colours, ``#RRGGBB``.
    key : str
        Tells several tables of a page apart.
    action : str
        What a click does, in words.
    picked : callable
        Called with the label of the class that was clicked.
    located : callable, optional
        Called with the label of a class that is wanted on the map; without it there is no button for that.
    worst : int
        The column whose lowest value stands first until somebody sorts; -1: the classes are in the data set's order.
    ranked : Ranked, optional
        How it is sorted; without it the browser alone knows.
    """
    usual = _Order(worst, falling=False)
    orders = _orders(columns)
    shown = orders.get(ranked.word or "", usual) if ranked else usual
    content = message(columns, support, class_names, colours, action=action, locates=located is not None)
    widget("class_table")(
        key=key,
        data={**content, "order": asdict(shown)},
        on_picked_change=lambda: _tell(key, "picked", picked, len(class_names)),
        on_located_change=lambda: _tell(key, "located", located, len(class_names)),
        on_ranked_change=lambda: _choose_order(heard(key, "ranked"), orders, usual, ranked),
    )


def message(
    columns: Sequence[Column],
    support: NDArray[Any],
    class_names: Sequence[str],
    colours: Sequence[str],
    *,
    action: str,
    locates: bool,
    worst: int = -1,
) -> dict[str, Any]:
    """Write what the browser is told of a table; see `column_table`.

    Parameters
    ----------
    columns, support, class_names, colours, action, worst
        As `column_table`.
    locates : bool
        Whether there is a button that shows a class on the map.
    """
    return {
        "rows": _rows(columns, support, class_names, colours),
        "scores": [{"name": column.name, "help": column.help, "signed": column.signed} for column in columns],
        "action": action,
        "locates": locates,
        "order": asdict(_Order(worst, falling=False)),
    }


@dataclass(frozen=True)
class _Order:
    """Sort by a column: -1 is that of the names, then come the numbers, then the support."""

    column: int
    falling: bool


def _orders(columns: Sequence[Column]) -> dict[str, _Order]:
    """Give the orders that a table can have, by what the URL calls them."""
    words = ["class", *(column.word or column.name.lower() for column in columns), "images"]
    ways = {"": False, FALLING: True}
    return {
        word + way: _Order(i - 1, falling) for i, word in enumerate(words) for way, falling in ways.items()
    }


def _choose_order(told: Any, orders: dict[str, _Order], usual: _Order, ranked: Ranked | None) -> None:
    """Tell of the order that a browser says; it may say anything."""
    word = next((word for word, order in orders.items() if asdict(order) == told), None)
    if ranked and word:
        ranked.choose(None if orders[word] == usual else word)


def _tell(key: str, event: str, listener: Callable[[int], None] | None, k: int) -> None:
    """Call the listener with the label, one of k, of the class that an event of a table is about."""
    label = row_index(heard(key, event), range(k))
    if label is not None and listener is not None:
        listener(label)


def _rows(
    columns: Sequence[Column], support: NDArray[Any], class_names: Sequence[str], colours: Sequence[str]
) -> list[dict[str, Any]]:
    k = len(class_names)
    scores = pd.DataFrame({i: column.values for i, column in enumerate(columns)}).round(6).astype(object)
    table = pd.DataFrame(
        {
            "label": range(k),
            "name": class_names,
            "colour": colours,
            "scores": scores.where(scores.notna(), None).to_numpy().tolist(),
            "notes": [*zip(*(column.notes or [""] * k for column in columns), strict=True)],
            "support": support,
        }
    )
    rows: list[dict[str, Any]] = table.to_dict("records")
    return rows
