"""``export``: runs as a folder of static files, which any host serves and a double click opens."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli.answer import Answer, size
from pipeline.cli.programs import dashboard_program

SUMMARY = "write runs as a site of static files: no server, no Python, opens by a double click"
EXAMPLES = """  python -m pipeline export clipart-efficientnet-lite0 --out site
  python -m pipeline export clipart-efficientnet-lite0 clipart-hog --out site --zip

Open site/index.html, or put the folder on GitHub Pages, Cloudflare Pages, Netlify, a static Hugging Face Space or
any web server, under any path (docs/hosting.md). It asks no other server for anything.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "runs", nargs="+", metavar="RUN", help="a run that `status` lists; the first one opens"
    )
    parser.add_argument("--out", type=Path, required=True, help="a new folder, or one that holds a site")
    parser.add_argument("--zip", action="store_true", help="pack it into OUT.zip, too")


def execute(args: argparse.Namespace) -> Answer:
    """Write the site: the pages are the dashboard's, which is another program."""
    words = [*args.runs, "--out", str(args.out.absolute()), *(["--zip"] if args.zip else [])]
    code, data = dashboard_program("site", words, args.cache)
    if code:
        return Answer("", code=code)
    lines = [
        f"{args.out}: {size(data['bytes'])}. Open {args.out / 'index.html'}, or put the folder on any web server."
    ]
    if args.zip:
        lines.append(f"The same as a zip file: {args.out.with_name(f'{args.out.name}.zip')}")
    return Answer("\n".join(lines), data)
