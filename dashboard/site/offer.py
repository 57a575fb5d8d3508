"""Offer a run as a site to take away: written in the queue, kept for a while, downloaded as a zip file."""

from __future__ import annotations

import shutil
from collections.abc import Hashable
from functools import partial
from pathlib import Path

import streamlit as st

from cache import Run, Store
from cache.commands import command
from dashboard.jobs.request import Request, result
from dashboard.jobs.shelf import Shelf
from dashboard.page.context import ViewContext
from dashboard.page.messages import show_command
from dashboard.run.of_process import one_of_process
from dashboard.site.write import pack, write_site
from dashboard.wording.numbers import fixed
from pipeline.api import Progress

KEPT = 2
"""Sites that wait to be fetched: one of 10,000 small images takes 8 MB of the disk."""
MEMORY = 100 * 1024**2
"""Bytes that writing one takes, at most, of 10,000 images."""
WHAT = "These pages as a folder of static files: a double click opens it, and any host serves it, without this server."


@one_of_process
def shelf() -> Shelf[Path]:
    """Give the shelf of this process."""
    return Shelf("sites", KEPT)


def site_request(context: ViewContext) -> Request[Path]:
    """Ask for a run as a site."""
    store, run = context.store, context.run
    key = (run.name, repr(run))
    return Request(
        store,
        run,
        "Site",
        key,
        partial(_make, store, run, key),
        partial(shelf().find, key),
        note="",
        button="Write it",
        icon=":material/public:",
        memory=MEMORY,
        subject="Writing a site",
    )


def show(context: ViewContext) -> None:
    """Offer the run as a site, to those who open it."""
    if not context.run.finished:
        return
    with st.expander("Take this run along as a site", key="site"):
        st.markdown(WHAT)
        made = result(site_request(context))
        if made is not None and made.is_file():
            size = fixed(made.stat().st_size / 1e6, 1)
            name = f"{context.run.name}-site.zip"
            label = f"Download the site ({size} MB)"
            st.download_button(label, made.read_bytes, name, "application/zip", on_click="ignore")
        typed = str(command("export", context.run.name, "--out", "site"))
        show_command("On the command line, also of several runs:", typed)


def _make(store: Store, run: Run, key: Hashable, progress: Progress) -> Path:
    return shelf().make(key, partial(packed_site, store, run.name, progress))


def packed_site(store: Store, name: str, progress: Progress, folder: Path) -> Path:
    """Write a run as a site into a folder, and pack it there; only the zip file stays."""
    site, packed = folder / "site", folder / "site.zip"
    write_site(store, [name], site, lambda done, total: progress(done, total, "site"))
    pack(site, packed)
    shutil.rmtree(site)
    return packed
