"""Pixels for the browser: many small images as one sprite sheet."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dashboard.run.data import Rows, RunData, pixels
from dashboard.run.shared import shared

if TYPE_CHECKING:
    from PIL import Image

MAX_SIDE = 128
"""Longest side of a sprite in pixels; larger images are reduced."""

LARGEST_LOSSLESS = 64
"""Longest side of sprites that keep every pixel; larger ones are photographs, which have lost some before."""

MAX_PHOTOGRAPH = 1024
"""Longest side of a photograph in pixels."""

KEPT = 8_000_000
"""Bytes of sheets that are kept."""

_DRAWING = Lock()


@dataclass(frozen=True)
class SpriteSheet:
    """Hold images side by side in one picture.

    Attributes
    ----------
    uri : str
        The picture as a ``data:`` address; lossless with small cells.
    width, height : int
        Size of a cell in pixels.
    columns : int
        Cells in a row; image i is in column ``i % columns`` of row ``i // columns``.
    """

    uri: str
    width: int
    height: int
    columns: int


def sprites_of(data: RunData, split: str, rows: Rows) -> SpriteSheet:
    """Put images of a run into one sheet, in the order of the rows.

    Decoding and drawing take several times the sheet's pixels, so one sheet is drawn at a time, whoever asks.

    Parameters
    ----------
    data : RunData
        The run.
    split : str
        "train" or "test".
    rows : sequence or array of int, shape (n,)
        Rows of the split; at least one.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the images cannot be read.
    """
    return _drawn(data, split, tuple(map(int, rows)))


@shared(
    lambda data, *which: (data.artefact("dataset").folder, data.artefact("dataset").digest, *which),
    KEPT,
    lambda sheet: len(sheet.uri),
)
def _drawn(data: RunData, split: str, rows: tuple[int, ...]) -> SpriteSheet:
    with _DRAWING:
        return sprite_sheet(pixels(data, split, list(rows)))


def sprite_sheet(images: NDArray[np.uint8]) -> SpriteSheet:
    """Put images into one sheet; small ones pixel for pixel.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, h, w, 1, 3 or 4)
        At least one; sides over ``MAX_SIDE`` are reduced.
    """
    small = _reduced(images)
    n, height, width, channels = small.shape
    columns = min(n, max(1, 4096 // width), 16)
    rows = -(-n // columns)
    cells = np.zeros((rows * columns, height, width, channels), dtype=np.uint8)
    cells[:n] = small
    picture = cells.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    lossless = max(height, width) <= LARGEST_LOSSLESS
    return SpriteSheet(
        _uri(picture.reshape(rows * height, columns * width, channels), lossless), width, height, columns
    )


def photograph(image: NDArray[np.uint8]) -> str:
    """Give an image uint8 (h, w, 3) as a ``data:`` address: its pixels alone, reduced to ``MAX_PHOTOGRAPH``."""
    from PIL import Image

    picture = Image.fromarray(image)
    picture.thumbnail((MAX_PHOTOGRAPH, MAX_PHOTOGRAPH))
    return _address(picture, quality=88)


def _reduced(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from PIL import Image

    height, width = images.shape[1:3]
    longest = max(height, width)
    if longest <= MAX_SIDE:
        return images
    size = (max(1, width * MAX_SIDE // longest), max(1, height * MAX_SIDE // longest))
    small = np.empty((len(images), size[1], size[0], images.shape[3]), dtype=np.uint8)
    for place, image in zip(small, images, strict=True):
        _plane(place)[...] = np.asarray(Image.fromarray(_plane(image)).resize(size, Image.Resampling.BOX))
    return small


def _plane(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture[..., 0] if picture.shape[2] == 1 else picture


def _uri(picture: NDArray[np.uint8], lossless: bool) -> str:
    from PIL import Image

    quick = {
        "lossless": True,
        "quality": 0,
        "method": 0,
        "exact": True,
    }  # same pixels; a quarter of the time, 5% more
    small = {"quality": 85, "method": 0}
    return _address(Image.fromarray(_plane(picture)), **(quick if lossless else small))


def _address(picture: Image.Image, **options: Any) -> str:
    file = io.BytesIO()
    picture.save(file, "WEBP", **options)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode("ascii")
