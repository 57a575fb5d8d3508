"""What a report says and shows, whatever it is written as: texts and pictures, and no markup.

`dashboard.report.page` writes it as HTML, `dashboard.report.paper` as PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Words = tuple[tuple[str, bool], ...]
"""A text in parts, each with whether it stands out."""
Label = tuple[str, str]
"""A word, and the colour that marks it, ``#RRGGBB``; none where that is empty."""

INSIDE = 0.15
"""Accuracy above which its number has room in its own bar."""
WIDE = 0.1
"""What the number takes of the line."""
FEW = 6
"""Blocks that leave the matrix its room in two columns."""


@dataclass(frozen=True)
class Picture:
    """Hold a picture's file.

    Attributes
    ----------
    content : bytes
        JPEG or PNG.
    alt : str
        What it shows, in words.
    crisp : bool
        Whether its pixels are few, and stay squares when it is enlarged.
    """

    content: bytes
    alt: str
    crisp: bool = False

    @property
    def ending(self) -> str:
        """Of its file's name."""
        return "png" if self.content.startswith(b"\x89PNG") else "jpeg"


@dataclass(frozen=True)
class Face:
    """Show an image, with lines of words below it."""

    picture: Picture | None
    lines: tuple[tuple[Label, ...], ...] = ()


@dataclass(frozen=True)
class Block:
    """Say something, and show the images that it is about."""

    words: Words
    faces: tuple[Face, ...] = ()


@dataclass(frozen=True)
class Mark:
    """Place a share that an accuracy is compared with.

    Attributes
    ----------
    name, written : str
        Whose it is, and the share as it is written.
    share : float
        From 0 to 1.
    row : int
        In which line its name stands, from 1: names beside each other would meet.
    """

    name: str
    written: str
    share: float
    row: int

    @property
    def is_far(self) -> bool:
        """Whether its name stands on its left."""
        return self.share > 0.5


@dataclass(frozen=True)
class Scale:
    """Place an accuracy and what it is compared with on a line from 0 to 1.

    Attributes
    ----------
    value, low, high : float
        The accuracy, and the ends of its interval.
    written, alt : str
        The accuracy as it is written, and all of it in words.
    marks : tuple of Mark
        What it is compared with.
    """

    value: float
    low: float
    high: float
    written: str
    alt: str
    marks: tuple[Mark, ...]

    @property
    def is_inside(self) -> bool:
        """Whether the number has room in its own bar, left of the interval, and no mark runs through it."""
        return self.low > INSIDE and not any(self.low - WIDE < mark.share < self.low for mark in self.marks)

    @property
    def rows(self) -> int:
        """Lines that the names of the marks take."""
        return max((mark.row for mark in self.marks), default=0)


@dataclass(frozen=True)
class Cell:
    """Show how many images of a class are taken for another, or recognised.

    Attributes
    ----------
    count : str
        How many; empty for none.
    shade : float
        How dark the cell is, 0 to 1.
    right : bool
        Whether it lies on the diagonal.
    picture : Picture or None
        The worst of its errors.
    """

    count: str
    shade: float = 0.0
    right: bool = False
    picture: Picture | None = None


@dataclass(frozen=True)
class Matrix:
    """Show which classes are taken for which.

    Attributes
    ----------
    lead : str
        How it is read.
    names : tuple of Label
        The k classes.
    cells : tuple of tuples of Cell
        k rows of true classes, k columns of predicted ones; none where these are too many.
    largest : tuple of Face
        The largest confusions instead.
    """

    lead: str
    names: tuple[Label, ...] = ()
    cells: tuple[tuple[Cell, ...], ...] = ()
    largest: tuple[Face, ...] = ()


@dataclass(frozen=True)
class Montage:
    """Show the map.

    Attributes
    ----------
    lead : str
        How it is read.
    picture : Picture
        The map.
    aspect : float
        Its width as a share of its height.
    classes : tuple of Label
        What its colours mean; none where they are too many to tell.
    """

    lead: str
    picture: Picture
    aspect: float
    classes: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Made:
    """Say how everything came about.

    Attributes
    ----------
    sentences : Words
        Which classifier it is, and how the images were judged.
    stages : tuple of (str, str, str, str)
        Each stage: its name, how it was made, when, and its key.
    packages : str
        Names and versions.
    command : str
        What makes the run.
    """

    sentences: Words
    stages: tuple[tuple[str, str, str, str], ...]
    packages: str
    command: str


@dataclass(frozen=True)
class Report:
    """Hold all that a report says.

    Attributes
    ----------
    run : str
        The run's name.
    created : datetime
        When it was made, in a time zone.
    title, lead, made_of, warning : str or Words
        How good the run is, what that is to be compared with, of what it is made, and whether that is a stand-in.
    scale : Scale or None
        The same, drawn; None without a classifier.
    blocks : tuple of Block
        What the run found; without a classifier, examples.
    matrix : Matrix or None
        Which classes are taken for which.
    montage : Montage or None
        The map.
    suspects : Block or None
        Which labels look wrong, if that was computed.
    made : Made
        How everything came about.
    """

    run: str
    created: datetime
    title: str
    lead: Words
    made_of: Words
    warning: Words
    scale: Scale | None
    blocks: tuple[Block, ...]
    matrix: Matrix | None
    montage: Montage | None
    suspects: Block | None
    made: Made

    @property
    def date(self) -> str:
        """The day that it was made."""
        return f"{self.created:%Y-%m-%d}"

    @property
    def columns(self) -> int:
        """Columns of the blocks: three where there are many and the matrix needs its room."""
        return 3 if self.matrix is not None and len(self.blocks) > FEW else 2
