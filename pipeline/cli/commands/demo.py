"""``demo``: build the embedded demo if it is missing: digits with two feature sets, nothing to download."""

from __future__ import annotations

import argparse
import shutil

from cache import LazybonesError, Store
from cache.remedies import DEMO
from pipeline.cli.answer import Answer
from pipeline.cli.terminal import TerminalReporter
from pipeline.recipe import Recipe
from pipeline.run import run
from pipeline.stages.kinds import Classifier, Extractor, Projection, Source

SUMMARY = "build the embedded demo (handwritten digits) if it is missing or damaged"
EXAMPLES = """  python -m pipeline demo
  python -m pipeline demo --rebuild
"""
HOG = {"orientations": 8, "pixels_per_cell": 2, "cells_per_block": 1}
"""128 numbers an image: small enough to commit."""


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
    reporter = TerminalReporter()
    written = [run(recipe, store, reporter) for recipe in recipes()]
    return Answer(f"Built the demo: {', '.join(run.name for run in written)}.", {"built": True})


def recipes() -> tuple[Recipe, ...]:
    """Give the demo's runs."""
    return tuple(
        Recipe(
            source=Source.named("digits"),
            extractor=extractor,
            classifier=Classifier.named("linear-svm"),
            projection=Projection.named("tsne"),
            name=f"digits-{extractor.NAME}",
        )
        for extractor in (Extractor.named("hog", **HOG), Extractor.named("pixels"))
    )


def is_whole(store: Store) -> bool:
    """Tell whether every run of the demo is there, byte for byte."""
    try:
        for recipe in recipes():
            for stage, key in store.run(recipe.run_name).stages.items():
                for _ in store.artefact(stage, key).verify():
                    pass
    except LazybonesError:
        return False
    return True
