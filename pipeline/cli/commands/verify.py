"""``verify``: read every byte of the store and compare it with its checksum."""

from __future__ import annotations

import argparse

from cache import open_store
from cache.commands import command, typed
from cache.counting import counted
from cache.maintenance import problems, unreferenced
from cache.roots import named_place
from pipeline.cli.answer import Answer
from pipeline.cli.terminal import TerminalReporter

SUMMARY = "check every file in the store against its checksum"
EXAMPLES = """  python -m pipeline verify
  python -m pipeline verify --json
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing: there are no options."""


def execute(args: argparse.Namespace) -> Answer:
    """Check the store; the exit code is 1 if anything is wrong."""
    store, place = open_store(args.cache), named_place(args.cache)
    with TerminalReporter().working("verify", "store") as progress:
        found = problems(store, progress)
    data = {
        "artefacts": len(store.artefacts()),
        "runs": len(store.run_names()),
        "problems": [{"path": str(item.path), "error": item.error.told(place)} for item in found],
    }
    if found:
        return Answer("\n\n".join(item.error.told(place) for item in found), data, code=1)
    lines = [
        f"All is well: {counted(data['artefacts'], 'artefact')}, {counted(data['runs'], 'run')} in {store.root}."
    ]
    spare = len(unreferenced(store))
    if spare:
        lines.append(
            f"Of no run: {counted(spare, 'artefact')}. Try: {typed(command('clean', '--unreferenced'), place)}"
        )
    return Answer("\n".join(lines), {**data, "unreferenced": spare})
