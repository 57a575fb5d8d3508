"""Where the map's files are: addresses made of stage keys and a digest, written and read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cache.artefact import Artefact
from dashboard.server.columns import digest
from dashboard.server.tickets import with_ticket

ROOT = "lazybones"
Match = Mapping[str, str]
POSTER_LAYOUTS, POSTER_SIZES = ("scatter", "grid"), (3000, 6000)
NOBODY, LONGEST_WHO = "nobody", 200
"""Who judges where nobody signed in; else it is their name's UTF-8 as hexadecimal digits, of so many bytes at most."""
STAGES = {
    **{
        stage: stage
        for stage in [
            "projection",
            "dataset",
            "features",
            "classifier",
            "thumbnails",
            "neighbours",
            "faithfulness",
        ]
    },
    "others": "neighbours",
}
"""The stage of each part of an address that is a key."""

_FORMS = {
    **dict.fromkeys(STAGES, r"[0-9a-f]{40}"),
    "layout": "|".join(POSTER_LAYOUTS),
    "size": "|".join(map(str, POSTER_SIZES)),
    "index": r"0|[1-9][0-9]{0,5}",
    "digest": r"[0-9a-f]{12}",
    "who": rf"{NOBODY}|(?:[0-9a-f]{{2}}){{1,{LONGEST_WHO}}}",
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
    method : str
        Of HTTP.
    """

    name: str
    parts: tuple[str, ...]
    endings: tuple[str, ...]
    method: str = "GET"

    def address(self, *parts: Artefact | str | int, ending: str = "") -> str:
        """Write an address relative to the server's base path.

        Parameters
        ----------
        *parts : Artefact, str or int
            Of the file's name, without the digest: an artefact stands for its key, and its content for the digest.
        ending : str, optional
            One of ``endings``; the first unless given.
        """
        mark = digest(*(part.digest for part in parts if isinstance(part, Artefact)))
        named = (part.key if isinstance(part, Artefact) else str(part) for part in parts)
        return f"{ROOT}/{self.name}/{'.'.join((*named, mark))}.{ending or self.endings[0]}"

    def url(self, *parts: Artefact | str | int, ending: str = "") -> str:
        """Write an address with a ticket, where sign-in is configured; see `address`."""
        return with_ticket(self.address(*parts, ending=ending))

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
EXPORT = Kind("export", ("classifier", "index", "projection", "digest"), ("csv", "zip"), "POST")
GUEST = Kind("guest", ("classifier", "index", "projection", "digest"), ("jsonl",), "POST")
GUEST_UNJUDGED = Kind("guest-unjudged", ("dataset", "projection", "digest"), ("jsonl",), "POST")
UNJUDGED = Kind("export-unjudged", ("dataset", "projection", "digest"), ("csv", "zip"), "POST")
POSTER = Kind("poster", ("projection", "dataset", "layout", "size", "digest"), ("jpg",))
POINTS = Kind("points", ("projection", "dataset", "digest"), ("bin",))
LABELS = Kind("labels", ("dataset", "digest"), ("bin",))
COLUMNS = Kind("columns", ("classifier", "index", "digest"), ("bin",))
IDS = Kind("ids", ("dataset", "digest"), ("json",))
VALUES = Kind("values", ("dataset", "index", "digest"), ("bin", "json"))
TABLE_ROW = Kind("row", ("dataset", "digest"), ("json",))
IMAGE = Kind("image", ("dataset", "digest"), ("webp",))
EVIDENCE = Kind("evidence", ("dataset", "features", "digest"), ("json",))
VERDICTS = Kind("verdicts", ("dataset", "digest"), ("json",))
JUDGE = Kind("judge", ("dataset", "who", "digest"), ("json",), "POST")
THUMBNAILS = Kind("thumbnails", ("thumbnails", "index", "digest"), ("webp",))


def common_url(one: Artefact, other: Artefact) -> str:
    """Give the URL of how many neighbours each image has in two feature spaces, whichever is named first."""
    return COMMON.url(*sorted((one, other), key=lambda neighbours: neighbours.key))
