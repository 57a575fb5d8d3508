"""Where the map's files are: addresses made of stage keys and a digest, written and read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cache.artefact import Artefact
from dashboard.server.columns import digest

ROOT = "lazybones"
Match = Mapping[str, str]
POSTER_LAYOUTS, POSTER_SIZES = ("scatter", "grid"), (3000, 6000)
_FORMS = {
    "projection": r"[0-9a-f]{40}",
    "dataset": r"[0-9a-f]{40}",
    "classifier": r"[0-9a-f]{40}",
    "thumbnails": r"[0-9a-f]{40}",
    "neighbours": r"[0-9a-f]{40}",
    "others": r"[0-9a-f]{40}",
    "faithfulness": r"[0-9a-f]{40}",
    "layout": "|".join(POSTER_LAYOUTS),
    "size": "|".join(map(str, POSTER_SIZES)),
    "index": r"0|[1-9][0-9]{0,5}",
    "digest": r"[0-9a-f]{12}",
}


@dataclass(frozen=True)
class Kind:
    """Describe the addresses of one kind of file: ``lazybones/<name>/<part>.<part>….<ending>``.

    Attributes
    ----------
    name : str
        The folder.
    parts : tuple of str
        What the file's name is made of, names of ``_FORMS``; the last one is the digest.
    endings : tuple of str
        Allowed endings, without the dot.
    """

    name: str
    parts: tuple[str, ...]
    endings: tuple[str, ...]

    def path(self, *parts: str | int, ending: str = "") -> str:
        """Write an address relative to the server's base path."""
        return f"{ROOT}/{self.name}/{'.'.join(map(str, parts))}.{ending or self.endings[0]}"

    def match(self, name: str) -> Match | None:
        """Read a file's name, which anyone may have typed; None if it is none of this kind.

        Returns
        -------
        mapping of str to str, or None
            The parts and ``ending``.
        """
        parts = (rf"(?P<{part}>{_FORMS[part]})" for part in self.parts)
        pattern = rf"{'[.]'.join(parts)}[.](?P<ending>{'|'.join(self.endings)})"
        found = re.fullmatch(pattern, name)
        return found.groupdict() if found else None


GRID = Kind("grid", ("projection", "digest"), ("bin",))
NEIGHBOURS = Kind("neighbours", ("neighbours", "digest"), ("json",))
FAITHFULNESS = Kind("faithfulness", ("faithfulness", "digest"), ("bin",))
COMMON = Kind("common", ("neighbours", "others", "digest"), ("bin",))
EXPORT = Kind("export", ("classifier", "index", "projection", "digest"), ("csv", "zip"))
POSTER = Kind("poster", ("projection", "dataset", "layout", "size", "digest"), ("jpg",))
POINTS = Kind("points", ("projection", "dataset", "digest"), ("bin",))
COLUMNS = Kind("columns", ("classifier", "index", "digest"), ("bin",))
IDS = Kind("ids", ("dataset", "digest"), ("json",))
THUMBNAILS = Kind("thumbnails", ("thumbnails", "index", "digest"), ("webp",))


def points_path(projection: Artefact, dataset: Artefact) -> str:
    """Give the path of the points: positions and true labels."""
    return POINTS.path(projection.key, dataset.key, digest(projection.digest, dataset.digest))


def columns_path(classifier: Artefact, index: int) -> str:
    """Give the path of what a classifier says at its ``index``-th C."""
    return COLUMNS.path(classifier.key, index, digest(classifier.digest))


def ids_path(dataset: Artefact) -> str:
    """Give the path of the test images' ids."""
    return IDS.path(dataset.key, digest(dataset.digest))


def thumbnails_path(thumbnails: Artefact, index: int) -> str:
    """Give the path of a sheet of thumbnails."""
    return THUMBNAILS.path(thumbnails.key, index, digest(thumbnails.digest))


def grid_path(projection: Artefact) -> str:
    """Give the path of the grid layout."""
    return GRID.path(projection.key, digest(projection.digest))


def neighbours_path(neighbours: Artefact) -> str:
    """Give the path of the neighbours; the browser adds ``row=`` to its query."""
    return NEIGHBOURS.path(neighbours.key, digest(neighbours.digest))


def faithfulness_path(faithfulness: Artefact) -> str:
    """Give the path of how many of each point's neighbours the map keeps."""
    return FAITHFULNESS.path(faithfulness.key, digest(faithfulness.digest))


def common_path(one: Artefact, other: Artefact) -> str:
    """Give the path of how many neighbours each image has in two feature spaces, whichever is named first."""
    first, second = sorted((one, other), key=lambda neighbours: neighbours.key)
    return COMMON.path(first.key, second.key, digest(first.digest, second.digest))


def export_path(classifier: Artefact, index: int, projection: Artefact, ending: str) -> str:
    """Give the path to post a choice of rows to; ``ending`` is ``csv`` or ``zip``."""
    mark = digest(classifier.digest, projection.digest)
    return EXPORT.path(classifier.key, index, projection.key, mark, ending=ending)


def poster_path(projection: Artefact, dataset: Artefact, layout: str, size: int) -> str:
    """Give the path of a poster, of one of ``POSTER_LAYOUTS`` and ``POSTER_SIZES``."""
    return POSTER.path(projection.key, dataset.key, layout, size, digest(projection.digest, dataset.digest))
