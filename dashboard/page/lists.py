"""The lists of images on a page, each of which the drawer can walk through: they follow from the address.

Whatever opens the drawer names its list, and the page offers that list while it is drawn, made of the view alone. So a
reload, or a link that somebody else opens, has the same lists. Which of them is walked is in the address as well, but
for the first one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboard.run.data import Rows

if TYPE_CHECKING:
    from dashboard.page.context import ViewContext

SHEET = "sheet"
"""Name of the list that a page shows sheet by sheet."""


@dataclass(frozen=True)
class ImageList:
    """Name a list of images.

    Attributes
    ----------
    name : str
        As the address has it: ``dashboard.page.query.Name``.
    rows : sequence of int
        Rows of the test split, in the order of the list; at least one.
    per_sheet : int
        How many of them the page shows at once; 0: all.
    """

    name: str
    rows: Rows
    per_sheet: int = 0


def offer(context: ViewContext, name: str, rows: Rows, per_sheet: int = 0) -> Callable[[int], None]:
    """Let the drawer walk through a list, and give what opens it at one of its images, for callbacks.

    Parameters
    ----------
    context : ViewContext
        Of the page that is drawn.
    name, rows, per_sheet
        As `ImageList` has them.
    """
    if len(rows):
        context.lists.append(ImageList(name, rows, per_sheet))
    return opens(context, name)


def opens(context: ViewContext, name: str) -> Callable[[int], None]:
    """Give what opens the drawer at an image of a list that is offered elsewhere on the page."""
    return lambda row: context.change(selected=row, among=_in_address(context, name))


def walked(context: ViewContext, row: int) -> tuple[ImageList, int] | None:
    """Give the list that an image is walked in, and its place there; None where no list has it.

    Parameters
    ----------
    context : ViewContext
        Of the page; its view may name the list. Else, and where that lacks the image, it is the first that has it.
    row : int
        Row of the test split.
    """
    for one in sorted(context.lists, key=lambda one: one.name != context.view.among):
        places = np.flatnonzero(np.asarray(one.rows) == row)
        if len(places):
            return one, int(places[0])
    return None


def walk(context: ViewContext, to: ImageList, place: int) -> None:
    """Show the image at a place of a list, and the sheet that it is on; for callbacks."""
    sheet = {"sheet": place // to.per_sheet + 1} if to.per_sheet else {}
    context.change(selected=int(to.rows[place]), among=_in_address(context, to.name), **sheet)


def _in_address(context: ViewContext, name: str) -> str | None:
    first = context.lists[0].name if context.lists else name
    return None if name == first else name
