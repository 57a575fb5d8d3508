"""``list``: the plug-ins there are, and what each lacks."""

from __future__ import annotations

import argparse
from dataclasses import fields

from pipeline.cli.answer import Answer, table
from pipeline.plugins.recipe import flag_of
from pipeline.plugins.registry import KINDS, missing_packages, names, plugin

SUMMARY = "list the sources, extractors, classifiers and projections"
EXAMPLES = """  python -m pipeline list
  python -m pipeline list --json
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing: there are no options."""


def execute(args: argparse.Namespace) -> Answer:
    """List the plug-ins."""
    found = {kind: [_describe(kind, name) for name in names(kind)] for kind in KINDS}
    parts = []
    for kind, entries in found.items():
        rows = [(f"  {entry['name']}", str(entry["summary"]), _state(entry["missing"])) for entry in entries]
        parts.append(table(rows, (kind, "", "")))
    return Answer("\n\n".join(parts), found)


def _describe(kind: str, name: str) -> dict[str, object]:
    stage = plugin(kind, name)
    return {
        "name": name,
        "summary": stage.SUMMARY,
        "version": stage.VERSION,
        "missing": list(missing_packages(kind, name)),
        "options": {flag_of(item): item.metadata["help"] for item in fields(stage)},
    }


def _state(missing: object) -> str:
    needed = missing if isinstance(missing, list) else []
    return f"needs {', '.join(needed)}: pip install -r requirements-pipeline.txt" if needed else ""
