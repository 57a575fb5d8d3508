"""A plain card with a name: what stands for a row of a table that has no picture."""

from __future__ import annotations

import io
import textwrap
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

SIDE, SIZE = 128, 18  # pixels: of the card, of its letters
LINES, IN_A_LINE = 5, 11  # what a card has room for, in letters of average width
PAPER, INK = (236, 236, 240), (60, 60, 70)


def card(name: str) -> bytes:
    """Give a card as a WebP file.

    Parameters
    ----------
    name : str
        What is written on it, as much of it as there is room for.
    """
    picture = Image.new("RGB", (SIDE, SIDE), PAPER)
    lines = textwrap.wrap(name, IN_A_LINE, max_lines=LINES, placeholder="…")
    ImageDraw.Draw(picture).multiline_text(
        (SIDE / 2, SIDE / 2), "\n".join(lines), INK, _font(), anchor="mm", align="center"
    )
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=85, method=0)
    return file.getvalue()


@cache
def _font() -> Any:
    return ImageFont.load_default(SIZE)
