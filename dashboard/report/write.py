"""A report is written whole or not at all, and takes the place of a report alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cache import LazybonesError, Store
from cache.counting import counted
from cache.files import write_atomically
from cache.runs import check_finished
from dashboard.report import page, paper
from dashboard.report.content import report_of
from dashboard.report.model import Report
from pipeline.api import Progress

WRITERS: Mapping[str, Callable[[Report], tuple[bytes, str]]] = MappingProxyType(
    {".pdf": paper.paper, ".html": page.page}
)
"""What a file name's ending makes of a report; the command line says the same of it."""
MARKS = (page.MARK.encode(), paper.MARK.encode())
LETTERS = (
    "No font of this machine has some letters of this run: the PDF has their codes. Fonts that have them "
    "(on Debian fonts-noto-cjk, for example), or --out with a file .html, show them as they are."
)
MOST_SHOWN = 20
LARGEST = 50_000_000
"""Bytes of a file that may be a report."""


@dataclass(frozen=True)
class Written:
    """Tell what was written.

    Attributes
    ----------
    size : int
        In bytes.
    letters : str
        Those that no font has, and that stand there as codes.
    """

    size: int
    letters: str

    @property
    def note(self) -> str:
        """What to know of the letters, in words; empty where there is nothing."""
        if not self.letters:
            return ""
        shown = " ".join(self.letters[:MOST_SHOWN]) + (" …" if len(self.letters) > MOST_SHOWN else "")
        return f"{LETTERS} They are {counted(len(self.letters), 'letter')}: {shown}"


def write_report(store: Store, name: str, out: Path, progress: Progress) -> Written:
    """Write a report of a run.

    Parameters
    ----------
    store : Store
        Where the run is.
    name : str
        Its name.
    out : Path
        A new file, or one that holds a report; its ending is one of ``WRITERS``.
    progress : Progress
        Counts images.

    Raises
    ------
    LazybonesError
        If the file holds something else, the run is not finished, or it cannot be read.
    OSError
        If it cannot be written.
    """
    check_out(out)
    check_finished(store.run(name))
    return put(report_of(store, name, progress), out)


def put(report: Report, out: Path) -> Written:
    """Write a report as what the file's ending says; the file is written whole or not at all."""
    content, letters = WRITERS[out.suffix.lower()](report)
    write_atomically(out, content)
    return Written(len(content), letters)


def check_out(out: Path) -> None:
    """Check that a file is new, or a report that another may take the place of."""
    if not out.exists():
        return
    is_report = out.is_file() and out.stat().st_size <= LARGEST
    if not (is_report and any(mark in out.read_bytes() for mark in MARKS)):
        raise LazybonesError(f"--out must be a new file, or one that holds a report. Got {out}.")
