"""What files the map is made of, as its browser side is told."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.page.view_state import COLOURS, FAITHFULNESS


@dataclass(frozen=True)
class Sheets:
    """Describe the sheets of thumbnails.

    Attributes
    ----------
    urls : tuple of str
        The sheets in order.
    cell : int
        Side of a thumbnail in pixels.
    columns, per_sheet : int
        Thumbnails in a row, and in a sheet; row-major.
    """

    urls: tuple[str, ...]
    cell: int
    columns: int
    perSheet: int  # JavaScript reads it


@dataclass(frozen=True)
class GridFile:
    """Name the file with a cell for each image, and give the size of the grid in cells."""

    url: str
    columns: int
    rows: int


@dataclass(frozen=True)
class PosterFile:
    """Name a picture of the whole map, and say what it is."""

    title: str
    url: str


@dataclass(frozen=True)
class ExtraFile:
    """Name the file with a number for each image that the map can be coloured by, a byte each.

    Attributes
    ----------
    name : str
        Of the colour mode, one of ``dashboard.page.view_state.COLOURS``.
    title : str
        For people.
    url : str
        Where the browser finds it.
    low, high : int
        What the ends of the scale stand for; ``low`` is 0.
    words : tuple of str
        What they mean.
    paint : str
        Which of the scales that the browser is told of shows it.
    above : int or None
        From which number on an image is drawn above the others.
    """

    name: str
    title: str
    url: str
    low: int
    high: int
    words: tuple[str, str]
    paint: str = "kept"
    above: int | None = None


@dataclass(frozen=True)
class Trust:
    """Say how far the map can be trusted.

    Attributes
    ----------
    of : int
        How many neighbours of an image are looked at; 0 where there are too few images to tell.
    kept : float
        How many of them the map keeps, on average.
    trustworthiness, continuity : float or None
        0 to 1, as Venna and Kaski define them; None where there are too few images.
    """

    of: int = 0
    kept: float = 0.0
    trustworthiness: float | None = None
    continuity: float | None = None


@dataclass(frozen=True)
class TableColumn:
    """Name the files of a further column of the images.

    Attributes
    ----------
    name : str
        For people; no other column has it.
    kind : str
        One of ``cache.columns.KINDS``.
    values : str
        Where the browser finds its numbers; "" for text.
    texts : str
        Where it finds its texts, or the names of its categories; "" for numbers and dates.
    """

    name: str
    kind: str
    values: str
    texts: str


@dataclass(frozen=True)
class TableFiles:
    """Name the files of a table's further columns, and the one that says what it has of one image (``row=``)."""

    columns: tuple[TableColumn, ...]
    row: str


@dataclass(frozen=True)
class GuestFiles:
    """Say where pictures are asked of, and what is shown beside the answers.

    Attributes
    ----------
    url : str
        Takes a picture's file, and ``session=``.
    session : str
        Tells this tab from others.
    images : str
        Images of either split: takes ``row=`` and ``scale=``.
    most : int
        Bytes of a file.
    refusal : str
        Why this run can be asked of no picture; empty where it can.
    """

    url: str
    session: str
    images: str
    most: int
    refusal: str = ""


@dataclass(frozen=True)
class MapFiles:
    """Name the map's files, relative to the server's base path (see `dashboard.server.routes`).

    Attributes
    ----------
    points : str
        Positions and true labels.
    columns : str or None
        Predicted and runner-up labels and margins; None without a classifier.
    ids : str or None
        Names of the images; without them the card shows row numbers.
    sheets : Sheets or None
        Thumbnails; without them the card says that there is no image.
    lacking : str
        Why there are none, where there should be; for people.
    grid : GridFile or None
        Cells of the grid layout.
    neighbours : dict or None
        ``url``: takes ``row=``.
    exports : dict or None
        ``csv`` and ``zip``: take a bit a row.
    posters : tuple of PosterFile
        The whole map as pictures.
    extra : ExtraFile or None
        One more number to colour by.
    table : TableFiles or None
        Further columns of the images.
    trust : Trust or None
        How far the map can be trusted; None where that was not measured.
    guests : GuestFiles or None
        Where pictures of somebody's own are asked of; None where that is no page of its own.
    """

    points: str
    columns: str | None = None
    ids: str | None = None
    sheets: Sheets | None = None
    lacking: str = ""
    grid: GridFile | None = None
    neighbours: dict[str, str] | None = None
    exports: dict[str, str] | None = None
    posters: tuple[PosterFile, ...] = ()
    extra: ExtraFile | None = None
    table: TableFiles | None = None
    trust: Trust | None = None
    guests: GuestFiles | None = None

    @property
    def colours(self) -> tuple[str, ...]:
        """What the map can be coloured by, of ``dashboard.page.view_state.COLOURS``."""
        there = {"true": True, FAITHFULNESS: self.extra is not None}
        return tuple(name for name in COLOURS if there.get(name, self.columns is not None))


@dataclass(frozen=True)
class PathPoint:
    """Describe one C at which the map can be seen.

    Attributes
    ----------
    C : float
        The penalty.
    columns : str
        Where the browser finds what the classifier says there.
    range : tuple of float
        Lowest and highest margin, as `dashboard.server.columns.margin_range` gives them.
    accuracy : float
        Share of the test images predicted right.
    """

    C: float
    columns: str
    range: tuple[float, float]
    accuracy: float
