"""``bundle``: pack runs for a dashboard elsewhere."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from cache import Artefact, Store, open_store
from cache.belonging import Belongings
from cache.bundle import pack
from cache.commands import Again, dashboard_command
from cache.counting import counted
from cache.places import place_of
from cache.remedies import making_command
from pipeline.cli.answer import Answer, size
from pipeline.errors import SourceError
from pipeline.inputs.image_folders import size_inside
from pipeline.stages.images import Originals, files_of, has_pixels

SUMMARY = "pack runs into one folder or zip that a dashboard anywhere can serve"
EXAMPLES = """  python -m pipeline bundle clipart-hog
  python -m pipeline bundle clipart-efficientnet-lite0 clipart-hog --output shared.zip
  lazybones --cache shared.zip

What was computed on top of a run goes along, such as live fits and other maps; --bare leaves it out.
Files of your own images stay where they are, unless --with-images takes them along.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run that `status` lists")
    parser.add_argument(
        "--output", type=Path, help="a new folder, or a name that ends in .zip (default: RUN.zip)"
    )
    parser.add_argument(
        "--with-images",
        action="store_true",
        help="take the files of your own images along, with all that they hold: times and places, too",
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
    originals = None
    if args.with_images:
        originals = partial(_files, store, args.runs)
        sys.stderr.write(f"{_say_size(store, args.runs)}\n")
    written = pack(store, args.runs, target, bare=args.bare, originals=originals)
    lines = [f"{target}: {size(written)}"]
    if on_top:
        lines.append(
            f"{'Left out' if args.bare else 'With'} {counted(len(on_top), 'result')} computed on top of the runs."
        )
    if args.with_images:
        lines.append(
            "The images' files are in it as they are, with the times and places that are noted in them."
        )
    lines.append(f"Serve it: {dashboard_command(target.absolute())}")
    data: dict[str, object] = {"bundle": str(target), "bytes": written, "runs": args.runs}
    data |= {"on_top": 0 if args.bare else len(on_top), "with_images": args.with_images}
    return Answer("\n".join(lines), data)


def _files(store: Store, names: list[str], dataset: Artefact) -> Iterator[bytes]:
    """Give the files of a data set's pictures.

    Raises
    ------
    SourceError
        If one has changed or is gone; says which run has to be made again.
    """
    try:
        yield from files_of(dataset)
    except SourceError as problem:
        if problem.remedy and not isinstance(problem.remedy, Again):
            raise
        run = next(run for run in map(store.run, names) if run.stages.get("dataset") == dataset.key)
        raise SourceError(
            f"Run {run.name} must be made again before its images' files can go along. Got files that have changed "
            f"since. {problem.message}",
            remedy=making_command(store.roots, run.name, run.command),
        ) from problem


def _say_size(store: Store, names: list[str]) -> str:
    """Say how many files of images go along, and how large they are."""
    keys = {store.run(name).stages.get("dataset", "") for name in names}
    files = [
        size_inside(place, path)
        for dataset in (store.artefact("dataset", key) for key in sorted(keys))
        if not has_pixels(dataset) and (place := place_of(dataset))
        for path in {*Originals(dataset, "train").paths, *Originals(dataset, "test").paths} - {""}
    ]
    return f"With {counted(len(files), 'image file')}: {size(sum(files))}."
