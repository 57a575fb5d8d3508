"""``ask``: what a run says of images that are no part of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cache import Artefact, LazybonesError, Run, Store, open_store
from cache.counting import counted
from cache.runs import check_finished
from pipeline.cli.answer import Answer, table
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute import memory
from pipeline.compute.progress import Progress
from pipeline.errors import UnsafeInput
from pipeline.guests import answer as guests
from pipeline.guests.answer import Near, Reference
from pipeline.guests.extractor import check_sees, describer, made_by
from pipeline.guests.pictures import Form
from pipeline.inputs.datasets import no_classifier
from pipeline.inputs.files import read_bytes
from pipeline.inputs.image_folders import readable
from pipeline.inputs.pictures import MAX_BYTES
from pipeline.retraining.retrainer import find_fit
from pipeline.retraining.setting import run_settings

SUMMARY = "say what a run makes of other images: predicted class, what they are like, how unusual they are, their place"
EXAMPLES = """  python -m pipeline ask clipart-efficientnet-lite0 photo.jpg
  python -m pipeline ask clipart-efficientnet-lite0 *.png --json

The images are decoded and described exactly as the run's own were, and judged by its own classifier. Nothing of them is
kept.
"""
Said = guests.Answer | LazybonesError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help="image files")


def execute(args: argparse.Namespace) -> Answer:
    """Describe the images, and compare each with the run's; what that takes is kept for the next time."""
    memory.budget()
    store = open_store(args.cache, create=True)
    run = store.run(args.run)
    check_finished(run)
    with TerminalReporter().working("ask", run.name) as progress:
        reference = _reference(store, run)
        said = _ask(run, reference, args.images, progress)
    names = [readable(name) for name in reference.dataset.manifest.facts["class_names"]]
    data = {
        "run": run.name,
        "images": [
            {"file": str(path), **_data(one, reference.dataset, names)}
            for path, one in zip(args.images, said, strict=True)
        ],
    }
    text = _text(args.images, said, reference.dataset, names)
    return Answer(text, data, code=int(any(isinstance(one, LazybonesError) for one in said)))


def _reference(store: Store, run: Run) -> Reference:
    dataset = store.artefact("dataset", run.stages["dataset"])
    known = not no_classifier(dataset) and "classifier" in run.stages
    own = find_fit(store, run, run_settings(store, run).own) if known else None
    return Reference.of(store, run.stages, own)


def _ask(run: Run, reference: Reference, paths: list[Path], progress: Progress) -> list[Said]:
    """Give what is said of each file, or why nothing is: other files of the same command do not suffer from one."""
    check_sees(reference.features)
    form = Form.of(reference.dataset)
    describe = describer(run.command, made_by(reference.features), form, progress)
    reference.prepare(progress)
    said: list[Said] = []
    for path in paths:
        try:
            image = form.image(read_bytes(path, MAX_BYTES, UnsafeInput))
        except LazybonesError as problem:
            said.append(problem)
            continue
        said.append(reference.answer(describe([image])[0]))
    return said


def _data(said: Said, dataset: Artefact, names: list[str]) -> dict[str, Any]:
    if isinstance(said, LazybonesError):
        return {"error": said.message}
    ranking = said.ranking
    near = {"test": said.shown, "train": said.taught}
    return {
        "predicted": None if ranking is None else names[ranking.predicted],
        "runner_up": None if ranking is None else names[ranking.runner_up],
        "classes": []
        if ranking is None
        else [
            {"class": names[label], "votes": votes, "against": value}
            for label, votes, value in ranking.lines()
        ],
        "copy_of": None if said.copy is None else _near(said.copy, dataset, names),
        "nearest": {split: [_near(one, dataset, names) for one in found] for split, found in near.items()},
        "votes": {names[label]: count for label, count in said.votes.items()},
        "agree": said.agree,
        "voters": said.voters,
        "distance": said.novelty.distance,
        "percentile": said.novelty.percentile,
        "unusual": said.novelty.unusual,
        "place": said.place,
        "neighbours_kept": said.kept,
        "of": said.of,
    }


def _near(one: Near, dataset: Artefact, names: list[str]) -> dict[str, Any]:
    return {
        "id": str(dataset.array(f"{one.split}_ids")[one.row]),
        "split": one.split,
        "row": one.row,
        "class": names[one.label] if one.label >= 0 else None,
        "distance": one.distance,
    }


def _text(paths: list[Path], said: list[Said], dataset: Artefact, names: list[str]) -> str:
    files = [readable(path.name) for path in paths]
    asked = [(file, one) for file, one in zip(files, said, strict=True) if isinstance(one, guests.Answer)]
    lines = []
    if asked:
        rows = [_row(file, one, dataset, names) for file, one in asked]
        among = counted(asked[0][1].novelty.among, "judged image")
        lines += [
            table(
                rows, ("IMAGE", "PREDICTED", "RUNNER-UP", "LEAD", "AGREE", "FARTHER", "NEAREST", "DISTANCE")
            ),
            "",
            "AGREE: of its nearest training images, those of the predicted class. "
            f"FARTHER: its nearest training image is farther from it than that of so many of {among}.",
        ]
    lines += [
        f"Nothing like {file} was in the training images." for file, one in asked if one.novelty.unusual
    ]
    lines += [
        f"{file}: {one.told()}"
        for file, one in zip(files, said, strict=True)
        if isinstance(one, LazybonesError)
    ]
    return "\n".join(lines)


def _row(file: str, said: guests.Answer, dataset: Artefact, names: list[str]) -> tuple[str, ...]:
    ranking, nearest = (
        said.ranking,
        min((*said.shown, *said.taught), key=lambda one: one.distance, default=None),
    )
    judged = (
        ("-", "-", "-")
        if ranking is None
        else (names[ranking.predicted], names[ranking.runner_up], f"{ranking.lead:+.2f}")
    )
    near = (
        ("-", "-")
        if nearest is None
        else (readable(str(dataset.array(f"{nearest.split}_ids")[nearest.row])), f"{nearest.distance:.3g}")
    )
    agree = f"{said.agree} of {said.voters}" if ranking is not None else "-"
    return file, *judged, agree, f"{said.novelty.percentile:.1f} %", *near
