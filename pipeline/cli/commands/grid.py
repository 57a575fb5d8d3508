"""``grid``: which kernel, gamma and C do best on held-out training images."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import asdict

from cache import open_store
from pipeline.cli.answer import Answer, table
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute import memory
from pipeline.errors import InvalidParameter
from pipeline.recipe import without_options
from pipeline.retraining.grid_search import GridPoint, best, grid_search
from pipeline.retraining.setting import KERNELS
from pipeline.svm.kernels import check_gamma
from pipeline.svm.penalty import check_C

SUMMARY = "search a grid of kernels, gamma and C by cross-validation on a run's training split"
EXAMPLES = """  python -m pipeline grid digits-hog
  python -m pipeline grid cifar10-hog --C 0.01,0.1,1,10 --kernel linear,rbf --gamma scale,0.001
"""

CHOSEN = ("--classifier", "--kernel", "--gamma", "--C", "--name")
"""Options of a run that the grid's best point stands for, and its name: that is the new run's own."""

NAMED_ONLY = ("--data-dir", "--graph")
"""Options whose folder a run does not keep: where somebody's files lie is nobody else's business."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", help="a run in the store")
    parser.add_argument("--C", default="0.01,0.1,1,10", help="values of C, comma-separated (%(default)s)")
    parser.add_argument("--kernel", default="linear,rbf", help=f"of {', '.join(KERNELS)} (%(default)s)")
    parser.add_argument(
        "--gamma", default="scale", help='values of gamma for rbf, comma-separated; "scale" (%(default)s)'
    )
    parser.add_argument("--folds", type=int, default=5, help="parts the training split is cut into (5)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the cut (0)")


def execute(args: argparse.Namespace) -> Answer:
    """Search the grid; what was finished before an interruption is not computed again."""
    memory.budget()
    store = open_store(args.cache)
    run = store.run(args.run)
    with TerminalReporter().working("grid", run.name) as progress:
        points = grid_search(
            store,
            run,
            [_penalty(word) for word in _words(args.C)],
            kernels=_words(args.kernel),
            gammas=[check_gamma(word, "grid") for word in _words(args.gamma)],
            folds=args.folds,
            seed=args.seed,
            progress=progress,
        )
    chosen = best(points)
    data = {"run": run.name, "folds": args.folds, "points": [asdict(point) for point in points]}
    where = "" if args.cache is None else f" --cache {shlex.quote(str(args.cache))}"
    return Answer(_text(points, chosen, args.folds, run.command, where), {**data, "best": asdict(chosen)})


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _penalty(word: str) -> float:
    try:
        return check_C(float(word), "grid")
    except ValueError as error:
        raise InvalidParameter(
            f"C of grid must be numbers above 0, comma-separated. Got {word!r}.",
            remedy="python -m pipeline grid RUN --C 0.01,0.1,1",
        ) from error


def _text(points: Sequence[GridPoint], chosen: GridPoint, folds: int, command: str, where: str) -> str:
    rows = [
        (
            point.kernel,
            "-" if point.gamma is None else str(point.gamma),
            f"{point.C:g}",
            f"{point.accuracy:.4f}",
            f"± {point.standard_error:.4f}",
            "best" if point is chosen else "",
        )
        for point in points
    ]
    gamma = "" if chosen.gamma is None else f" --gamma {chosen.gamma}"
    options = f"--kernel {chosen.kernel}{gamma} --C {chosen.C:g}"
    others = without_options(command, CHOSEN)
    heading = ("KERNEL", "GAMMA", "C", "ACCURACY", "ERROR", "")
    unknown = [option for option in NAMED_ONLY if option in shlex.split(others)]
    note = (
        f"A run keeps the name of a file, not its folder: complete {' and '.join(unknown)}.\n"
        if unknown
        else ""
    )
    return (
        f"{table(rows, heading)}\nMeans of {folds} held-out folds of the training split, with their standard error.\n"
        f"{note}Run it: {others} {options}{where}"
    )
