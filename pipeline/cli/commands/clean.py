"""``clean``: remove what is damaged, left over or not needed."""

from __future__ import annotations

import argparse
from pathlib import Path

from cache import Store, open_store
from cache.maintenance import (
    remove_all,
    remove_corrupt,
    remove_on_top,
    remove_stale,
    remove_unreferenced,
    taken,
)
from cache.removal import alone, check_removable
from cache.roots import named_place
from pipeline.cli.answer import Answer, size
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute.progress import Progress, waiting_on

SUMMARY = "remove what interrupted runs and bundles left behind, or what is damaged or not needed"
EXAMPLES = """  python -m pipeline clean                  # what interrupted runs and bundles left behind
  python -m pipeline clean --corrupt        # damaged artefacts and run files; then run the pipeline again
  python -m pipeline clean --unreferenced   # artefacts that belong to no run, such as those of a run replaced since
  python -m pipeline clean --on-top         # live fits, other maps, learning curves: computed again when asked for
  python -m pipeline clean --all            # everything, except the embedded demo
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--corrupt", action="store_true", help="damaged artefacts and run files")
    what.add_argument("--unreferenced", action="store_true", help="artefacts that belong to no run")
    what.add_argument(
        "--on-top",
        action="store_true",
        help="what was computed on top of runs because somebody asked: live fits, other maps, learning curves; "
        "the dashboard computes it again when somebody asks",
    )
    what.add_argument("--all", action="store_true", help="all runs and artefacts")


def execute(args: argparse.Namespace) -> Answer:
    """Remove what was asked for."""
    store = open_store(args.cache)
    check_removable(store, named_place(args.cache) or store.roots[-1])
    before = taken(store)
    with TerminalReporter().working("clean", "checking") as progress:
        removed = _remove(args, store, progress)
    freed = before - taken(store)
    lines = [f"removed {path}" for path in removed] or ["Nothing to remove."]
    data = {"removed": [str(path) for path in removed], "bytes": freed}
    again = ["Make the runs again that they belonged to."] if args.corrupt and removed else []
    return Answer("\n".join([*lines, f"{size(freed)} freed.", *again]), data)


def _remove(args: argparse.Namespace, store: Store, progress: Progress) -> list[Path]:
    if args.corrupt:
        return remove_corrupt(store, progress)
    wanted = ((args.unreferenced, remove_unreferenced), (args.on_top, remove_on_top), (args.all, remove_all))
    for asked, remove in wanted:
        if asked:
            with alone(store, waiting_on(progress)):
                return remove(store)
    return remove_stale(store)
