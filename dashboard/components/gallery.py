"""A grid of crisp image tiles in the browser; clicking one tells which image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from dashboard.components.sprites import SpriteSheet
from dashboard.components.widget import heard, row_index, widget

_NO_CLASS = -1

Word = tuple[str, int]
"""A text, and the class whose colour marks it, or -1."""


def word(text: str, label: int = _NO_CLASS) -> Word:
    """Give a word of a caption; with a label, that class's colour stands before it."""
    return text, int(label)


@dataclass(frozen=True)
class Tile:
    """Describe one image of a gallery.

    Attributes
    ----------
    row : int
        The image's row of the test split: what a click reports.
    title : str
        What the image is, in words: tooltip and text for screen readers.
    lines : sequence of sequences of (str, int)
        Caption lines made of words; see `word`.
    wrong : bool
        Whether to frame the image as a wrong prediction.
    """

    row: int
    title: str
    lines: Sequence[Sequence[Word]] = ()
    wrong: bool = False


@dataclass(frozen=True)
class Group:
    """Hold tiles under one heading; a label gives the heading its class's colour."""

    tiles: Sequence[Tile]
    heading: str = ""
    label: int = _NO_CLASS


@dataclass(frozen=True)
class Look:
    """Say how large tiles are.

    Attributes
    ----------
    size : int
        Width of a tile in pixels: the least in a flowing grid, the most in one with fixed columns.
    columns : int
        Tiles in a row; 0 for as many as fit.
    level : int
        Of the groups' headings, 3 or 4: one below what the gallery stands under.
    """

    size: int = 104
    columns: int = 0
    level: int = 3


@dataclass(frozen=True)
class Gallery:
    """Hold everything a gallery shows.

    Attributes
    ----------
    groups : sequence of Group
        The tiles; at least one in all.
    sheet : SpriteSheet
        Their pixels, in the order of the tiles over all groups.
    colours : sequence of str
        Of the run's classes, ``#RRGGBB``.
    action : str
        What a click does, in words; empty if nothing can be clicked.
    selected : int, optional
        The selected row.
    """

    groups: Sequence[Group]
    sheet: SpriteSheet
    colours: Sequence[str]
    action: str
    selected: int | None = None
    look: Look = field(default_factory=Look)

    def payload(self) -> dict[str, Any]:
        """Give what the browser gets."""
        return {
            "sheet": asdict(self.sheet),
            "groups": [asdict(group) for group in self.groups],
            "colours": self.colours,
            "action": self.action,
            "selected": self.selected,
            **asdict(self.look),
        }


def gallery(content: Gallery, key: str, picked: Callable[[int], None]) -> None:
    """Show a gallery.

    Parameters
    ----------
    content : Gallery
        What to show.
    key : str
        Tells several galleries of a page apart.
    picked : callable
        Called with the row of the tile that was clicked, before the script runs again.
    """
    rows = {tile.row for group in content.groups for tile in group.tiles}

    def changed() -> None:
        row = row_index(heard(key, "picked"), rows)
        if content.action and row is not None:
            picked(row)

    widget("gallery")(key=key, data=content.payload(), on_picked_change=changed)
