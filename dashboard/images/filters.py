"""Which images pass, on pages beside the map: in one line, which can be changed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import streamlit as st

from cache.counting import counted
from dashboard.page.bound import bound_to
from dashboard.page.bounds import Bounds
from dashboard.page.context import ViewContext
from dashboard.page.view_state import ALL_IMAGES
from dashboard.run.table import moment, table_of
from dashboard.wording.escaping import markdown
from dashboard.wording.numbers import number, signed, thousands

_ALL, _SEVERAL = -1, -2  # a select box takes None for "nothing chosen yet"
NAMED = 3
"""Classes that a chip names; more are counted."""
_CLEARED = MappingProxyType({name: ALL_IMAGES[name] for name in ("filter", "rows")})


def filter_bar(
    context: ViewContext,
    predicted: str = "Predicted class",
    *,
    first: str = "True class",
    cleared: Mapping[str, object] = _CLEARED,
) -> None:
    """Choose a true and a predicted class, see what else filters, and take it away.

    Parameters
    ----------
    context : ViewContext
        Has the filter.
    predicted, first : str
        What the two classes are called.
    cleared : mapping of str to object
        Changes of the view that take away all that narrows the page's list.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        _classes(context, first, "true")
        _classes(context, predicted, "predicted")
        for words, without in chips(context):
            st.button(
                words,
                key=f"filter {words}",
                icon=":material/close:",
                help="Take this filter away",
                width="content",
                on_click=_change,
                args=(context, without),
            )
        _rows(context)
        st.button(
            "Clear filters",
            icon=":material/filter_alt_off:",
            disabled=all(getattr(context.view, name) == none for name, none in cleared.items()),
            width="content",
            on_click=lambda: context.change(**cleared),
        )


def _rows(context: ViewContext) -> None:
    """Say that only chosen images pass, where that is so, and take it away."""
    if context.view.rows:
        st.button(
            "Chosen images only",
            icon=":material/close:",
            help="List all images again",
            width="content",
            on_click=lambda: context.change(rows=""),
        )


def _change(context: ViewContext, parts: dict[str, Any]) -> None:
    context.change(filter=replace(context.now.filter, **parts))


def chips(context: ViewContext) -> Iterator[tuple[str, dict[str, Any]]]:
    """Say each filter beside the two classes in a few words, with what takes it away: parts of the filter."""
    filters = context.view.filter
    if filters.outcome != "all":
        yield ("Right" if filters.outcome == "correct" else "Wrong"), {"outcome": "all"}
    if filters.margin != (None, None):
        yield f"Margin {_range(filters.margin)}", {"margin": (None, None)}
    if filters.text:
        yield f"Name has “{markdown(filters.text)}”", {"text": ""}
    if filters.flips:
        yield {"fixed": "Fixed", "broke": "Broke"}.get(filters.flips, "Fixed or broke"), {"flips": ""}
    columns = (
        {column.name: column for column in table_of(context.data.artefact("dataset"))}
        if filters.where
        else {}
    )
    for column, wanted in filters.wishes(columns):
        if column.kind == "category":
            said = _some([name for label, name in enumerate(column.names) if label in wanted])
        else:
            said = _range(wanted, is_date=column.kind == "date")  # type: ignore[arg-type]
        yield f"{markdown(column.name)}: {said}", {"where": filters.without(column).where}


def _some(names: list[str]) -> str:
    return ", ".join(map(markdown, names)) if len(names) <= NAMED else f"{thousands(len(names))} chosen"


def _range(bounds: Bounds, *, is_date: bool = False) -> str:
    def said(value: float) -> str:
        return (
            moment(np.datetime64(int(value), "ms"))
            if is_date
            else signed(value)
            if value < 0
            else number(value)
        )

    low, high = bounds
    if low is None:
        return "" if high is None else f"up to {said(high)}"
    return f"from {said(low)}" if high is None else f"{said(low)} to {said(high)}"


def _classes(context: ViewContext, label: str, part: str) -> None:
    """Choose one class of a kind, or all; of several, which the map's legend chooses, how many they are."""
    names, chosen = context.data.class_names, getattr(context.view.filter, part)
    several = [_SEVERAL] if len(chosen) > 1 else []

    def named(option: int) -> str:
        if option == _SEVERAL:
            return _plain(names, chosen)
        return "All classes" if option == _ALL else names[option]

    def picked(option: int) -> None:
        if option != _SEVERAL:
            _change(context, {part: () if option == _ALL else (option,)})

    now = _SEVERAL if several else chosen[0] if chosen else _ALL
    widget = bound_to(f"filter by {part}", now, picked)
    st.selectbox(label, [_ALL, *several, *range(len(names))], format_func=named, **widget)


def _plain(names: Any, labels: tuple[int, ...]) -> str:
    return (
        ", ".join(names[label] for label in labels)
        if len(labels) <= NAMED
        else counted(len(labels), "class", "classes")
    )
