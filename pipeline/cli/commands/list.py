"""``list``: the plug-ins there are, and what each lacks."""

from __future__ import annotations

import argparse

from pipeline.cli.answer import Answer, table
from pipeline.stages.kinds import KINDS, Kind

SUMMARY = "list the sources, extractors, classifiers and projections"
EXAMPLES = """  python -m pipeline list
  python -m pipeline list --json
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing: there are no options."""


def execute(args: argparse.Namespace) -> Answer:
    """List the plug-ins."""
    found = {f"{kind.KIND}s": [_describe(kind.find(name)) for name in kind.names()] for kind in KINDS}
    parts = []
    for kind, entries in found.items():
        rows = [(f"  {entry['name']}", str(entry["summary"]), _state(entry["missing"])) for entry in entries]
        parts.append(table(rows, (kind, "", "")))
    return Answer("\n\n".join(parts), found)


def _describe(plugin: type[Kind]) -> dict[str, object]:
    return {
        "name": plugin.NAME,
        "summary": plugin.SUMMARY,
        "version": plugin.VERSION,
        "missing": list(plugin.missing_packages()),
        "options": {option.flag: option.help for option in plugin.options()},
    }


def _state(missing: object) -> str:
    needed = missing if isinstance(missing, list) else []
    return f"needs {', '.join(needed)}: pip install -r requirements-pipeline.txt" if needed else ""
