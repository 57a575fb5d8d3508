"""Streamlit's command line for a server that notes each job that begins, and each try to write into the store.

Whatever the tests' user may do: a file system would let root write where modes forbid it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

WRITES = {
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.truncate",
    "os.utime",
    "os.chmod",
    "os.link",
    "os.symlink",
}


def watch(store: str, notes: Path) -> None:
    """Note from now on what is tried."""
    noted = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(text: str) -> None:
        os.write(noted, f"{text}\n".encode())

    def hook(event: str, given: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = given
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        else:
            path, writes = given[0] if given else "", event in WRITES
        if writes and isinstance(path, str | os.PathLike) and str(path).startswith(store):
            note(f"{event} {path}")

    from dashboard.jobs.job import Job

    begin = Job.begin

    def noted_begin(job: Job) -> None:
        note(f"job {job.title}")
        begin(job)

    Job.begin = noted_begin  # type: ignore[method-assign]
    sys.addaudithook(hook)


if __name__ == "__main__":
    place = os.environ["LAZYBONES_CACHE"]
    watch(place, Path(f"{place}.notes"))
    from streamlit.web.cli import main

    main()
