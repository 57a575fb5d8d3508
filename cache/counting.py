"""How many of something, in words: the one way to write a number before what it counts."""

from __future__ import annotations

from typing import Any


def counted(n: Any, one: str, many: str = "") -> str:
    """Write how many: "1 image", "10,000 images".

    Parameters
    ----------
    n : int
        How many.
    one, many : str
        What one of them is called, and several: with an "s" if that is not said.
    """
    return f"{round(n):,} {one if n == 1 else many or f'{one}s'}"
