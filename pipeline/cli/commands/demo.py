"""``demo``: build the embedded demo if it is missing."""

from __future__ import annotations

import argparse
import shutil

from cache import Store
from cache.remedies import DEMO
from pipeline.cli.answer import Answer
from pipeline.cli.demo import build, is_whole
from pipeline.cli.terminal import TerminalReporter

SUMMARY = "build the embedded demo (handwritten digits) if it is missing or damaged"
EXAMPLES = """  python -m pipeline demo
  python -m pipeline demo --rebuild
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--rebuild", action="store_true", help="build it again from nothing")


def execute(args: argparse.Namespace) -> Answer:
    """Build the demo."""
    folder = args.cache or DEMO
    store = Store(folder)
    if is_whole(store) and not args.rebuild:
        return Answer(f"The demo is there: {', '.join(store.run_names())}.", {"built": False})
    if (
        args.cache is None
    ):  # the committed demo is the project's own; a folder of the user's is not ours to clear
        shutil.rmtree(folder, ignore_errors=True)
    written = build(store, TerminalReporter())
    return Answer(f"Built the demo: {', '.join(run.name for run in written)}.", {"built": True})
