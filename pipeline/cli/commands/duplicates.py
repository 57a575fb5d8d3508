"""``duplicates``: the same picture under two labels, in both splits, and classes whose names are alike."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cache import Artefact, Run, Store, open_store
from cache.counting import counted
from cache.runs import check_finished
from pipeline.cli.answer import Answer, table
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute import memory
from pipeline.duplicates.result import Duplicates, Grade, Group, Leakage, count_images
from pipeline.duplicates.stage import DuplicatesStage
from pipeline.inputs.datasets import no_classifier
from pipeline.inputs.image_folders import readable
from pipeline.retraining.retrainer import find_fit
from pipeline.retraining.setting import run_settings
from pipeline.stages.contract import ensure

SUMMARY = "find images of a run that are the same picture, or nearly, under two labels or in both splits"
EXAMPLES = """  python -m pipeline duplicates clipart-hog
  python -m pipeline duplicates clipart-hog --near --json
"""
MOST_LISTED = 50
"""Groups that the table has; --json has all."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")
    parser.add_argument(
        "--near", action="store_true", help="list what is nearly the same, too: variants of one drawing"
    )


def execute(args: argparse.Namespace) -> Answer:
    """Search the run's images; what is there is reused."""
    memory.budget()
    store = open_store(args.cache, create=True)
    run = store.run(args.run)
    check_finished(run)
    with TerminalReporter().working("duplicates", run.name) as progress:
        made = ensure(store, DuplicatesStage(), run.stages, progress)
    dataset = store.artefact("dataset", run.stages["dataset"])
    found = Duplicates.of(made, dataset)
    grade: Grade = "near" if args.near else "same"
    leakage = _leakage(store, run, dataset, found)
    return Answer(_text(found, grade, leakage), _data(run, made, found, leakage))


def _leakage(store: Store, run: Run, dataset: Artefact, found: Duplicates) -> Leakage | None:
    fit = None if no_classifier(dataset) else find_fit(store, run, run_settings(store, run).own)
    return None if fit is None else found.accuracy_without_leaked(fit[0].rows("predicted_label")[fit[1]])


def _text(found: Duplicates, grade: Grade, leakage: Leakage | None) -> str:
    groups, two_labels = found.groups("same"), found.across_labels("same")
    lines = [
        f"{counted(found.numbering.n, 'image')}: {counted(len(groups), 'picture')} "
        f"{'is' if len(groups) == 1 else 'are'} there more than once, {counted(count_images(groups), 'image')} in all.",
        f"Under several labels: {counted(len(two_labels), 'picture')}.",
        *_said_of_leakage(found, leakage),
        *(f"Names of classes that are alike: {', '.join(map(repr, names))}." for names in _names(found)),
        f"Nearly the same: {counted(len(found.groups('near')), 'group')} of "
        f"{counted(count_images(found.groups('near')), 'image')}, those above included.",
        _said_of_threshold(found),
    ]
    shown = found.groups(grade)
    shown.sort(
        key=lambda group: len(found.labels_of(group)) < 2
    )  # the same picture in two classes comes first
    if shown:
        heading = ("GROUP", "IMAGE", "CLASS", "SPLIT", "DISTANCE")
        lines += ["", table(_rows(found, shown[:MOST_LISTED]), heading)]
    if len(shown) > MOST_LISTED:
        lines.append(f"{counted(len(shown) - MOST_LISTED, 'further group')}: --json lists all.")
    return "\n".join(lines)


def _said_of_leakage(found: Duplicates, leakage: Leakage | None) -> list[str]:
    leaked = int(found.is_leaked().sum())
    lines = [f"Judged images of which a copy is learnt from: {leaked:,}."]
    if leaked and leakage is not None:
        rest = "" if leaked == leakage.n else f", {leakage.without:.4f} without them"
        lines.append(f"Accuracy: {leakage.accuracy:.4f}{rest}, {leakage.of_leaked:.4f} of them.")
    return lines


def _said_of_threshold(found: Duplicates) -> str:
    near = (
        f"Nearly the same: at most {found.near_threshold:.3g} apart there, whatever they look like; "
        "a group is what such pairs connect."
    )
    if found.pictures:
        same = f"The same: looks the same, and is at most {found.threshold:.3g} apart in feature space."
        return f"{same} {near}"
    return f"There are no pictures to compare, so the same means equal features. {near}"


def _names(found: Duplicates) -> list[list[str]]:
    return [[found.class_names[label] for label in labels] for labels in found.names_alike]


def _rows(found: Duplicates, groups: Sequence[Group]) -> list[tuple[str, ...]]:
    return [
        (
            str(number) if place == 0 else "",
            readable(image["id"]),
            "-" if image["class"] is None else readable(image["class"]),
            image["split"],
            f"{image['distance']:.3g}",
        )
        for number, group in enumerate(groups, 1)
        for place, image in enumerate(_images(found, group))
    ]


def _images(found: Duplicates, group: Group) -> list[dict[str, Any]]:
    numbering = found.numbering
    return [
        {
            "id": str(numbering.ids[number]),
            "class": found.class_names[numbering.labels[number]] if numbering.labels[number] >= 0 else None,
            "split": numbering.split_of(number),
            "distance": round(distance, 6),
        }
        for number, distance in zip(group.images.tolist(), group.distances.tolist(), strict=True)
    ]


def _data(run: Run, made: Artefact, found: Duplicates, leakage: Leakage | None) -> dict[str, Any]:
    leaked = found.is_leaked()
    return {
        "run": run.name,
        "duplicates": made.key,
        "images": found.numbering.n,
        "threshold": found.threshold,
        "near_threshold": found.near_threshold,
        "pictures": found.pictures,
        "names_alike": _names(found),
        "leakage": None
        if leakage is None
        else {name: _number(value) for name, value in asdict(leakage).items()},
        **{
            grade: [
                {
                    "images": _images(found, group),
                    "labels": [found.class_names[label] for label in found.labels_of(group)],
                    "leaked": bool(leaked[group.images].any()),
                }
                for group in found.groups(grade)
            ]
            for grade in ("same", "near")
        },
    }


def _number(value: float) -> float | None:
    return None if value != value else value  # JSON has no NaN
