"""``demo``: the embedded demo, clip art described by a network and by HOG; nothing to download."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from cache import Artefact, LazybonesError, Store
from cache.bundle import pack
from cache.remedies import DEMO
from cache.roots import unpacked
from pipeline.cli.answer import Answer
from pipeline.cli.terminal import TerminalReporter
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.stages.images import Originals
from pipeline.stages.kinds import Classifier, Extractor, Projection, Source

SUMMARY = "build the embedded demo (clip art) anew from its pictures if it is damaged"
EXAMPLES = """  python -m pipeline demo
  python -m pipeline demo --rebuild
"""
NAMES = {
    "clipart-efficientnet-lite0": Extractor.named("efficientnet-lite0"),
    "clipart-hog": Extractor.named("hog", cells_per_block=1),  # 144 numbers an image: small enough to commit
}
"""The demo's runs, and what describes its pictures in each."""
TITLE = "Open Clip Art"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--rebuild", action="store_true", help="build it again, from nothing but its pictures"
    )


def execute(args: argparse.Namespace) -> Answer:
    """Build the demo."""
    demo = Store(unpacked(DEMO, anew=True))
    store = Store(args.cache) if args.cache else demo
    if is_whole(store) and not args.rebuild:
        return Answer(f"The demo is there: {', '.join(store.run_names())}.", {"built": False})
    with tempfile.TemporaryDirectory() as temporary:
        pictures = Path(temporary) / TITLE
        _write_pictures(demo.artefact("dataset", demo.run(next(iter(NAMES))).stages["dataset"]), pictures)
        filled = Store(args.cache or Path(temporary) / "store")
        for recipe in recipes(pictures):
            run(recipe, filled, TerminalReporter())
        if args.cache is None:
            packed = DEMO.with_suffix(".new.zip")
            packed.unlink(missing_ok=True)
            pack(filled, list(NAMES), packed, bare=True, level=9)
            packed.replace(DEMO)
    return Answer(f"Built the demo: {', '.join(NAMES)}.", {"built": True})


def recipes(pictures: Path) -> tuple[Recipe, ...]:
    """Give the demo's runs, of a folder with its pictures."""
    return tuple(
        Recipe(
            source=Source.named("folder", path=pictures),
            extractor=extractor,
            classifier=Classifier.named("linear-svm"),
            projection=Projection.named("tsne"),
            name=name,
        )
        for name, extractor in NAMES.items()
    )


def _write_pictures(dataset: Artefact, folder: Path) -> None:
    """Write the demo's pictures, which its data set has whole, into a folder of class folders."""
    for path, content in map(Originals(dataset, "test").file, range(dataset.manifest.dims["n_test"])):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def is_whole(store: Store) -> bool:
    """Tell whether every run of the demo is there, byte for byte."""
    try:
        for name in NAMES:
            for stage, key in store.run(name).stages.items():
                for _ in store.artefact(stage, key).verify():
                    pass
    except LazybonesError:
        return False
    return True
