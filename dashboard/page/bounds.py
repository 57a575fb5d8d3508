"""Ranges of numbers as texts in an address, as `dashboard/ui/state/filter_texts.js` reads and writes them."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

_FINITE = re.compile(r"-?[0-9]{1,22}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,3})?")

Bounds: TypeAlias = tuple[float | None, float | None]
"""The lowest and the highest number of a range; None where it is open."""


def read_bounds(text: str) -> Bounds | None:
    """Read a range; None where the text is none, or one that nothing is in, or open at both ends."""
    low, dots, high = text.partition("..")
    if not dots or not all(end == "" or _FINITE.fullmatch(end) for end in (low, high)):
        return None
    first, last = (float(end) if end else None for end in (low, high))
    whole = not any(end is not None and math.isinf(end) for end in (first, last))
    ordered = first is None or last is None or first <= last
    return (first, last) if whole and ordered and (first, last) != (None, None) else None


def write_bounds(bounds: Bounds) -> str:
    """Write a range, whole numbers without a point, as JavaScript does."""
    return "..".join(
        "" if end is None else f"{end:.0f}" if abs(end) < 1e21 and end == int(end) else repr(end)
        for end in bounds
    )
