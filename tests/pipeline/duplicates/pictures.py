"""Pictures made by chance, and copies of them as people make them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

KINDS = ("exact", "jpeg", "scaled", "brighter")


def picture(rng: np.random.Generator, width: int = 96, height: int = 72) -> Image.Image:
    """Paint coarse and fine blots."""
    coarse, fine = (
        np.asarray(
            Image.fromarray(rng.integers(20, 236, (*size, 3), np.uint8)).resize((width, height)), float
        )
        for size in ((4, 5), (12, 16))
    )
    return Image.fromarray((0.7 * coarse + 0.3 * fine).astype(np.uint8))


def copy(original: Image.Image, kind: str) -> Image.Image:
    """Give a copy: the same file, encoded as JPEG of quality 60, scaled by 0.9, or 5 % brighter."""
    if kind == "jpeg":
        content = io.BytesIO()
        original.save(content, "JPEG", quality=60)
        return Image.open(content)
    if kind == "scaled":
        return original.resize((round(original.width * 0.9), round(original.height * 0.9)))
    if kind == "brighter":
        return original.point(lambda value: min(255, round(value * 1.05)))
    return original
