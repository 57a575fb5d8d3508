"""``status``: the runs there are, and whether each is whole."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cache import LazybonesError, Run, Store, open_store
from cache.commands import FIRST_RUN, Command, typed
from cache.consistency import check_run
from cache.making import is_being_made, read_making
from cache.roots import named_place
from pipeline.cli.answer import Answer, table
from pipeline.cli.summary import run_summary

SUMMARY = "list the runs in the store, with their accuracy"
EXAMPLES = """  python -m pipeline status
  python -m pipeline status clipart-hog --json
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
    told = "".join(_told(entry, place) for entry in entries)
    text = table(rows, ("RUN", "ACCURACY", "C", "TRAIN", "TEST", "FEATURES", "NOTE")) + told
    return Answer(text, entries, code=1 if any("problem" in entry for entry in entries) else 0)


def _entry(store: Store, name: str, place: Path | None) -> dict[str, Any]:
    try:
        run = store.run(name)
        check_run(store, run)
        return run_summary(store, run) if run.finished else _unfinished(store, run)
    except LazybonesError as error:
        return {"run": name, "problem": error.told(place)}


def _unfinished(store: Store, run: Run) -> dict[str, Any]:
    """Say of a run that is not finished whether somebody makes it, and how far it is or what went wrong."""
    making = read_making(store, run.name)
    alive = is_being_made(store, run.name)
    at = next((s for s in making.stages if s.state == "working"), None) if making else None
    return {
        "run": run.name,
        "title": run.title,
        "finished": False,
        "state": "being made" if alive else "failed" if making and making.error else "interrupted",
        "stage": None if at is None else at.stage,
        "done": at.done if at else 0,
        "total": at.total if at else 0,
        "error": making.error if making else "",
        "command": run.command,
        "created": run.created,
    }


def _told(entry: dict[str, Any], place: Path | None) -> str:
    """Give what needs a line of its own: what is damaged, what failed, what waits to be gone on with."""
    if "problem" in entry:
        return f"\n{entry['run']}: {entry['problem']}"
    if entry["finished"] or entry["state"] == "being made":
        return ""
    why = entry["error"] or "It was interrupted."
    return f"\n{entry['run']}: {why}\nTry: {typed(Command(entry['command']), place)}"


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    if "problem" in entry:
        return (entry["run"], "-", "-", "-", "-", "-", "cannot be read, see below")
    if not entry["finished"]:
        how_far = f": {entry['stage']}" if entry["stage"] else ""
        how_far += f", {entry['done']:,} of {entry['total']:,}" if entry["total"] else ""
        return (entry["run"], "-", "-", "-", "-", "-", f"unfinished, {entry['state']}{how_far}")
    accuracy = "-" if entry["accuracy"] is None else f"{entry['accuracy']:.4f}"
    counts = (f"{entry[name]:,}" for name in ("train_images", "test_images", "features"))
    notes = ["stand-in model"] if entry["stand_in"] else []
    notes += ["no classifier"] if entry["no_classifier"] else []
    return (entry["run"], accuracy, f"{entry['C']:g}", *counts, ", ".join(notes))
