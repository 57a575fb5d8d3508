"""A table of what was tried, with notes to write and settings to use or to pin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from dashboard.components.widget import heard, row_index, widget


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

    def act(event: str, listener: Callable[[int], None]) -> None:
        index = row_index(heard(key, event), range(len(rows)))
        if index is not None:
            listener(index)

    def noted() -> None:
        written = heard(key, "note")
        if isinstance(written, dict) and isinstance(written.get("text"), str):
            index = row_index(written.get("row"), range(len(rows)))
            if index is not None:
                note(index, written["text"])

    data = {"rows": [asdict(row) for row in rows]}
    widget("history_table")(
        key=key,
        data=data,
        on_use_change=lambda: act("use", use),
        on_pin_change=lambda: act("pin", pin),
        on_note_change=noted,
    )
