"""How much a JSON file will be in memory, told from its bytes: three of them make a list, which takes fifty-six."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

AT_ONCE = 1 << 20
_ESCAPE = re.compile(rb"\\.", re.DOTALL)


class Shape(NamedTuple):
    """Count what a parser makes objects of.

    Attributes
    ----------
    containers : int
        Lists and objects.
    commas : int
        Between values, of which there is one more in each list and object.
    """

    containers: int
    commas: int


def shape_of(path: Path) -> Shape:
    """Count what lies outside of texts in a JSON file, a megabyte at a time; what is no JSON has some shape, too.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    containers = commas = 0
    inside, rest = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(AT_ONCE):
            plain = _ESCAPE.sub(b"", rest + chunk)
            rest = b"\\" if plain.endswith(b"\\") else b""  # of which the next byte is not known yet
            parts = plain.split(b'"')
            outside = b"".join(parts[inside::2])
            containers += outside.count(b"[") + outside.count(b"{")
            commas += outside.count(b",")
            inside = (inside + len(parts) - 1) % 2
    return Shape(containers, commas)
