"""``run``: compute what is missing and write a run."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from cache import Store, open_store
from cache.commands import Again, dashboard_command
from cache.counting import counted
from cache.roots import named_place
from pipeline.cli.answer import Answer
from pipeline.cli.options import add_plugin_options, recipe_from
from pipeline.cli.summary import run_summary
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute import memory
from pipeline.errors import InvalidParameter
from pipeline.inputs.folders.oddities import other_kind
from pipeline.plugins.options import whole
from pipeline.recipe import Recipe, corrected_run, recipe_of
from pipeline.run import run
from pipeline.stages.evaluation import Judged

MOST_NAMED = 5  # files of a kind
SUMMARY = "compute features, classifier, map and neighbours, and write a run"
EXAMPLES = """  python -m pipeline run --source digits --extractor hog
  python -m pipeline run --source folder --path ~/photos
  python -m pipeline run --source cifar10 --extractor hog
  python -m pipeline run --source cifar10 --extractor inception-2015 --classifier linear-svm --C 0.1 --projection tsne
  python -m pipeline run --source cifar10 --extractor hog --kernel rbf --gamma 0.5 --C 3
  python -m pipeline run --corrected cifar10-hog
  python -m pipeline run --source cifar10 --data-dir ~/cifar-10-batches-py --extractor inception-2015 \\
      --graph ~/classify_image_graph_def.pb --limit 500

Run it again and it is instant: what is there is reused. Stop it and it goes on where it was.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--name", help="name of the run (default: made from the choices)")
    parser.add_argument(
        "--corrected", metavar="RUN", help="RUN again, with the labels that people have mended"
    )
    parser.add_argument("--seed", type=whole, default=0, help="seed of all random numbers (%(default)s)")
    add_plugin_options(parser)


def execute(args: argparse.Namespace) -> Answer:
    """Run the pipeline."""
    memory.budget()  # a bad limit is said now, not after the features
    store = open_store(args.cache, create=True)
    reporter = TerminalReporter()
    recipe = _corrected(args, store) if args.corrected else recipe_from(args)
    written = run(recipe, store, reporter)
    data = {**run_summary(store, written), "wanted": recipe.run_name, "stages": reporter.stages}
    text = f"{summary_text(data)}\nLook at it: {dashboard_command(named_place(args.cache))}"
    return Answer(text, data)


def _corrected(args: argparse.Namespace, store: Store) -> Recipe:
    """Give the recipe of the run that is to be corrected, with another source; only a name may come with it."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    usual = vars(parser.parse_args([]))
    if more := [
        name for name in usual if name not in ("corrected", "name") and getattr(args, name) != usual[name]
    ]:
        flag = f"--{more[0].removeprefix('--')}"
        raise InvalidParameter(
            f"--corrected must come with --name alone. Got it with {flag}.", remedy=Again({flag: None})
        )
    made = store.run(args.corrected)
    again = recipe_of(corrected_run(made, store))
    return replace(again, name=args.name or again.name)


def summary_text(data: dict[str, Any]) -> str:
    """Give what a person should know of a run that was made; ``data`` is what ``--json`` prints."""
    lines = [f"{data['run']}: {data['title']}"]
    if data["run"] != data["wanted"]:
        lines.append(
            f"{data['wanted']} was made with other parameters and stays as it is; --name chooses another name."
        )
    if data["stand_in"]:
        lines.append(
            "The model file is a stand-in, not the published model: do not quote this as Inception-v3."
        )
    lines += _report(data)
    lines += [data["no_classifier"]] if data["no_classifier"] else _accuracy(data)
    return "\n".join(lines)


def _accuracy(data: dict[str, Any]) -> list[str]:
    """Say how good the classifier is, and what would be as good without one."""
    judged = Judged(**data["judged"])
    right = f"{data['accuracy']:.4f} of {counted(judged.n_test, judged.noun)} right at C = {data['C']:g}"
    unseen = f", each judged by a classifier that did not learn from it ({counted(judged.folds, 'fold')})"
    lines = [
        right if judged.is_apart else right + unseen,
        f"{data['largest_class_accuracy']:.4f} by always saying the largest class",
    ]
    if data["balanced_accuracy"] is not None:
        lines.append(
            f"{data['balanced_accuracy']:.4f} balanced accuracy: the classes have unequal numbers of images"
        )
    return lines


def _report(data: dict[str, Any]) -> list[str]:
    """Say which files and classes are not in the data set, and which files are odd, and why."""
    named = [file for file in data["left_out"] if not other_kind(file["path"])]  # others are counted
    return [
        *_first("Left out", named),
        *data["notes"],
        *_first("Odd", data["odd"]),
        *(f"Class without an image: {name}" for name in data["empty_classes"]),
    ]


def _first(title: str, files: list[dict[str, str]]) -> list[str]:
    """Name a few files, and count the others."""
    lines = [f"{title}: {file['path']}: {file['reason']}" for file in files[:MOST_NAMED]]
    rest = len(files) - MOST_NAMED
    return lines + (
        [f"{title}: {counted(rest, 'more file')}; the page Overview lists all."] if rest > 0 else []
    )
