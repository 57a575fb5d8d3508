"""``slices``: parts of feature space where a run's classifier is worse than elsewhere."""

from __future__ import annotations

import argparse
from typing import Any

from cache import Artefact, open_store
from cache.counting import counted
from cache.runs import check_finished
from pipeline.cli.answer import Answer, table
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute import memory
from pipeline.errors import InvalidParameter
from pipeline.inputs.datasets import no_classifier
from pipeline.inputs.image_folders import readable
from pipeline.retraining.retrainer import retrain
from pipeline.retraining.setting import run_settings
from pipeline.slices.result import NamedSlice, Slices
from pipeline.slices.stage import SlicesStage
from pipeline.stages.contract import ensure

SUMMARY = "find parts of feature space where a run's classifier is worse than elsewhere"
EXAMPLES = """  python -m pipeline slices clipart-hog
  python -m pipeline slices clipart-hog --json
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")


def execute(args: argparse.Namespace) -> Answer:
    """Look for slices of the classifier at the run's own C; what is there is reused."""
    memory.budget()
    store = open_store(args.cache, create=True)
    run = store.run(args.run)
    check_finished(run)
    dataset = store.artefact("dataset", run.stages["dataset"])
    if no_classifier(dataset):
        raise InvalidParameter(
            f"A run must have a classifier to have slices. Got {run.name}, which has none."
        )
    with TerminalReporter().working("slices", run.name) as progress:
        own = run_settings(store, run).own
        fit, _ = retrain(store, run, own, progress)
        made = ensure(store, SlicesStage(own.C), {**run.stages, "classifier": fit.key}, progress)
    found, names = Slices.of(made), dataset.manifest.facts["class_names"]
    ids = [str(name) for name in dataset.array("test_ids")]
    data = {
        "run": run.name,
        "slices": made.key,
        "C": own.C,
        "images": found.images,
        "errors": found.errors,
        "looked_at": found.looked_at,
        "found": [_data(one, names, ids) for one in found.found],
    }
    return Answer(_text(found, names, dataset), data)


def _text(found: Slices, names: list[str], dataset: Artefact) -> str:
    looked = f"{counted(found.looked_at, 'part')} of feature space"
    whole = f"{found.errors:,} of {counted(found.images, 'judged image')} are wrong."
    if not found.looked_at:
        return f"{whole}\nThere are too few images to look for slices: a part needs 20, and there must be 8 parts."
    if not found.found:
        return f"{whole}\nNo slice holds: of {looked} none is worse than the rest beyond chance."
    slices = counted(len(found.found), "slice")
    lines = [
        whole,
        f"{slices} of {looked} {'is' if len(found.found) == 1 else 'are'} worse than the rest beyond what "
        f"chance gives one of so many. {found.n_covered:,} of the errors are in "
        f"{'it' if len(found.found) == 1 else 'them'}.",
        "",
        table(
            [_row(number, one, names) for number, one in enumerate(found.found, 1)],
            ("SLICE", "IMAGES", "WRONG", "AT LEAST", "REST", "WHAT", "COMPARED WITH"),
        ),
    ]
    return "\n".join(lines)


def _row(number: int, one: NamedSlice, names: list[str]) -> tuple[str, ...]:
    compared = "all others" if one.label is None else f"other {readable(names[one.label])}"
    return (
        str(number),
        f"{len(one.members):,}",
        f"{one.rate:.3f}",
        f"{one.low:.3f}",
        f"{one.rest_rate:.3f}",
        one.name([*map(readable, names)]),
        compared,
    )


def _data(one: NamedSlice, names: list[str], ids: list[str]) -> dict[str, Any]:
    return {
        "name": one.name([*map(readable, names)]),
        "class": None if one.label is None else names[one.label],
        "images": len(one.members),
        "errors": one.errors,
        "rate": one.rate,
        "low": one.low,
        "high": one.high,
        "rest_images": one.rest,
        "rest_rate": one.rest_rate,
        "taken": [
            {"class": names[part.label], "predicted": names[part.predicted], "count": part.count}
            for part in one.taken
        ],
        "classes": [{"class": names[label], "count": count} for label, count in one.classes],
        "faces": [ids[row] for row in one.faces.tolist()],
        "members": one.members.tolist(),
    }
