"""Cards, or lines, with a number each, of which one can be chosen by a click."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.components.sprites import SpriteSheet
from dashboard.components.widget import heard, widget

TONES = ("good", "bad", "plain")
LINE = 34
"""Pixels that a line of a list takes."""


@dataclass(frozen=True)
class Choice:
    """Describe a card.

    Attributes
    ----------
    name : str
        What a click reports.
    label, value, note : str
        What the card says: what it counts, the number, and a line below.
    tone : str
        Colour of its edge, one of ``TONES``.
    faces : int
        How many images of the sheet stand below it, after those of the cards before.
    """

    name: str
    label: str
    value: str
    note: str
    tone: str = "plain"
    faces: int = 0


def choices(
    cards: Sequence[Choice],
    key: str,
    chosen: str | None,
    picked: Callable[[str | None], None],
    *,
    columns: int = 0,
    lines: bool = False,
    sheet: SpriteSheet | None = None,
    located: Callable[[str], None] | None = None,
) -> None:
    """Show cards, or a list.

    Parameters
    ----------
    cards : sequence of Choice
        In their order.
    key : str
        Tells several groups of cards on a page apart.
    chosen : str, optional
        Name of the card that is chosen now.
    picked : callable
        Called with the name of the card that was clicked, or None if that was the chosen one.
    columns : int
        Cards in a row; 0 for as many as fit.
    lines : bool
        Whether each is a line of a list.
    sheet : SpriteSheet, optional
        Images of the cards, in their order.
    located : callable, optional
        Called with the name of the card whose button "on the map" was pressed; cards have none without it.
    """
    data = message(cards, chosen, columns=columns, lines=lines, sheet=sheet, locates=located is not None)
    names = {card.name for card in cards}
    widget("choices")(
        key=key,
        data=data,
        height=LINE * len(cards) if lines else "content",  # kept free until it is there: nothing below moves
        on_picked_change=_heard(key, "picked", names, lambda name: picked(None if name == chosen else name)),
        on_located_change=_heard(key, "located", names, located or (lambda _: None)),
    )


def message(
    cards: Sequence[Choice],
    chosen: str | None,
    *,
    columns: int = 0,
    lines: bool = False,
    sheet: SpriteSheet | None = None,
    locates: bool = False,
) -> dict[str, Any]:
    """Write what the browser is told; see `choices`."""
    return {
        "cards": [asdict(card) for card in cards],
        "chosen": chosen,
        "locates": locates,
        "columns": columns,
        "lines": lines,
        "sheet": sheet and asdict(sheet),
    }


def _heard(key: str, event: str, names: Container[str], told: Callable[[str], None]) -> Callable[[], None]:
    """Make what a component calls, whose browser may send anything: only names of its cards are told."""

    def changed() -> None:
        name = heard(key, event)
        if isinstance(name, str) and name in names:
            told(name)

    return changed
