"""t-SNE against openTSNE, neighbours and trustworthiness against scikit-learn, in one run, accuracy beside time.

``python -m benchmarks.analysis [--run cifar10-inception-2015] [--only tsne neighbours faithfulness]``; without
a run, on planted clusters of the published experiment's size. Where the machine is busy with other things,
compare processor seconds.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._measure import Measured, measure, print_rows
from cache import open_store
from pipeline.faithfulness import FaithfulnessStage
from pipeline.neighbours import NeighboursStage
from pipeline.pool import processors
from pipeline.progress import silent
from pipeline.projections._affinities import affinities
from pipeline.projections._descent import ITERATIONS, lay_out
from pipeline.projections._reduce import principal_components
from pipeline.projections.tsne import INITIAL_SPREAD, REDUCED_DIMENSIONS

Features = NDArray[np.float32]
PERPLEXITY = 30.0
STARTS = 3


def planted(n: int = 10_000, d: int = 2048, k: int = 10) -> Features:
    """Give overlapping clusters."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(k, d)).astype(np.float32)
    rows = 2 * centres[np.arange(n) % k] + 3 * rng.standard_normal((n, d), np.float32)
    return np.abs(rows)


def divergence(points: NDArray[np.floating], graph: Any) -> float:
    """Give the Kullback-Leibler divergence of a map from affinities, by the sum over all pairs in float64."""
    points = points.astype(np.float64)
    parts = (points[i : i + 250, np.newaxis] - points for i in range(0, len(points), 250))
    total = sum(float((1 / (1 + (part**2).sum(axis=2))).sum()) for part in parts) - len(points)
    edges = graph.tocoo()
    lengths = ((points[edges.row] - points[edges.col]) ** 2).sum(axis=1)
    return float((edges.data * np.log(edges.data * (1 + lengths) * total)).sum())


def tsne(features: Features) -> None:
    """Lay maps out from a few starts: forces alone, from the same affinities."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities

    scores = principal_components(features, REDUCED_DIMENSIONS).scores
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


def neighbours(features: Features, rounds: int = 3) -> None:
    """Find 20 neighbours of each row."""
    from sklearn.neighbors import NearestNeighbors

    def theirs() -> NDArray[np.intp]:
        search = NearestNeighbors(n_neighbors=21, algorithm="brute", n_jobs=-1).fit(features)
        found: NDArray[np.intp] = search.kneighbors(return_distance=False)
        return found[:, :20]

    print("20 nearest neighbours, exact\n")
    ways = (
        measure('scikit-learn, algorithm="brute"', theirs, rounds),
        measure("ours", lambda: NeighboursStage().find(features)[0], rounds),
    )
    exact = ways[1].found
    rows = [replace(way, quality=f"{(way.found == exact).mean():.6f}") for way in ways]
    print_rows(rows, "share of ranks equal to ours, which float64 confirms")


def faithfulness(features: Features) -> None:
    """Compare trustworthiness and continuity of a map."""
    from sklearn.manifold import trustworthiness

    points = principal_components(features, 2).scores.astype(np.float32)
    near, _ = NeighboursStage().find(features)

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


def _of_run(name: str) -> Features:
    store = open_store()
    artefact = store.artefact("features", store.run(name).stages["features"])
    return artefact.array("test", mmap=False)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = {one.__name__: one for one in (neighbours, faithfulness, tsne)}
    parser.add_argument("--run", help="a run in the store (default: planted clusters)")
    parser.add_argument("--only", nargs="+", choices=every, default=list(every))
    options = parser.parse_args()
    features = _of_run(options.run) if options.run else planted()
    n, d = features.shape
    print(
        f"{options.run or 'planted clusters'}: {n:,} x {d:,}, {processors()} processors, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    for name in options.only:
        every[name](features)


if __name__ == "__main__":
    main()
