"""Draw all images small onto a few large sheets, from which a browser cuts the one it shows."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from math import ceil, isqrt
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cache import Draft
from cache.chunks import Pieces
from pipeline.compute.pool import ahead
from pipeline.compute.progress import Progress, silent
from pipeline.stages.contract import Inputs, Stage
from pipeline.stages.images import Stored, Thumbnails, as_picture, thumbnails_of

LARGEST_CELL = 64
LARGEST_CELL_OF_FILES = 128
FEW = 10_000  # images; of more, files' cells are no larger than others
LARGEST_SHEET = 2048
LARGEST_LOSSLESS = 16  # below this, lossy compression smears neighbours into each other and saves nothing
QUALITY = 85
METHOD = 4
SHEETS_AHEAD = 2  # each takes some 40 MB while it is drawn


@dataclass(frozen=True)
class SheetLayout:
    """Describe how ``n`` images lie on the sheets: row by row, sheet after sheet.

    Attributes
    ----------
    n : int
        Images.
    cell : int
        Side of a square cell, in pixels.
    columns, rows : int
        Cells of a full sheet; the last sheet may have fewer rows.
    """

    n: int
    cell: int
    columns: int
    rows: int

    @classmethod
    def of(cls, n: int, height: int, width: int, largest: int = LARGEST_CELL) -> SheetLayout:
        """Lay out ``n`` images of ``height`` x ``width`` pixels, on sheets as square as can be."""
        cell = min(largest, max(height, width))
        most = LARGEST_SHEET // cell
        columns = min(most, isqrt(max(n, 1) - 1) + 1)
        return cls(n, cell, columns, min(most, ceil(n / columns)))

    @property
    def per_sheet(self) -> int:
        """Images on a full sheet."""
        return self.columns * self.rows

    @property
    def sheets(self) -> int:
        """Sheets in all."""
        return ceil(self.n / self.per_sheet)

    @property
    def lossless(self) -> bool:
        """Whether the sheets keep every pixel."""
        return self.cell <= LARGEST_LOSSLESS

    def facts(self) -> dict[str, Any]:
        """Give what a reader needs to find an image."""
        names = ("cell", "columns", "rows", "per_sheet", "sheets", "lossless")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class ThumbnailsStage(Stage):
    """Draw thumbnails: images at their own size up to 64 pixels, larger ones reduced to it; few files to 128."""

    STAGE: ClassVar[str] = "thumbnails"
    NAME: ClassVar[str] = "webp"
    VERSION: ClassVar[int] = 2
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset",)

    def identity(self) -> dict[str, object]:
        """Give what changes the result."""
        return {"largest_cell": LARGEST_CELL, "largest_sheet": LARGEST_SHEET, "quality": QUALITY}

    def layout(self, images: Stored | Thumbnails) -> SheetLayout:
        """Say how images uint8 (n, h, w, c), at least one, lie on the sheets."""
        few_files = isinstance(images, Thumbnails) and len(images) <= FEW
        largest = LARGEST_CELL_OF_FILES if few_files else LARGEST_CELL
        height, width = images.shape[1:3]
        return SheetLayout.of(len(images), height, width, largest)

    def draw(self, images: Stored | Thumbnails, layout: SheetLayout, rows: range) -> bytes:
        """Draw a sheet.

        Parameters
        ----------
        images : ndarray of uint8, shape (n, h, w, c)
            Grey (c = 1), colour (c = 3) or partly transparent (c = 4).
        layout : SheetLayout
            How they lie.
        rows : range
            Those of the sheet.

        Returns
        -------
        bytes
            A WebP file, lossless for images of up to 16 pixels a side, otherwise of quality 85. Images that
            are not square lie centred in their cell, on transparency.
        """
        return _encode(_arrange(_cells(images, rows, layout.cell), layout), layout.lossless)

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Draw a run's test images, and write the sheets; those of an interrupted attempt are used again."""
        images = thumbnails_of(inputs["dataset"], "test")
        layout = self.layout(images)
        pieces = Pieces(draft.partial / "sheets", layout.n, layout.per_sheet)
        missing = [range(*span) for span in pieces.missing()]
        done = layout.n - sum(map(len, missing))
        progress(done, layout.n, "thumbnails")
        with closing(ahead(partial(self.draw, images, layout), missing, SHEETS_AHEAD)) as sheets:
            for rows, sheet in zip(missing, sheets, strict=True):
                pieces.write(rows.start, rows.stop, sheet)
                draft.note_seconds()
                done += len(rows)
                progress(done, layout.n, "thumbnails")
        for number, sheet in enumerate(pieces.read()):
            draft.path(f"sheet_{number}.webp").write_bytes(sheet)
        draft.facts.update(layout.facts())


def _cells(images: Stored | Thumbnails, rows: range, cell: int) -> NDArray[np.uint8]:
    """Fit some images uint8 (h, w, c) into cells (n, cell, cell, 3), or 4 channels if they do not fill them."""
    if images.shape[1:3] == (cell, cell):
        part = images[rows.start : rows.stop]
        return np.broadcast_to(part, (*part.shape[:3], max(3, part.shape[3])))
    return np.stack([_fit(images[row], cell) for row in rows])


def _fit(image: NDArray[np.uint8], cell: int) -> NDArray[np.uint8]:
    """Fit one image (h, w, c) into a cell, keeping its aspect: (cell, cell, 3), or 4 if not square."""
    height, width = image.shape[:2]
    picture = as_picture(image)
    factor = cell / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    if size != (width, height):
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if height == width:
        return np.asarray(picture)
    frame = Image.new("RGBA", (cell, cell))
    frame.paste(picture, ((cell - size[0]) // 2, (cell - size[1]) // 2))
    return np.asarray(frame)


def _arrange(cells: NDArray[np.uint8], layout: SheetLayout) -> NDArray[np.uint8]:
    """Put cells (n, cell, cell, c) side by side, row by row: (rows * cell, columns * cell, c)."""
    rows = ceil(len(cells) / layout.columns)
    channels = cells.shape[3]
    padded = np.zeros((rows * layout.columns, *cells.shape[1:]), np.uint8)
    padded[: len(cells)] = cells
    grid = padded.reshape(rows, layout.columns, layout.cell, layout.cell, channels)
    return grid.swapaxes(1, 2).reshape(rows * layout.cell, layout.columns * layout.cell, channels)


def _encode(sheet: NDArray[np.uint8], lossless: bool) -> bytes:
    """Give a sheet (h, w, 3 or 4) as a WebP file."""
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, "WEBP", lossless=lossless, quality=QUALITY, method=METHOD)
    return file.getvalue()
