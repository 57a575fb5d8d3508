"""``report``: a run on two pages of paper, for people who do not click."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli.answer import Answer, size
from pipeline.cli.paths import check_target
from pipeline.cli.programs import dashboard_program

SUMMARY = "write a run on two pages: findings with their images, confusions, the map, how it was measured"
EXAMPLES = """  python -m pipeline report clipart-efficientnet-lite0 --out clipart.pdf
  python -m pipeline report clipart-efficientnet-lite0 --out clipart.html

Both are one file that asks nobody for anything. The HTML one prints on two sheets of A4.
"""
FORMATS = (".pdf", ".html")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=".pdf or .html: a new file, or one that holds a report",
    )


def execute(args: argparse.Namespace) -> Answer:
    """Write the report: it says what the dashboard says, which is another program."""
    check_target(args.out, "--out", FORMATS)
    words = [args.run, "--out", str(args.out.absolute())]
    code, data = dashboard_program("report", words, args.cache)
    if code:
        return Answer("", code=code)
    lines = [f"{args.out}: {size(data['bytes'])}, two pages.", data["note"]]
    return Answer("\n".join(filter(None, lines)), data)
