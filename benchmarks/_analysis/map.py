"""The map beside openTSNE, neighbours and faithfulness beside scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._analysis.data import Data
from benchmarks._measure import Measured, measure, print_rows
from pipeline.compute.pool import processors
from pipeline.compute.principal_components import principal_components
from pipeline.compute.progress import silent
from pipeline.projections.tsne import INITIAL_SPREAD, REDUCED_DIMENSIONS
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.neighbours import NeighboursStage
from pipeline.tsne.affinities import affinities
from pipeline.tsne.descent import ITERATIONS, lay_out

PERPLEXITY = 30.0
STARTS = 3


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
    rows = []
    for way, compute in ways:
        runs = [measure(way, lambda start=start, compute=compute: compute(start)) for start in starts]
        found = sorted(divergence(run.found, graph) for run in runs)
        middle = sorted(runs, key=lambda run: run.processor)[len(runs) // 2]
        rows.append(replace(middle, quality=", ".join(f"{value:.3f}" for value in found)))
    title = f"t-SNE, perplexity {PERPLEXITY:g}, from the same affinities and starts; median of {STARTS}"
    print_rows(title, rows, "divergence from each start, exact")


def neighbours(data: Data, rounds: int = 3) -> None:
    """Find 20 neighbours of each row."""
    from sklearn.neighbors import NearestNeighbors

    def theirs() -> NDArray[np.intp]:
        search = NearestNeighbors(n_neighbors=21, algorithm="brute", n_jobs=-1).fit(data.test)
        found: NDArray[np.intp] = search.kneighbors(return_distance=False)
        return found[:, :20]

    ways = (
        measure('scikit-learn, algorithm="brute"', theirs, rounds),
        measure("ours", lambda: NeighboursStage().find(data.test)[0], rounds),
    )
    exact = ways[1].found
    rows = [replace(way, quality=f"{(way.found == exact).mean():.6f}") for way in ways]
    print_rows("20 nearest neighbours, exact", rows, "share of ranks equal to ours, which float64 confirms")


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

    ways = measure("scikit-learn", theirs), measure("ours", ours)
    rows = [replace(way, quality=_scores(way)) for way in ways]
    title = "Trustworthiness and continuity of a map, 20 neighbours"
    print_rows(title, rows, "trustworthiness, continuity")


def _scores(way: Measured) -> str:
    return f"{way.found['trustworthiness']:.12f}, {way.found['continuity']:.12f}"
