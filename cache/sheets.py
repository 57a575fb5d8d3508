"""Sheets of thumbnails, before a browser is sent one: WebP files with the cells that the manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any

from cache.errors import LayoutError
from cache.ranges import Sizes
from cache.webp import HEAD, webp_size


def check_sheet(path: Path, facts: Mapping[str, Any], sizes: Sizes) -> None:
    """Check one.

    Parameters
    ----------
    path : Path
        The sheet, ``sheet_<i>.webp``; what else there is, is not looked at.
    facts : mapping
        How they are laid out, as `cache.facts.check_facts` allows it.
    sizes : mapping of str to int
        How many images there are, if that is known.

    Raises
    ------
    LayoutError
        If it is no WebP file, or another size.
    """
    number = path.stem.removeprefix("sheet_")
    if not number.isdecimal() or int(number) >= facts["sheets"]:
        return
    n, per_sheet = sizes.get("n_test"), facts["per_sheet"]
    sheets = facts["sheets"] if n is None else ceil(n / per_sheet)
    if facts["sheets"] != sheets:
        raise LayoutError(f"thumbnails must have {sheets:,} sheets. Got {facts['sheets']:,}.")
    left = per_sheet if n is None else min(n - int(number) * per_sheet, per_sheet)
    cell, columns = facts["cell"], facts["columns"]
    with path.open("rb") as file:
        found = webp_size(file.read(HEAD))
    least, most = (columns * cell, ceil(left / columns) * cell), (columns * cell, facts["rows"] * cell)
    if found is None or found[0] != most[0] or not least[1] <= found[1] <= most[1]:
        got = "another file" if found is None else f"{found[0]:,} x {found[1]:,}"
        raise LayoutError(f"{path.name} must be a WebP file of {most[0]:,} x {most[1]:,} pixels. Got {got}.")
