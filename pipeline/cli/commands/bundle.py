"""``bundle``: pack runs for a dashboard elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from cache import open_store
from cache.belonging import Belongings
from cache.bundle import pack
from cache.commands import dashboard_command
from cache.counting import counted
from pipeline.cli.answer import Answer, size

SUMMARY = "pack runs into one folder or zip that a dashboard anywhere can serve"
EXAMPLES = """  python -m pipeline bundle digits-hog
  python -m pipeline bundle digits-hog digits-pixels --output shared.zip
  lazybones --cache shared.zip

What was computed on top of a run goes along, such as live fits and other maps; --bare leaves it out.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run that `status` lists")
    parser.add_argument(
        "--output", type=Path, help="a new folder, or a name that ends in .zip (default: RUN.zip)"
    )
    parser.add_argument(
        "--bare", action="store_true", help="only the runs' own results, nothing computed on top of them"
    )


def execute(args: argparse.Namespace) -> Answer:
    """Pack the runs."""
    target = args.output or Path(f"{args.runs[0]}.zip")
    store = open_store(args.cache)
    belongings = Belongings(store)
    on_top = {at for name in args.runs for at in belongings.on_top(store.run(name))}
    written = pack(store, args.runs, target, bare=args.bare)
    lines = [f"{target}: {size(written)}"]
    if on_top:
        lines.append(
            f"{'Left out' if args.bare else 'With'} {counted(len(on_top), 'result')} computed on top of the runs."
        )
    lines.append(f"Serve it: {dashboard_command(target.absolute())}")
    data = {"bundle": str(target), "bytes": written, "runs": args.runs}
    return Answer("\n".join(lines), {**data, "on_top": 0 if args.bare else len(on_top)})
