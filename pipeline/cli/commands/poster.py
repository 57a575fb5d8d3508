"""``poster``: draw a run's map as one large picture."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image

from cache import open_store
from cache.counting import counted
from cache.files import write_atomically
from cache.runs import check_finished
from pipeline.cli.answer import Answer, size
from pipeline.cli.paths import check_target, elsewhere
from pipeline.cli.terminal import TerminalReporter
from pipeline.inputs.remedies import suggesting
from pipeline.maps.poster import BACKGROUNDS, LAYOUTS, Poster
from pipeline.plugins.options import whole
from pipeline.stages.images import thumbnails_of

SUMMARY = "draw a run's map as one large picture made of its images"
EXAMPLES = """  python -m pipeline poster clipart-hog
  python -m pipeline poster clipart-hog --layout grid --size 6000 --out clipart.jpg
  python -m pipeline poster clipart-hog --background black
"""
FORMATS = {
    ".png": ("PNG", {"compress_level": 6}),
    ".jpg": ("JPEG", {"quality": 92, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 92, "subsampling": 0}),
    ".webp": ("WEBP", {"quality": 92}),
}
"""What a file name's ending means to Pillow."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")
    parser.add_argument(
        "--layout", choices=LAYOUTS, default="scatter", help="scatter: at their places (default)"
    )
    parser.add_argument(
        "--size", type=whole, default=3000, metavar="PIXELS", help="side of the picture (3000)"
    )
    parser.add_argument(
        "--background", choices=list(BACKGROUNDS), default="white", help="white (default) or black"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=".png, .jpg or .webp (RUN-LAYOUT-PIXELS.png)"
    )


def execute(args: argparse.Namespace) -> Answer:
    """Draw the poster and write it."""
    poster = Poster(args.layout, args.size, args.background)
    target = args.out or Path(f"{args.run}-{args.layout}-{args.size}.png")
    check_target(target, "--out", FORMATS)
    store = open_store(args.cache)
    run = store.run(args.run)
    check_finished(run)
    images = thumbnails_of(store.artefact("dataset", run.stages.get("dataset", "")), "test")
    positions = store.artefact("projection", run.stages.get("projection", "")).array("test")
    with TerminalReporter().working("poster", args.layout) as progress:
        picture = poster.draw(images, positions, progress)
    with suggesting(elsewhere(target, "--out")):
        write_picture(picture, target)
    written = target.stat().st_size
    text = (
        f"{target}: {counted(len(images), 'image')} on {args.size:,} x {args.size:,} pixels, {size(written)}"
    )
    return Answer(text, {"poster": str(target), "bytes": written, "images": len(images)})


def write_picture(picture: Image.Image, target: Path) -> None:
    """Write a picture whole or not at all.

    Raises
    ------
    OSError
        If the folder is missing, or not writable.
    """
    kind, options = FORMATS[target.suffix.lower()]
    file = io.BytesIO()
    picture.save(file, kind, **options)
    write_atomically(target, file.getvalue())
