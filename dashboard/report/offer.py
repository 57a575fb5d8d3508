"""Offer a run as a report to take away: written in the queue, in both formats, kept for a while."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from cache import Run, Store
from cache.commands import command
from dashboard.findings.choose import findings_of, headline_of
from dashboard.jobs.request import Request, result
from dashboard.jobs.shelf import Shelf
from dashboard.labels.suspects import found_suspects
from dashboard.page.context import ViewContext
from dashboard.page.messages import show_command
from dashboard.report.content import report_of
from dashboard.report.write import WRITERS, Written, put
from dashboard.run.of_process import one_of_process
from dashboard.wording.numbers import fixed
from pipeline.api import Progress

KEPT = 4
"""Reports that wait to be fetched: each takes 3 MB of the disk."""
MEMORY = 200 * 1024**2
"""Bytes that writing one takes, at most, of 10,000 images."""
WHAT = (
    "Two pages of A4 for people who do not click: what was found, with images, which classes are taken for which, the "
    "map, and how it was measured. At the run's own C."
)
MEDIA = {".pdf": "application/pdf", ".html": "text/html"}


@dataclass(frozen=True)
class Taken:
    """Hold a report in one format: its file, and what was written."""

    path: Path
    told: Written


@one_of_process
def shelf() -> Shelf[tuple[Taken, ...]]:
    """Give the shelf of this process."""
    return Shelf("reports", KEPT)


def report_request(context: ViewContext) -> Request[tuple[Taken, ...]]:
    """Ask for a run as a report, in every format."""
    store, run = context.store, context.run
    key = (run.name, repr(run), *_told(context))
    return Request(
        store,
        run,
        "Report",
        key,
        partial(_make, store, run, key),
        partial(shelf().find, key),
        note="",
        button="Write it",
        icon=":material/description:",
        memory=MEMORY,
        subject="Writing a report",
    )


def _told(context: ViewContext) -> tuple[Hashable, ...]:
    """Give what changes the report of a run: what is found of it later on, as its labels are looked through."""
    data = context.data
    if context.said is None:
        return ()
    said = data.own_predictions
    return repr(headline_of(data, said)), repr(findings_of(data, said)), found_suspects(data) is None


def show(context: ViewContext) -> None:
    """Offer the run as a report, to those who open it."""
    if not context.run.finished:
        return
    name = context.run.name
    with st.expander("Take this run along as a report", key="report"):
        st.markdown(WHAT)
        made = [taken for taken in result(report_request(context)) or () if taken.path.is_file()]
        with st.container(horizontal=True):
            for taken in made:
                _download(name, taken)
        for note in filter(None, (taken.told.note for taken in made)):
            st.caption(note)
        typed = str(command("report", name, "--out", f"{name}.pdf"))
        show_command("On the command line:", typed)


def _download(name: str, taken: Taken) -> None:
    ending = taken.path.suffix
    label = f"Download as {ending[1:].upper()} ({fixed(taken.told.size / 1e6, 1)} MB)"
    file = f"{name}-report{ending}"
    st.download_button(
        label, taken.path.read_bytes, file, MEDIA[ending], on_click="ignore", key=f"report{ending}"
    )


def _make(store: Store, run: Run, key: Hashable, progress: Progress) -> tuple[Taken, ...]:
    def make(folder: Path) -> tuple[Taken, ...]:
        report = report_of(store, run.name, progress)
        paths = [folder / f"report{ending}" for ending in WRITERS]
        return tuple(Taken(path, put(report, path)) for path in paths)

    return shelf().make(key, make)
