"""Thumbnails of a run as files of their own, no larger than they are printed."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from cache.pictures import FILES
from dashboard.report.model import Picture
from dashboard.run.data import RunData, pixels

FEW_PIXELS = 64
"""Longest side of an image whose every pixel is kept."""


def has_pictures(data: RunData) -> bool:
    """Tell whether a run's images can be seen: of vectors alone there are cards with names on them."""
    return bool({"test_images.npy", FILES} & set(data.artefact("dataset").manifest.files))


def thumbnails(data: RunData, rows: Sequence[int]) -> list[Image.Image]:
    """Give some test images, each in its own shape, in colour."""
    made = []
    for image in pixels(data, "test", list(rows)):
        picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
        if picture.mode == "RGBA":  # it fills a transparent square from side to side
            picture = picture.crop(picture.getchannel("A").getbbox())
        made.append(picture.convert("RGB"))
    return made


def packed(picture: Image.Image, alt: str, side: int) -> Picture:
    """Pack a picture as a file: small ones pixel for pixel, others at most ``side`` pixels long."""
    file = io.BytesIO()
    crisp = max(picture.size) <= FEW_PIXELS
    if crisp:
        picture.save(file, "PNG", optimize=True)
    else:
        small = picture.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        small.save(file, "JPEG", quality=82)
    return Picture(file.getvalue(), alt, crisp)


def pictures_of(data: RunData, rows: Sequence[int], alts: Sequence[str], side: int) -> list[Picture | None]:
    """Give some test images as files, each with its words; none where the run has no pictures.

    Parameters
    ----------
    data : RunData
        The run.
    rows : sequence of int
        Rows of the test split.
    alts : sequence of str
        What each shows.
    side : int
        Pixels of the longer side, at most.
    """
    if not has_pictures(data):
        return [None] * len(rows)
    return [packed(image, alt, side) for image, alt in zip(thumbnails(data, rows), alts, strict=True)]
