"""A table of what was tried, with notes to write and settings to use or to pin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from dashboard.components.widget import widget


@dataclass(frozen=True)
class HistoryRow:
    """Describe one setting.

    Attributes
    ----------
    run, C, dials : str
        Its run, empty if it is the one that is shown anyway, its penalty, and the rest of it.
    accuracy, interval : str
        Of the test split.
    change, chance : str
        Against the baseline: the difference, and its p; empty where they cannot be compared.
    tried : str
        When, ISO 8601; empty for what was there before this session.
    note : str
        The visitor's own words.
    used, pinned : bool
        Whether it is in use, and whether it is the baseline.
    """

    run: str
    C: str
    dials: str
    accuracy: str
    interval: str
    change: str
    chance: str
    tried: str
    note: str
    used: bool
    pinned: bool


def history_table(
    rows: Sequence[HistoryRow],
    key: str,
    *,
    use: Callable[[int], None],
    pin: Callable[[int], None],
    note: Callable[[int, str], None],
) -> None:
    """Show the table.

    Parameters
    ----------
    rows : sequence of HistoryRow
        In their order.
    key : str
        Tells several tables of a page apart.
    use, pin : callable
        Called with the index of the row to use, or to compare with.
    note : callable
        Called with the index of a row and its new note.
    """

    def said(name: str) -> Any:
        return getattr(st.session_state[key], name)

    def chosen(name: str, act: Callable[[int], None]) -> Callable[[], None]:
        def changed() -> None:
            index = row_index(said(name), len(rows))
            if index is not None:
                act(index)

        return changed

    def noted() -> None:
        written = said("note")
        if isinstance(written, dict) and isinstance(written.get("text"), str):
            index = row_index(written.get("row"), len(rows))
            if index is not None:
                note(index, written["text"])

    data = {"rows": [asdict(row) for row in rows]}
    widget("history_table", '<div class="history"></div>')(
        key=key,
        data=data,
        on_use_change=chosen("use", use),
        on_pin_change=chosen("pin", pin),
        on_note_change=noted,
    )


def row_index(value: Any, n: int) -> int | None:
    """Read the index of a row, which the browser may have made up."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and value in range(n)
    return int(value) if good else None
