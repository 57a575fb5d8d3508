"""How well wrong labels are found, beside other ways of finding them: ``python -m benchmarks.labels --run RUN``.

Labels of a run's training split are taken for right, and some falsified: 1 % and 5 % at random. With ``--labels FILE``
(.npy, as long as the training split) also those that people gave. Logistic regression and a vote of neighbours judge
the same images out of the same folds; cleanlab's scores, where it is installed (``pip install cleanlab``; it is no
requirement), of the logistic regression's probabilities. ``--images N`` takes the first N only, ``--promises N``
counts how often the promised hit-rate holds.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._measure import Measured, measure, print_head, print_rows
from cache import open_store
from pipeline.compute.folds import deal
from pipeline.compute.rows import ArrayRows
from pipeline.labels.estimate import estimate_wrong
from pipeline.labels.hit_rate import planted_places, promise
from pipeline.labels.planting import plant
from pipeline.labels.pool import FOLDS
from pipeline.labels.ridge import Judgement, judge
from pipeline.labels.suspects import rank_of
from pipeline.stages.evaluation import features_of

NEIGHBOURS = 50
Scores = NDArray[np.floating[Any]]


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--run", default="clipart-efficientnet-lite0", help="a run in the store (%(default)s)"
    )
    parser.add_argument("--labels", type=Path, help="labels that people gave the training split, .npy")
    parser.add_argument("--images", type=int, help="only the first of the training split")
    parser.add_argument("--promises", type=int, default=0, help="planted data sets to test the hit-rate on")
    parser.add_argument("--alone", action="store_true", help="nothing beside our own list")
    options = parser.parse_args()
    store = open_store()
    run = store.run(options.run)
    dataset, features = (store.artefact(stage, run.stages[stage]) for stage in ("dataset", "features"))
    part = slice(options.images)
    rows = np.asarray(features_of(features, dataset, "train")[part])
    labels = dataset.array("train_labels")[part].astype(np.int32)
    print(f"{run.title}: {len(rows):,} x {rows.shape[1]:,}\n")
    print_head()
    for title, given in _cases(labels, options.labels, part):
        _print_case(title, rows, labels, given, alone=options.alone)
    if options.promises:
        _print_promises(rows, labels, options.promises)
    print(f"\nMemory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6:.0f} MB")
    return 0


def _cases(
    labels: NDArray[np.int32], people: Path | None, part: slice
) -> Iterator[tuple[str, NDArray[np.int32]]]:
    """Give labellings of which it is known what is wrong."""
    if people is not None:
        yield "labels that people gave", np.load(people)[part].astype(np.int32)
    k = int(labels.max()) + 1
    for share in (0.01, 0.05):
        rng, given = np.random.default_rng(1), labels.copy()
        some = rng.choice(len(labels), round(share * len(labels)), replace=False)
        given[some] = (given[some] + rng.integers(1, k, len(some))) % k
        yield f"{share:.0%} falsified at random", given


def _print_case(
    title: str, rows: NDArray[np.float32], labels: NDArray[np.int32], given: NDArray[np.int32], *, alone: bool
) -> None:
    wrong, k = given != labels, int(max(labels.max(), given.max())) + 1
    folds = deal(given, np.arange(len(given)), (1 / FOLDS,) * FOLDS, seed=0)
    own = measure("ours", lambda: judge(ArrayRows(rows), folds, given[None], k))
    found: Judgement = own.found
    measured = [_judged(own, found.score[0], wrong)]
    if not alone:
        measured += _others(rows, given, folds, wrong, k)
    rank = rank_of(found.score[0], np.zeros(len(given), np.bool_))
    total, first = estimate_wrong(found.lead[0], found.margin[0], rank)
    print_rows(title, measured, "AP · AUROC · P@50 · P@200 · found in 2 % · 10 %", compare=False)
    print(
        f"| wrong: {wrong.sum():,}; estimated {total.value:,.0f} ({total.low:,.0f} to {total.high:,.0f}); "
        f"of the first 50, {first.value:.0f} ({first.low:.0f} to {first.high:.0f}) | | | | | |",
        flush=True,
    )


def _others(
    rows: NDArray[np.float32],
    given: NDArray[np.int32],
    folds: NDArray[np.int16],
    wrong: NDArray[np.bool_],
    k: int,
) -> Iterator[Measured]:
    """Judge by logistic regression, neighbours, and cleanlab's scores of the former."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer, StandardScaler

    logistic = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=100))
    vote = make_pipeline(Normalizer(), KNeighborsClassifier(NEIGHBOURS, weights="distance"))
    for name, machine in (("logistic regression", logistic), ("vote of 50 neighbours", vote)):
        out_of_fold = measure(name, lambda machine=machine: _probabilities(machine, rows, given, folds, k))
        yield _judged(out_of_fold, -out_of_fold.found[np.arange(len(given)), given], wrong)
        if machine is logistic:
            yield from _cleanlab(out_of_fold.found, given, wrong)


def _cleanlab(
    probabilities: NDArray[np.float64], given: NDArray[np.int32], wrong: NDArray[np.bool_]
) -> Iterator[Measured]:
    if importlib.util.find_spec("cleanlab") is None:
        return
    from cleanlab.rank import get_label_quality_scores

    for method in ("self_confidence", "normalized_margin"):
        scored: Callable[[], Scores] = lambda method=method: get_label_quality_scores(  # noqa: E731  # a name for it
            given, probabilities, method=method
        )
        row = measure(f"cleanlab's {method.replace('_', ' ')}, of these probabilities", scored)
        yield _judged(row, -row.found, wrong)


def _probabilities(
    machine: Any, rows: NDArray[np.float32], given: NDArray[np.int32], folds: NDArray[np.int16], k: int
) -> NDArray[np.float64]:
    found = np.zeros((len(given), k))
    for fold in np.unique(folds):
        machine.fit(rows[folds != fold], given[folds != fold])
        found[np.ix_(folds == fold, machine.classes_)] = machine.predict_proba(rows[folds == fold])
    return found


def _judged(row: Measured, score: Scores, wrong: NDArray[np.bool_]) -> Measured:
    from sklearn.metrics import average_precision_score, roc_auc_score

    ranked = wrong[np.argsort(-score, kind="stable")]
    heads = [ranked[:50].mean(), ranked[:200].mean()]
    heads += [ranked[: len(ranked) // part].sum() / ranked.sum() for part in (50, 10)]
    values = [average_precision_score(wrong, score), roc_auc_score(wrong, score), *heads]
    quality = " · ".join(f"{value:.3f}" for value in values)
    return Measured(row.way, row.seconds, row.processor, row.found, quality)


def _print_promises(rows: NDArray[np.float32], labels: NDArray[np.int32], count: int) -> None:
    """Count how often the promise holds the share that was found of what was falsified in the data set itself."""
    k, held = int(labels.max()) + 1, []
    folds = deal(labels, np.arange(len(labels)), (1 / FOLDS,) * FOLDS, seed=0)
    first = judge(ArrayRows(rows), folds, labels[None], k)
    predicted = np.where(first.lead[0] < 0, first.suggested[0], labels).astype(np.int32)
    for seed in range(count):
        planting = plant(labels, predicted, np.ones(len(labels), np.bool_), seed=1000 + seed)
        given, some = planting.labellings[1], planting.rows[0]
        promised, truth = _promised(rows, folds, given, some, k, seed)
        held.append(promised.low <= truth <= promised.high)
    print(f"\nThe promise held for {sum(held)} of {count} planted data sets.")


def _promised(
    rows: NDArray[np.float32],
    folds: NDArray[np.int16],
    given: NDArray[np.int32],
    some: NDArray[np.int32],
    k: int,
    seed: int,
) -> tuple[Any, float]:
    head = max(1, len(given) // 50)
    judged = judge(ArrayRows(rows), folds, given[None], k)
    truth = float((rank_of(judged.score[0], np.zeros(len(given), np.bool_))[some] < head).mean())
    predicted = np.where(judged.lead[0] < 0, judged.suggested[0], given).astype(np.int32)
    places, _ = planted_places(ArrayRows(rows), folds, given, predicted, k, seed)
    return promise(places < head), truth


if __name__ == "__main__":
    raise SystemExit(main())
