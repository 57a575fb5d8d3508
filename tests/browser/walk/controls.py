"""Controls of a page, found in it by role, and what the page says: both look into components, too."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Error

SCRIPT = "".join(Path(__file__).with_name(name).read_text() for name in ("controls.js", "rest.js"))
"""What is asked of a page: ``walk.controls()``, ``walk.state()`` and ``walk.rest()``."""

SKIPPED = re.compile(
    r"download|save|export|full ?screen|copy|\b(?:fit|compute|train|cancel|stop|try again|make|draw)\b",
    re.IGNORECASE,
)
"""Names of what hands over a file, fills the screen, or starts (or ends) a computation."""
REST = 120.0  # seconds: how long a page may take to come to rest on a busy machine
EACH = 2
"""How many of one kind are tried: of one role in one place of the page, or in the bar of all; which, is drawn."""
MOST = 10
"""How many controls of a page are tried."""


State = dict[str, Any]
"""What a page says: its address, headings, values of its controls, and counts."""


class Control(NamedTuple):
    """One control: which it is among those that look the same to whoever can't see."""

    role: str
    name: str
    place: str
    of: str
    shared: bool
    nth: int

    def __str__(self) -> str:
        """Name it as a person would."""
        return f"{self.role} “{self.name}”" + (
            f" in {self.place.removeprefix('st-key-')}" if self.place else ""
        )


def found(tab) -> dict[Control, int]:
    """Find the controls that are to be tried, each with its number in the page."""
    listed: dict[Control, int] = {}
    for number, one in enumerate(tab.page.evaluate("walk.controls()")):
        said = [one[part] for part in ("role", "name", "place", "of", "shared")]
        nth = sum(list(other[:5]) == said for other in listed)
        if not (
            one["opens"] or one["leaves"] or one["saves"] or one["chosen"] or SKIPPED.search(one["name"])
        ):
            listed[Control(*said, nth)] = number
    return listed


def drawn(controls: dict[Control, int], seed: int) -> list[Control]:
    """Draw those that are tried: some of each kind, and so many at most."""
    draw = random.Random(seed)  # noqa: S311  # a sample, not a secret
    kinds: dict[tuple[str, ...], list[Control]] = {}
    for control in controls:
        kind = ("shared",) if control.shared else (control.role, control.place, control.of)
        kinds.setdefault(kind, []).append(control)
    some = [one for kind in kinds.values() for one in draw.sample(kind, min(EACH, len(kind)))]
    return draw.sample(some, min(MOST, len(some)))


def use(tab, control: Control) -> None:
    """Do with it what changes it; where the page draws it anew between finding and using it, find it again."""
    for again in (True, True, False):
        try:
            _use(tab, control, found(tab)[control])
        except Error as error:
            if not again or "not attached" not in str(error):
                raise
        else:
            return


def _use(tab, control: Control, number: int) -> None:
    element = tab.page.evaluate_handle("(number) => window.walked[number]", number).as_element()
    if control.role == "combobox":
        element.click()
        element.press("ArrowDown")
        element.press("Enter")
    elif control.role == "select":
        last = element.evaluate("e => e.selectedIndex === e.options.length - 1")
        element.press("ArrowUp" if last else "ArrowDown")
    elif control.role == "slider":
        element.press("ArrowRight")
    else:
        pressed = element.evaluate_handle("e => e.matches('input') && e.labels[0] || e").as_element()
        pressed.scroll_into_view_if_needed()
        box = pressed.bounding_box()
        tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # some come forward
        pressed.click()


def state(tab, expected: State | None = None, patience: float = REST) -> State:
    """Give what the page says once it is at rest, or as soon as it is what is expected."""
    return tab.page.evaluate("([expected, patience]) => walk.rest(expected, patience)", [expected, patience])


def difference(now: State, wanted: State) -> str:
    """Say what differs, briefly."""
    parts = []
    for part in (part for part in wanted if now[part] != wanted[part]):
        if isinstance(wanted[part], str):
            parts.append(f"{now[part]} instead of {wanted[part]}")
        else:
            lost = [line for line in wanted[part] if line not in now[part]]
            new = [line for line in now[part] if line not in wanted[part]]
            parts.append(f"{part}: lost {json.dumps(lost)[:300]}, new {json.dumps(new)[:300]}")
    return "; ".join(parts)
