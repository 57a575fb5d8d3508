"""The map as a montage: thumbnails on a grid, each near its place, framed in the colour of its class."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw

from dashboard.maps.in_use import title
from dashboard.page.context import ViewContext
from dashboard.report.model import Montage, Picture
from dashboard.report.pictures import has_pictures, thumbnails
from dashboard.report.text import short
from dashboard.run.data import colours_of, lacks
from dashboard.wording.numbers import images
from pipeline.api import Progress, grid_cells

MOST = 700
"""Images of a montage: more would be smaller than eyes see on paper."""
DENSE = 0.5
"""Share of the squares with an image, from which on each square is a cell."""
LONGEST = 2200
"""Pixels of its longer side, at most: 300 an inch on paper."""
LARGEST_CELL = 128
FRAME = 0.05
"""Width of a frame, in cells."""
DOTS = (4, 14)
"""Radius of a point in pixels, at least and at most, where there are no pictures: the more there are, the smaller."""
AT_ONCE = 200
"""Thumbnails that are unpacked at a time."""
MOST_CLASSES = 20
"""Classes whose colours are told."""
NO_CLASS = "#9AA1AB"


def montage_of(context: ViewContext, progress: Progress) -> Montage | None:
    """Draw the run's map; None where it has none, or no image.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it cannot be read.
    """
    data = context.data
    if lacks(data, "projection") or not data.n_test:
        return None
    projection = data.artefact("projection")
    places = np.asarray(projection.array("test"), np.float64)
    colours = [*colours_of(data), NO_CLASS]
    named = f"{images(len(places))} on a map by {title(projection)}"
    framed = " Frames have the colour of the true class." if data.n_classes else ""
    if has_pictures(data):
        rows, cells = laid_out(places)
        lead = f"{named}. Each image lies near its place{_chosen(len(rows), len(places))}.{framed}"
        picture = _tiles(context, rows, cells, colours, progress)
    else:
        lead = (
            f"{named}, a point each: the run has vectors and no pictures.{framed.replace('Frames', 'Points')}"
        )
        picture = _points(places, [colours[label] for label in data.test_labels])
    many = data.n_classes > MOST_CLASSES
    classes = () if many else tuple(zip(map(short, data.class_names), colours, strict=False))
    return Montage(lead, Picture(_jpeg(picture), named), picture.width / picture.height, classes)


def _chosen(shown: int, n: int) -> str:
    return "" if shown == n else f"; shown are {images(shown)} of them, from every part of the map alike"


def laid_out(places: NDArray[np.float64], most: int = MOST) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Choose images from every part of a map, and give each a cell: of each square the one nearest to its middle.

    Where most squares are empty the images move to a grid that is as full as others, or they would be too small to see.

    Parameters
    ----------
    places : ndarray of float, shape (n, 2)
        Finite; y upwards.
    most : int
        How many, at most; squares are as small as that allows.

    Returns
    -------
    rows : ndarray of intp, shape (m,)
        Of the images; all where they are no more, each then in a cell of its own near its place.
    cells : ndarray of int64, shape (m, 2)
        Column from the left, and row from the bottom.
    """
    if len(places) <= most:
        return np.arange(len(places)), grid_cells(places)[2]
    low, extent = places.min(axis=0), float(np.ptp(places, axis=0).max()) or 1.0
    scaled = (places - low) / extent
    few, many = 1, most  # squares along the longer side: the largest number that gives at most so many images
    while few < many:
        middle = (few + many + 1) // 2
        few, many = (middle, many) if len(_of_squares(scaled, middle)) <= most else (few, middle - 1)
    rows = _of_squares(scaled, few)
    squares = _squares(scaled[rows], few)
    is_dense = len(rows) >= DENSE * np.prod(np.ptp(squares, axis=0) + 1)
    return rows, squares if is_dense else grid_cells(places[rows])[2]


def _squares(scaled: NDArray[np.float64], across: int) -> NDArray[np.int64]:
    return np.minimum((scaled * across).astype(np.int64), across - 1)


def _of_squares(scaled: NDArray[np.float64], across: int) -> NDArray[np.intp]:
    square = _squares(scaled, across)
    distance = np.sum((scaled * across - square - 0.5) ** 2, axis=1)
    number = square[:, 0] * across + square[:, 1]
    order = np.lexsort((distance, number))
    first = np.diff(number[order], prepend=-1) != 0
    chosen: NDArray[np.intp] = order[first]
    return chosen


def _tiles(
    context: ViewContext,
    rows: NDArray[np.intp],
    cells: NDArray[np.int64],
    colours: Sequence[str],
    progress: Progress,
) -> Image.Image:
    """Put images into the cells of a grid, each in a frame of its class's colour."""
    low, high = cells.min(axis=0), cells.max(axis=0)  # rows and columns at the rim may be free
    columns, height = (high - low + 1).tolist()
    cell = min(LONGEST // max(columns, height), LARGEST_CELL)
    frame = max(1, round(cell * FRAME)) if context.data.n_classes else 0
    canvas = Image.new("RGB", (columns * cell, height * cell), "white")
    draw = ImageDraw.Draw(canvas)
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        for row, image, (column, up) in zip(
            part, thumbnails(context.data, part.tolist()), (cells - low)[start:].tolist(), strict=False
        ):
            corner = column * cell, (height - 1 - up) * cell
            _tile(canvas, draw, image, corner, cell, frame, colours[context.data.test_labels[row]])
        progress(min(start + AT_ONCE, len(rows)), len(rows), "images")
    return canvas


def _tile(
    canvas: Image.Image,
    draw: ImageDraw.ImageDraw,
    image: Image.Image,
    corner: tuple[int, int],
    cell: int,
    frame: int,
    colour: str,
) -> None:
    """Draw an image in its frame, with a hair's breadth between neighbours."""
    left, top = corner
    inner = cell - 1 - 2 * frame
    factor = inner / max(image.size)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    filling = image.resize(size, Image.Resampling.NEAREST if factor > 2 else Image.Resampling.LANCZOS)
    x, y = left + frame + (inner - size[0]) // 2, top + frame + (inner - size[1]) // 2
    if frame:
        draw.rectangle(
            (x - frame, y - frame, x + size[0] + frame - 1, y + size[1] + frame - 1),
            ImageColor.getrgb(colour),
        )
    canvas.paste(filling, (x, y))


def _points(places: NDArray[np.float64], colours: Sequence[str]) -> Image.Image:
    """Draw a point for each image."""
    low, extent = places.min(axis=0), float(np.ptp(places, axis=0).max()) or 1.0
    dot = int(np.clip(0.2 * LONGEST / np.sqrt(len(places)), *DOTS))
    room = LONGEST - 4 * dot
    scaled = np.rint((places - low) / extent * room).astype(int) + 2 * dot
    width, height = (scaled.max(axis=0) + 2 * dot).tolist()
    canvas = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(canvas)
    for (x, y), colour in zip(scaled.tolist(), colours, strict=True):
        draw.ellipse((x - dot, height - y - dot, x + dot, height - y + dot), ImageColor.getrgb(colour))
    return canvas


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80, optimize=True)
    return file.getvalue()
