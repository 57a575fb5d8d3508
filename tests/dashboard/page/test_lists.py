"""The lists that the drawer walks through."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import dashboard
from dashboard.page.context import ViewContext
from dashboard.page.lists import offer, opens, walk, walked
from dashboard.page.view_state import ViewState

FACES, SHEET = [9, 8, 7], np.array([4, 8, 2, 6])


@pytest.fixture
def asked(monkeypatch):
    """Collect what callbacks ask for."""
    found = {}
    monkeypatch.setattr(ViewContext, "change", lambda _, **changes: found.update(changes))
    return found


@pytest.fixture
def page():
    """A page that has offered two lists, one of them sheet by sheet, and one without images."""
    context = ViewContext(None, None, None, ViewState())
    offer(context, "none", [])
    offer(context, "faces", FACES)
    offer(context, "sheet", SHEET, per_sheet=2)
    return context


def at(context, among):
    """Give the page of an address that names a list."""
    return replace(context, view=replace(context.view, among=among))


@pytest.mark.parametrize(
    ("row", "among", "expected"),
    [
        (8, None, ("faces", 1)),
        (8, "sheet", ("sheet", 1)),
        (8, "of another page", ("faces", 1)),
        (2, None, ("sheet", 2)),
        (7, "sheet", ("faces", 2)),
    ],
)
def test_the_list_is_the_one_of_the_address_else_the_first_that_has_the_image(page, row, among, expected):
    """Nothing but the address decides; a list that lacks the image is not walked."""
    found, place = walked(at(page, among), row)
    assert (found.name, place) == expected


def test_an_image_of_no_list_is_not_walked(page):
    """One that a neighbour led to, for example."""
    assert walked(page, 5) is None


def test_whoever_opens_an_image_names_its_list_in_the_address_unless_it_is_the_first(page, asked):
    """So a reload walks on in the same one."""
    opens(page, "sheet")(8)
    assert asked == {"selected": 8, "among": "sheet"}
    opens(page, "faces")(8)
    assert asked == {"selected": 8, "among": None}


def test_a_step_stays_in_its_list_and_turns_the_sheet(page, asked):
    """Also where an image is in another list, too."""
    through, place = walked(page, 4)
    walk(page, through, place + 1)
    assert asked == {"selected": 8, "among": "sheet", "sheet": 1}
    walk(page, through, place + 2)
    assert asked == {"selected": 2, "among": "sheet", "sheet": 2}
    through, place = walked(page, 9)
    walk(page, through, place + 1)
    assert (asked["selected"], asked["among"]) == (8, None)


def test_nothing_opens_the_drawer_without_a_list():
    """But for the neighbours inside it; each image of a page is opened by what `offer` or `opens` gave."""
    root = Path(dashboard.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for name in re.findall(r"change\(selected=(\w+)", path.read_text(encoding="utf-8"))
        if name != "None"
    }
    assert found == {"images/drawer.py", "page/lists.py"}
