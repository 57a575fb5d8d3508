"""``grid``: which kernel, gamma and C do best on held-out training images."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from cache import open_store
from cache.commands import Again, typed
from cache.roots import named_place
from cache.runs import check_finished
from pipeline.cli.answer import Answer, table
from pipeline.cli.terminal import TerminalReporter
from pipeline.compute import memory
from pipeline.errors import InvalidParameter
from pipeline.plugins.options import whole
from pipeline.recipe import another_run, to_complete
from pipeline.retraining.grid_search import GridPoint, best, grid_search
from pipeline.retraining.setting import KERNELS
from pipeline.stages.evaluation import folds_of
from pipeline.svm.kernels import check_gamma
from pipeline.svm.penalty import check_C

SUMMARY = "search a grid of kernels, gamma and C by cross-validation on a run's training split"
EXAMPLES = """  python -m pipeline grid clipart-hog
  python -m pipeline grid cifar10-hog --C 0.01,0.1,1,10 --kernel linear,rbf --gamma scale,0.001
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", help="a run in the store")
    parser.add_argument("--C", default="0.01,0.1,1,10", help="values of C, comma-separated (%(default)s)")
    parser.add_argument("--kernel", default="linear,rbf", help=f"of {', '.join(KERNELS)} (%(default)s)")
    parser.add_argument(
        "--gamma", default="scale", help='values of gamma for rbf, comma-separated; "scale" (%(default)s)'
    )
    parser.add_argument(
        "--folds", type=whole, default=5, help="parts the training split is cut into (5), unless it has folds"
    )
    parser.add_argument("--seed", type=whole, default=0, help="seed of the cut (0)")


def execute(args: argparse.Namespace) -> Answer:
    """Search the grid; what was finished before an interruption is not computed again."""
    memory.budget()
    store = open_store(args.cache)
    run = store.run(args.run)
    check_finished(run)
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
    own = folds_of(store.artefact("dataset", run.stages["dataset"]))
    folds = args.folds if own is None else len(own.names)
    data = {"run": run.name, "folds": folds, "points": [asdict(point) for point in points]}
    options = {
        "--classifier": None,
        "--kernel": chosen.kernel,
        "--gamma": chosen.gamma,
        "--C": f"{chosen.C:g}",
    }
    run_it = typed(another_run(run.command, options), named_place(args.cache))
    return Answer(_text(points, chosen, folds, run_it), {**data, "best": asdict(chosen)})


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _penalty(word: str) -> float:
    try:
        return check_C(float(word), "grid")
    except ValueError as error:
        raise InvalidParameter(
            f"C of grid must be numbers above 0, comma-separated. Got {word!r}.",
            remedy=Again({"--C": "0.01,0.1,1"}),
        ) from error


def _text(points: Sequence[GridPoint], chosen: GridPoint, folds: int, run_it: str) -> str:
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
    heading = ("KERNEL", "GAMMA", "C", "ACCURACY", "ERROR", "")
    note = f"{missing}\n" if (missing := to_complete(run_it)) else ""
    return (
        f"{table(rows, heading)}\nMeans of {folds} held-out folds of the training split, with their standard error.\n"
        f"{note}Run it: {run_it}"
    )
