"""Which images are looked at: one filter, which the map, the galleries and the URL share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import NDArray

from cache.columns import Column
from dashboard.page.bounds import Bounds, read_bounds, write_bounds
from dashboard.page.query import Between, Indices, OneOf, Word, parameter

OUTCOMES = ("all", "correct", "wrong")
"""Which predictions pass."""

FLIPS = ("fixed", "broke", "both")
"""Which images pass of those that change sides: right where the baseline is wrong, or the other way round."""

COLUMN = "column."
"""What stands before the name of a table's column."""

Wanted = tuple[int, ...] | Bounds
"""Of a column: some of its categories, or a range of its numbers or dates (milliseconds since 1970)."""

LONGEST_TEXT = 200
"""Characters that are searched."""

LAST_MOMENT = 8.64e15
"""Milliseconds from 1970 to the last date that browsers know."""

_LABELS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})*")
_MOST_COLUMNS = 50


@dataclass(frozen=True)
class Text(Word):
    """Take any text that is not empty, cut to ``LONGEST_TEXT``."""

    allowed: ClassVar[str] = "a text"

    def value(self, text: str) -> str | None:
        """Give the text."""
        return text[:LONGEST_TEXT] or None


@dataclass(frozen=True)
class Where(Word):
    """Take what is wanted of a table's columns: ``column.weather:1.4,column.price:5..40``."""

    allowed: ClassVar[str] = "columns, each with what is wanted of it, such as column.price:5..40"

    def value(self, text: str) -> tuple[tuple[str, Wanted], ...] | None:
        """Give each column's name, and what is wanted of it."""
        found: dict[str, Wanted] = {}
        for part in text.split(",")[:_MOST_COLUMNS]:
            name, _, said = part.partition(":")
            wanted = _wanted(said)
            if not name or wanted is None:
                return None
            found[unquote(name)] = wanted
        return tuple(found.items())

    def write(self, value: tuple[tuple[str, Wanted], ...]) -> dict[str, str]:
        """Write names and wishes; what has a meaning in between is encoded in the names."""
        return {self.name: ",".join(f"{quote(name, safe=_PLAIN)}:{_said(wanted)}" for name, wanted in value)}


_PLAIN = "!~*'()"
"""What JavaScript's ``encodeURIComponent`` leaves as it is, besides letters and digits."""


@dataclass(frozen=True, eq=False)
class Images:
    """Hold what is known of n images, by which they are filtered.

    Attributes
    ----------
    true : ndarray of int, shape (n,)
        True labels.
    names : sequence of str
        Ids or file names, n of them.
    predicted : ndarray of int, shape (n,), or None
        Predicted labels; None without a classifier, and then nothing is asked of them, of margins or of flips.
    margin : ndarray of float, shape (n,), or None
        NaN for none.
    columns : mapping of str to Column
        A table's columns, by name.
    fixed, broke : ndarray of bool, shape (n,), or None
        Right where the baseline is wrong, and the other way round; None where there is nothing to compare with.
    """

    true: NDArray[Any]
    names: Sequence[str]
    predicted: NDArray[Any] | None = None
    margin: NDArray[np.floating[Any]] | None = None
    columns: Mapping[str, Column] = field(default_factory=dict)
    fixed: NDArray[np.bool_] | None = None
    broke: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Filter:
    """Say which images pass; without a wish, all.

    Attributes
    ----------
    true, predicted : tuple of int
        Classes: labels, ascending; empty for all.
    outcome : str
        One of ``OUTCOMES``.
    margin : tuple of (float or None, float or None)
        Lowest and highest.
    text : str
        What the id or file name, or a column of text, holds, in capitals or not.
    where : tuple of (str, Wanted)
        Of a table's columns.
    flips : str
        One of ``FLIPS``; empty for all.
    """

    true: tuple[int, ...] = parameter(Indices("true", "classes"), ())
    predicted: tuple[int, ...] = parameter(Indices("predicted", "classes"), ())
    outcome: str = parameter(OneOf("only", OUTCOMES), "all")
    margin: Bounds = parameter(Between("margin"), (None, None))
    text: str = parameter(Text("find"), "")
    where: tuple[tuple[str, Wanted], ...] = parameter(Where("where"), ())
    flips: str = parameter(OneOf("flips", FLIPS), "")

    def within(self, n_classes: int) -> Filter:
        """Drop the classes that a run does not have."""
        true, predicted = ((x for x in labels if x < n_classes) for labels in (self.true, self.predicted))
        return replace(self, true=tuple(true), predicted=tuple(predicted))

    def wishes(self, columns: Mapping[str, Column]) -> Iterator[tuple[Column, Wanted]]:
        """Give the columns that something is wanted of, and what; a wish that is none of its column's kind is none."""
        for name, wanted in self.where:
            column = columns.get(name.removeprefix(COLUMN)) if name.startswith(COLUMN) else None
            if column is not None and _is_of_its_kind(column, wanted):
                yield column, wanted

    def without(self, column: Column) -> Filter:
        """Want nothing of a column."""
        return replace(self, where=tuple(one for one in self.where if one[0] != COLUMN + column.name))

    def passing(self, images: Images) -> NDArray[np.bool_]:
        """Tell which images pass, bool (n,). What is not known of them asks nothing of them."""
        passes = np.ones(len(images.true), np.bool_)
        for labels, values in ((self.true, images.true), (self.predicted, images.predicted)):
            if labels and values is not None:
                passes &= np.isin(values, labels)
        if self.outcome != "all" and images.predicted is not None:
            passes &= (images.predicted == images.true) == (self.outcome == "correct")
        if images.margin is not None:
            passes &= _between(images.margin, self.margin)
        for column, wanted in self.wishes(images.columns):
            passes &= _as_wanted(column, wanted)
        if self.flips and images.fixed is not None and images.broke is not None:
            passes &= {"fixed": images.fixed, "broke": images.broke}.get(
                self.flips, images.fixed | images.broke
            )
        return passes & _holding(images, self.text) if self.text else passes


def _wanted(said: str) -> Wanted | None:
    if _LABELS.fullmatch(said):
        return tuple(sorted({int(part) for part in said.split(".")}))
    return read_bounds(said)


def _said(wanted: Wanted) -> str:
    is_range = len(wanted) == 2 and any(not isinstance(end, int) for end in wanted)
    return write_bounds(wanted) if is_range else ".".join(map(str, wanted))  # type: ignore[arg-type]


def _between(values: NDArray[Any], bounds: Bounds) -> NDArray[np.bool_]:
    """Tell what is in a range; what is no number is only in the open one."""
    low, high = bounds
    if (low, high) == (None, None):
        return np.ones(len(values), np.bool_)
    first, last = -np.inf if low is None else low, np.inf if high is None else high
    return np.asarray((values >= first) & (values <= last))


def _as_wanted(column: Column, wanted: Wanted) -> NDArray[np.bool_]:
    """Tell where a column says what is wanted."""
    if column.kind == "category":
        return np.isin(column.values, np.array(wanted, np.int64))
    numbers = column.values
    if column.kind == "date":
        numbers = np.where(np.isnat(numbers), np.nan, numbers.astype("datetime64[ms]").astype(np.float64))
    return _between(numbers, wanted)  # type: ignore[arg-type]


def _is_of_its_kind(column: Column, wanted: Wanted) -> bool:
    if all(isinstance(one, int) for one in wanted):
        return column.kind == "category"
    is_date = all(one is None or abs(one) <= LAST_MOMENT for one in wanted)
    return column.kind == "number" or (column.kind == "date" and is_date)


def _holding(images: Images, text: str) -> NDArray[np.bool_]:
    """Tell whose name, or text, holds a text."""
    wanted = re.compile(re.escape(text), re.IGNORECASE)
    found = np.fromiter((bool(wanted.search(name)) for name in images.names), np.bool_, len(images.true))
    for column in images.columns.values():
        if column.kind == "text":
            found |= np.fromiter(
                (value is not None and bool(wanted.search(value)) for value in column.values),
                np.bool_,
                len(column),
            )
    return found
