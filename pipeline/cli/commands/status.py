"""``status``: the runs there are, and whether each is whole."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cache import LazybonesError, Store, open_store
from cache.commands import FIRST_RUN, typed
from cache.consistency import check_run
from cache.roots import named_place
from pipeline.cli.answer import Answer, table
from pipeline.cli.summary import run_summary

SUMMARY = "list the runs in the store, with their accuracy"
EXAMPLES = """  python -m pipeline status
  python -m pipeline status digits-hog --json
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", nargs="?", help="one run (default: all)")


def execute(args: argparse.Namespace) -> Answer:
    """List the runs."""
    store, place = open_store(args.cache), named_place(args.cache)
    names = [args.run] if args.run else store.run_names()
    if args.run:
        store.run(args.run)
    entries = [_entry(store, name, place) for name in names]
    if not entries:
        return Answer(f"No runs in {store.root}.\nTry: {typed(FIRST_RUN, place)}", [])
    rows = [_row(entry) for entry in entries]
    problems = "".join(f"\n{entry['run']}: {entry['problem']}" for entry in entries if "problem" in entry)
    text = table(rows, ("RUN", "ACCURACY", "C", "TRAIN", "TEST", "FEATURES", "NOTE")) + problems
    return Answer(text, entries, code=1 if problems else 0)


def _entry(store: Store, name: str, place: Path | None) -> dict[str, Any]:
    try:
        run = store.run(name)
        check_run(store, run)
        return run_summary(store, run)
    except LazybonesError as error:
        return {"run": name, "problem": error.told(place)}


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    if "problem" in entry:
        return (entry["run"], "-", "-", "-", "-", "-", "cannot be read, see below")
    accuracy = "-" if entry["accuracy"] is None else f"{entry['accuracy']:.4f}"
    counts = (f"{entry[name]:,}" for name in ("train_images", "test_images", "features"))
    notes = ["stand-in model"] if entry["stand_in"] else []
    notes += ["no classifier"] if entry["no_classifier"] else []
    return (entry["run"], accuracy, f"{entry['C']:g}", *counts, ", ".join(notes))
