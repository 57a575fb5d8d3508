"""t-SNE against openTSNE, all else against scikit-learn, in one run, accuracy beside time.

``python -m benchmarks.analysis [--run cifar10-inception-2015] [--only tsne neighbours]``; without a run, on
planted clusters of the published experiment's size. Where the machine is busy with other things,
compare processor seconds.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._measure import Measured, measure, print_rows
from cache import open_store
from pipeline.classifiers._gram import Gram
from pipeline.classifiers._penalty import DEFAULT_PATH
from pipeline.classifiers.linear_svm import LinearSVM
from pipeline.classifiers.rbf_svm import RBFSVM
from pipeline.faithfulness import FaithfulnessStage
from pipeline.learning import DEFAULT_SIZES, LearningCurveStage
from pipeline.neighbours import NeighboursStage
from pipeline.pool import processors
from pipeline.progress import silent
from pipeline.projections._affinities import affinities
from pipeline.projections._descent import ITERATIONS, lay_out
from pipeline.projections._reduce import principal_components
from pipeline.projections.tsne import INITIAL_SPREAD, REDUCED_DIMENSIONS
from pipeline.separability import SeparabilityStage
from pipeline.validation import ValidationStage, stratified_folds

Features = NDArray[np.float32]
PERPLEXITY = 30.0
STARTS = 3
KERNEL_C = 10.0


@dataclass(frozen=True)
class Data:
    """Features and labels of both splits."""

    train: Features
    train_labels: NDArray[np.int16]
    test: Features
    test_labels: NDArray[np.int16]


def planted(n: int = 10_000, d: int = 2048, k: int = 10) -> Data:
    """Give overlapping clusters."""
    rng = np.random.default_rng(0)
    centres = 0.02 * rng.standard_normal((k, d), np.float32)
    labels = (np.arange(n) % k).astype(np.int16)
    train, test = (centres[labels] + 0.3 * rng.standard_normal((n, d), np.float32) for _ in range(2))
    return Data(train, labels, test, labels)


def of_run(name: str) -> Data:
    """Read a run of the store."""
    store = open_store()
    features, dataset = (
        store.artefact(stage, store.run(name).stages[stage]) for stage in ("features", "dataset")
    )
    return Data(
        *(
            artefact.array(array, mmap=False)
            for split in ("train", "test")
            for artefact, array in ((features, split), (dataset, f"{split}_labels"))
        )
    )


def divergence(points: NDArray[np.floating], graph: Any) -> float:
    """Give the Kullback-Leibler divergence of a map from affinities, by the sum over all pairs in float64."""
    points = points.astype(np.float64)
    parts = (points[i : i + 250, np.newaxis] - points for i in range(0, len(points), 250))
    total = sum(float((1 / (1 + (part**2).sum(axis=2))).sum()) for part in parts) - len(points)
    edges = graph.tocoo()
    lengths = ((points[edges.row] - points[edges.col]) ** 2).sum(axis=1)
    return float((edges.data * np.log(edges.data * (1 + lengths) * total)).sum())


def tsne(data: Data) -> None:
    """Lay maps out from a few starts: forces alone, from the same affinities."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities

    scores = principal_components(data.test, REDUCED_DIMENSIONS).scores
    graph = affinities(*NeighboursStage(int(3 * PERPLEXITY)).find(scores.astype(np.float32)), PERPLEXITY)
    rng = np.random.default_rng(0)
    starts = [scores[:, :2] * (1 + 0.05 * turn * rng.normal(size=(len(scores), 2))) for turn in range(STARTS)]
    starts = [np.ascontiguousarray(start * (INITIAL_SPREAD / start[:, 0].std())) for start in starts]

    def theirs(start: NDArray[np.float64]) -> NDArray[np.float64]:
        given = PrecomputedAffinities(graph.copy(), normalize=False)
        map_ = TSNEEmbedding(start.copy(), given, negative_gradient_method="fft", n_jobs=processors())
        map_.optimize(250, exaggeration=12, momentum=0.5, inplace=True)
        map_.optimize(500, momentum=0.8, inplace=True)
        return np.asarray(map_)

    ways: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("openTSNE, 750 iterations", theirs),
        (f"ours, {ITERATIONS} iterations", lambda start: lay_out(start, graph, silent)[0]),
    )
    print(f"t-SNE, perplexity {PERPLEXITY:g}, from the same affinities and starts; median of {STARTS}\n")
    rows = []
    for way, compute in ways:
        runs = [measure(way, lambda start=start, compute=compute: compute(start)) for start in starts]
        found = sorted(divergence(run.found, graph) for run in runs)
        middle = sorted(runs, key=lambda run: run.processor)[len(runs) // 2]
        rows.append(replace(middle, quality=", ".join(f"{value:.3f}" for value in found)))
    print_rows(rows, "divergence from each start, exact")


def neighbours(data: Data, rounds: int = 3) -> None:
    """Find 20 neighbours of each row."""
    from sklearn.neighbors import NearestNeighbors

    def theirs() -> NDArray[np.intp]:
        search = NearestNeighbors(n_neighbors=21, algorithm="brute", n_jobs=-1).fit(data.test)
        found: NDArray[np.intp] = search.kneighbors(return_distance=False)
        return found[:, :20]

    print("20 nearest neighbours, exact\n")
    ways = (
        measure('scikit-learn, algorithm="brute"', theirs, rounds),
        measure("ours", lambda: NeighboursStage().find(data.test)[0], rounds),
    )
    exact = ways[1].found
    rows = [replace(way, quality=f"{(way.found == exact).mean():.6f}") for way in ways]
    print_rows(rows, "share of ranks equal to ours, which float64 confirms")


def faithfulness(data: Data) -> None:
    """Compare trustworthiness and continuity of a map."""
    from sklearn.manifold import trustworthiness

    features = data.test
    points = principal_components(features, 2).scores.astype(np.float32)
    near, _ = NeighboursStage().find(data.test)

    def theirs() -> dict[str, float]:
        wide, flat = features.astype(np.float64), points.astype(np.float64)
        first, second = (trustworthiness(*pair, n_neighbors=20) for pair in ((wide, flat), (flat, wide)))
        return {"trustworthiness": first, "continuity": second}

    def ours() -> dict[str, float]:
        return FaithfulnessStage().measure(features, near, points).facts

    print("Trustworthiness and continuity of a map, 20 neighbours\n")
    ways = measure("scikit-learn", theirs), measure("ours", ours)
    rows = [replace(way, quality=_scores(way)) for way in ways]
    print_rows(rows, "trustworthiness, continuity")


def _scores(way: Measured) -> str:
    return f"{way.found['trustworthiness']:.12f}, {way.found['continuity']:.12f}"


def kernel(data: Data) -> None:
    """Fit an RBF kernel and predict."""
    from sklearn.svm import SVC

    def theirs() -> NDArray[np.int16]:
        found: NDArray[np.int16] = SVC(C=KERNEL_C).fit(data.train, data.train_labels).predict(data.test)
        return found

    k = int(data.train_labels.max()) + 1
    arguments = data.train, data.train_labels, data.test, data.test_labels, k
    gram, machine = Gram(), RBFSVM(C=KERNEL_C, path=(KERNEL_C,))
    print(f'RBF kernel, gamma "scale", C = {KERNEL_C:g}: fit and predict\n')
    ways = (
        measure("scikit-learn's SVC", theirs),
        measure("ours, nothing precomputed", lambda: machine.fit(*arguments, gram=gram).predicted_label[0]),
        measure("ours, inner products there", lambda: machine.fit(*arguments, gram=gram).predicted_label[0]),
    )
    rows = []
    for way in ways:
        same, right = int((way.found == ways[0].found).sum()), float((way.found == data.test_labels).mean())
        rows.append(replace(way, quality=f"{same:,} of {len(data.test):,}; {right:.4f}"))
    print_rows(rows, "labels as SVC's; accuracy")


def validation(data: Data) -> None:
    """Cross-validate over the path of C."""
    from sklearn.svm import SVC

    counts = np.bincount(data.train_labels)
    members = [np.flatnonzero(data.train_labels == label) for label in np.flatnonzero(counts)]
    held = np.concatenate(
        [
            rows[part]
            for rows, part in zip(members, stratified_folds([len(m) for m in members], 5, 0)[0], strict=True)
        ]
    )
    rest = np.setdiff1d(np.arange(len(data.train)), held)

    def theirs() -> float:
        machine = SVC(kernel="linear", C=0.1).fit(data.train[rest], data.train_labels[rest])
        return float(machine.score(data.train[held], data.train_labels[held]))

    def ours() -> NDArray[np.float64]:
        return ValidationStage().validate(data.train, data.train_labels)[0]

    print("Cross-validation of the linear machine\n")
    one, all_ = measure("SVC, one fold at one C", theirs), measure("ours, 5 folds at 13 values of C", ours)
    same = float(all_.found[DEFAULT_PATH.index(0.1), 0])
    rows = [replace(one, quality=f"{one.found:.4f}"), replace(all_, quality=f"{same:.4f}")]
    print_rows(rows, "accuracy on the first fold at C = 0.1")


def curves(data: Data) -> None:
    """Measure a learning curve and the separability of all pairs, with inner products kept from a fit."""
    k, gram = int(data.train_labels.max()) + 1, Gram()
    arguments = data.train, data.train_labels, data.test, data.test_labels
    LinearSVM(path=(1.0,)).fit(*arguments, k, gram=gram)
    print("What pages compute live, with the inner products of a fit\n")
    learning = measure(
        f"learning curve, {len(DEFAULT_SIZES)} sizes, 5 seeds",
        lambda: LearningCurveStage(0.1).measure(*arguments, gram=gram)[0],
    )
    pairs = measure(
        "separability of all pairs, 5 folds",
        lambda: SeparabilityStage(0.1).measure(data.train, data.train_labels, k, gram=gram)[0],
    )
    accuracy = ", ".join(f"{value:.3f}" for value in learning.found.mean(axis=1))
    rows = [
        replace(learning, quality=f"accuracy {accuracy}"),
        replace(pairs, quality=f"largest error {np.nanmax(pairs.found):.3f}"),
    ]
    print_rows(rows, "found")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = {one.__name__: one for one in (neighbours, faithfulness, tsne, validation, kernel, curves)}
    parser.add_argument("--run", help="a run in the store (default: planted clusters)")
    parser.add_argument("--only", nargs="+", choices=every, default=list(every))
    options = parser.parse_args()
    data = of_run(options.run) if options.run else planted()
    n, d = data.test.shape
    print(
        f"{options.run or 'planted clusters'}: {n:,} x {d:,}, {processors()} processors, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    for name in options.only:
        every[name](data)


if __name__ == "__main__":
    main()
