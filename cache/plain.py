"""How large what a sealed JSON file says may be: texts, numbers, lists, and how deep they lie in each other."""

from __future__ import annotations

from typing import Any

from cache.limits import DEPTH, LISTED, TEXT, WHOLE


def check_plain(content: Any) -> None:
    """Check every value of what JSON was read from, or is to be written.

    Raises
    ------
    ValueError
        If one is larger than anything may be; in words that go after "Got".
    """
    waiting, depth = [content], 0
    while waiting:
        if depth > DEPTH:
            raise ValueError(f"lists within lists, more than {DEPTH} deep")
        below: list[Any] = []
        for value in waiting:
            if isinstance(value, dict | list | tuple):
                if len(value) > LISTED:
                    raise ValueError(f"{len(value):,} values in a list, more than {LISTED:,}")
                below.extend([*value, *value.values()] if isinstance(value, dict) else value)
            elif isinstance(value, str) and len(value) > TEXT:
                raise ValueError(f"a text of {len(value):,} characters, more than {TEXT:,}")
            elif isinstance(value, int) and abs(value) > WHOLE:
                raise ValueError(f"a whole number beyond {WHOLE:,}")
        waiting, depth = below, depth + 1
