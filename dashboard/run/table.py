"""The further columns of a run's images, as pages and maps show them."""

from __future__ import annotations

from dataclasses import replace
from threading import Condition

import numpy as np
from cachetools import LRUCache, cached

from cache.artefact import Artefact
from cache.columns import Column, read_columns
from dashboard.wording.escaping import shown
from dashboard.wording.numbers import number

LEGEND = 20
"""Names of categories that have a colour each; where there are more, the most frequent ones come first."""


@cached(LRUCache(4), key=lambda dataset: dataset.digest, condition=Condition())
def table_of(dataset: Artefact) -> tuple[Column, ...]:
    """Give a data set's further columns; read once, however many ask.

    Names and texts can stand in a sentence. Of more than 20 categories the most frequent come first.

    Raises
    ------
    ArtefactCorrupt
        If they cannot be read.
    """
    found: dict[str, Column] = {}
    for place, column in enumerate(read_columns(dataset)):
        made = _shown(column, shown(column.name) or f"column {place + 1}")
        name = f"{made.name} ({place + 1})" if made.name in found else made.name
        found[name] = replace(made, name=name)
    return tuple(found.values())


def said_of(dataset: Artefact, row: int) -> list[tuple[str, str]]:
    """Give each column's name and what it says of a test image, in words: "" where it says nothing."""
    return [(column.name, words(column, row)) for column in table_of(dataset)]


def words(column: Column, row: int) -> str:
    """Write a value as people read it."""
    value = column.values[row]
    if column.missing[row]:
        return ""
    if column.kind == "category":
        return column.names[int(value)]
    if column.kind == "number":
        return number(float(value))
    return str(value) if column.kind == "text" else moment(value)


def moment(value: np.datetime64) -> str:
    """Write a date, and its time of day where it has one."""
    day, rest = str(value.astype("datetime64[ms]")).split("T")
    return day if not rest.strip("0:.") else f"{day} {rest.removesuffix('.000').removesuffix(':00')}"


def _shown(column: Column, name: str) -> Column:
    if column.kind == "text":
        texts = np.array([value and shown(value) for value in column.values], object)
        return replace(column, name=name, values=texts)
    names = tuple(shown(text) or "(no name)" for text in column.names)
    if len(names) <= LEGEND:
        return replace(column, name=name, names=names)
    counts = np.bincount(column.values[column.values >= 0], minlength=len(names))
    order = np.argsort(-counts, kind="stable")
    places = np.full(len(names) + 1, -1, np.int16)  # the last one is what -1 finds
    places[order] = np.arange(len(names))
    ordered = tuple(names[place] for place in order)
    return replace(column, name=name, names=ordered, values=places[column.values])
