"""What a command gives back: words for people, data for programs, an exit code for shells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """Hold a command's result.

    Attributes
    ----------
    text : str
        For people.
    data : JSON value
        For ``--json``.
    code : int
        Exit code: 0, or 1 if something needs attention.
    """

    text: str
    data: Any = field(default_factory=dict)
    code: int = 0


def table(rows: Sequence[tuple[str, ...]], heading: tuple[str, ...]) -> str:
    """Lay out rows of text in aligned columns under a heading."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def size(count: float) -> str:
    """Write a number of bytes as a person would: "3.2 MB"."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
