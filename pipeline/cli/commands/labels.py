"""``labels``: which labels are most likely wrong, and what that list is worth; what people said of them, out and in."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cache import Artefact, Run, Store, open_store
from cache.commands import Again
from cache.counting import counted
from cache.runs import check_finished
from pipeline.cli.answer import Answer, table
from pipeline.cli.paths import check_target
from pipeline.cli.terminal import TerminalReporter
from pipeline.cli.verdict_files import give_out, take_in
from pipeline.compute import memory
from pipeline.errors import InvalidParameter
from pipeline.labels.estimate import Estimate
from pipeline.labels.hit_rate import HitRate, HitRateStage, keys_of_hit_rate, read_hit_rate
from pipeline.labels.suspects import Suspects, SuspectsStage, read_suspects
from pipeline.plugins.options import whole
from pipeline.stages.contract import ensure
from pipeline.verdicts.files import FORMATS

SUMMARY = "list the images of a run whose labels are most likely wrong, and say what the list is worth"
EXAMPLES = """  python -m pipeline labels clipart-hog
  python -m pipeline labels clipart-hog --top 200 --json
  python -m pipeline labels clipart-hog --export verdicts.csv
  python -m pipeline labels clipart-hog --labels verdicts.csv
"""
SPLITS = ("train", "test")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="a run that `status` lists")
    parser.add_argument("--top", type=whole, default=50, metavar="N", help="images to list (50)")
    file = parser.add_mutually_exclusive_group()
    file.add_argument(
        "--export",
        type=Path,
        metavar="FILE",
        help=f"write what people said of the labels instead: {', '.join(FORMATS)}",
    )
    file.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help="record what such a file says of the labels: a row an image, by its id or key; verdict (keep, wrong, "
        "unsure, excluded), judged (the class that is right), tags (between semicolons), note",
    )
    parser.add_argument(
        "--replace", action="store_true", help="with --labels: also where something else was said here since"
    )
    parser.add_argument("--who", metavar="NAME", help="with --labels: who records it (your login name)")


def execute(args: argparse.Namespace) -> Answer:
    """Rank the images and measure the list, unless the store has both; print its head, or exchange a file."""
    memory.budget()
    if not args.labels and (args.replace or args.who):
        flag = "--replace" if args.replace else "--who"
        raise InvalidParameter(
            f"{flag} must come with --labels FILE. Got it without.", remedy=Again({flag: None})
        )
    store = open_store(args.cache)
    run = store.run(args.run)
    if args.labels:
        return take_in(store, run, args.labels, args.who, replace=args.replace)
    check_finished(run)
    if args.export:
        check_target(args.export, "--export", FORMATS)
    with TerminalReporter().working(SuspectsStage.STAGE, run.name) as progress:
        suspects = ensure(store, SuspectsStage(), run.stages, progress)
    return (
        give_out(store, run, suspects, args.export) if args.export else _list(store, run, suspects, args.top)
    )


def _list(store: Store, run: Run, made: Artefact, top: int) -> Answer:
    suspects = read_suspects(made)
    with TerminalReporter().working(HitRateStage.STAGE, run.name) as progress:
        worth = read_hit_rate(ensure(store, HitRateStage(), keys_of_hit_rate(run.stages), progress))
    dataset = store.artefact("dataset", run.stages["dataset"])
    rows = _rows(dataset, suspects, max(top, 0))
    data = {"run": run.name, "images": len(suspects.rank), **asdict(worth), "suspects": rows}
    return Answer(_text(worth, len(suspects.rank), rows), data)


def _rows(dataset: Artefact, suspects: Suspects, top: int) -> list[dict[str, Any]]:
    """List the head of the list as JSON."""
    names = dataset.manifest.facts["class_names"]
    ids, labels = ([dataset.array(f"{name}_{what}") for name in SPLITS] for what in ("ids", "labels"))
    return [
        {
            "rank": rank + 1,
            "id": str(ids[split][row]),
            "split": SPLITS[split],
            "row": row,
            "given": names[int(labels[split][row])],
            "suggested": names[int(suspects.suggested[image])],
            "score": round(float(suspects.score[image]), 4),
        }
        for rank, image in enumerate(suspects.order[:top].tolist())
        for split, row in [(int(suspects.split[image]), int(suspects.row[image]))]
    ]


def _text(worth: HitRate, images: int, rows: list[dict[str, Any]]) -> str:
    head = max(1, round(worth.share_of_list * images))
    lines = [
        f"{counted(images, 'image')}, each judged by a machine that has not seen its label.",
        f"Of 100 labels that were falsified on purpose, the first {worth.share_of_list:.0%} of this list "
        f"({counted(head, 'image')}) hold {_between(100 * worth.found, 100 * worth.low, 100 * worth.high)}: "
        f"{100 * worth.confused.value:.0f} of those given a class that is often confused with their own, "
        f"{100 * worth.at_random.value:.0f} of those given any class.",
        f"Wrong labels in all, estimated: {_told(worth.wrong)}. Among the first 50: {_told(worth.in_first_50)}.",
    ]
    cells = [
        (
            f"{row['rank']:,}",
            row["id"],
            row["split"],
            row["given"],
            row["suggested"],
            f"{row['score']:.3f}",
        )
        for row in rows
    ]
    return "\n".join(
        [*lines, "", table(cells, ("RANK", "ID", "SPLIT", "GIVEN", "SUGGESTED", "SCORE"))] if cells else lines
    )


def _told(estimate: Estimate) -> str:
    return _between(estimate.value, estimate.low, estimate.high)


def _between(value: float, low: float, high: float) -> str:
    return f"{value:,.0f} (95 % interval {low:,.0f} to {high:,.0f})"
