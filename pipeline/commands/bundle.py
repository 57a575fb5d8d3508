"""``bundle``: pack runs for a dashboard elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from cache import open_store
from cache.bundle import pack
from pipeline.answer import Answer, size

SUMMARY = "pack runs into one folder or zip that a dashboard anywhere can serve"
EXAMPLES = """  python -m pipeline bundle digits-hog
  python -m pipeline bundle digits-hog digits-pixels --output shared.zip
  LAZYBONES_CACHE=shared.zip streamlit run dashboard/app.py
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run that `status` lists")
    parser.add_argument(
        "--output", type=Path, help="a new folder, or a name that ends in .zip (default: RUN.zip)"
    )


def execute(args: argparse.Namespace) -> Answer:
    """Pack the runs."""
    target = args.output or Path(f"{args.runs[0]}.zip")
    written = pack(open_store(args.cache), args.runs, target)
    text = f"{target}: {size(written)}\nServe it: LAZYBONES_CACHE={target} streamlit run dashboard/app.py"
    return Answer(text, {"bundle": str(target), "bytes": written, "runs": args.runs})
