"""Place images of a map that have been left out of it, our way and openTSNE's: how far from their own places.

``python -m benchmarks.guests [--run RUN] [--images 300] [--transform 100]``; by default the demo's run. The map is
the run's own, and what stands in for a guest is one of its images that neither way may know of: it is none of its
neighbours, and repels nothing. openTSNE is given the very rows that the map was laid out by, and exact neighbours.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, open_store
from pipeline.compute.nearest import nearest_of, squared_distances
from pipeline.guests.placing import PlacingStage
from pipeline.maps.methods import projection_of
from pipeline.stages.contract import ensure
from pipeline.tsne.placing import FixedMap

Place = Callable[[int], NDArray[np.float64]]


@dataclass(frozen=True)
class Laid:
    """A map, and what it was laid out by."""

    points: NDArray[np.float64]
    rows: NDArray[np.float32]
    fixed: FixedMap

    @property
    def width(self) -> float:
        """Its longer side."""
        return float(np.ptp(self.points, axis=0).max())

    def squared(self, row: int, *, left_out: bool) -> NDArray[np.float64]:
        """Squared distances of an image to all, itself infinitely far if it is left out."""
        squares = squared_distances(self.rows[row], self.rows)
        if left_out:
            squares[row] = np.inf
        return squares


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--run", default="clipart-efficientnet-lite0", help="a run in the store, whose map is t-SNE's"
    )
    parser.add_argument("--images", type=int, default=300, help="images to place")
    parser.add_argument("--transform", type=int, default=100, help="of these, by openTSNE: a second each")
    options = parser.parse_args()
    laid = _laid(options.run)
    rows = np.random.default_rng(0).choice(
        len(laid.points), min(options.images, len(laid.points)), replace=False
    )
    print(f"{options.run}: {len(laid.points):,} images, map {laid.width:.0f} wide\n")
    print("| way | images | median, map widths | 95 % within | seconds each |\n|---|---:|---:|---:|---:|")
    few = rows[: options.transform]
    _row("ours, not left out", laid, rows, lambda row: laid.fixed.place(laid.squared(row, left_out=False)))
    _row("ours, left out", laid, rows, lambda row: laid.fixed.place(laid.squared(row, left_out=True)))
    _row(
        "ours, left out, the same images",
        laid,
        few,
        lambda row: laid.fixed.place(laid.squared(row, left_out=True)),
    )
    _row("mean of 25 neighbours, left out", laid, few, lambda row: _mean(laid, row))
    _row("openTSNE transform, left out", laid, few, lambda row: transformed(laid, row))
    own = float(laid.fixed.perplexity)
    _row(f"the same, perplexity {own:g}", laid, few, lambda row: transformed(laid, row, perplexity=own))
    _row(
        "the same, no exaggeration",
        laid,
        few,
        lambda row: transformed(laid, row, perplexity=own, exaggeration=1.0),
    )


def _laid(name: str) -> Laid:
    store = open_store()
    run = store.run(name)
    projection: Artefact = store.artefact("projection", run.stages["projection"])
    made = ensure(store, PlacingStage(), run.stages)
    points = projection.array("test").astype(np.float64)
    method = projection_of(projection)
    perplexity = min(method.perplexity, (len(points) - 1) / 3)  # type: ignore[union-attr]  # t-SNE's
    fixed = FixedMap(points, made.array("widths"), float(made.array("total")[0]), perplexity)
    return Laid(points, made.array("rows"), fixed)


def _row(way: str, laid: Laid, rows: NDArray[np.intp], place: Place) -> None:
    started = time.perf_counter()
    off = np.array([np.hypot(*(place(int(row)) - laid.points[row])) for row in rows]) / laid.width
    seconds = (time.perf_counter() - started) / len(rows)
    within = np.mean(off <= 0.02)
    print(
        f"| {way} | {len(rows)} | {np.median(off):.4f} | {np.quantile(off, 0.95):.4f} | {seconds:.3f} |"
        f" <!-- {within:.3f} within 2 % -->",
        flush=True,
    )


def _mean(laid: Laid, row: int) -> NDArray[np.float64]:
    near = nearest_of(laid.squared(row, left_out=True), 25)
    mean: NDArray[np.float64] = laid.points[near].mean(axis=0)
    return mean


def transformed(
    laid: Laid, row: int, perplexity: float = 5, exaggeration: float = 1.5
) -> NDArray[np.float64]:
    """Place an image that was left out by openTSNE, on the same map."""
    from openTSNE import TSNEEmbedding, affinity
    from scipy import sparse

    others = np.delete(np.arange(len(laid.points)), row)
    rows = laid.rows[others].astype(np.float64)
    known = affinity.PerplexityBasedNN(rows[:200], 30, method="exact")  # of its index alone is use made
    known.knn_index, known.P = _Exact(rows), sparse.identity(len(rows), format="csr")
    points = np.ascontiguousarray(laid.points[others])
    middle = (points.max(axis=0) + points.min(axis=0)) / 2  # transform moves the map there
    embedding = TSNEEmbedding(points, known, negative_gradient_method="bh")
    found = embedding.transform(
        laid.rows[row : row + 1].astype(np.float64), perplexity=perplexity, exaggeration=exaggeration
    )
    return np.asarray(found)[0] + middle


class _Exact:
    """Exact neighbours, as openTSNE asks for them."""

    def __init__(self, rows: NDArray[np.float64]) -> None:
        self.rows, self.n_samples, self.k = rows, len(rows), len(rows) - 1

    def query(self, wanted: NDArray[np.float64], k: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        distances = np.sqrt(((wanted[:, np.newaxis] - self.rows) ** 2).sum(axis=2))
        near = np.argsort(distances, axis=1, kind="stable")[:, :k]
        return near, np.take_along_axis(distances, near, axis=1)


if __name__ == "__main__":
    main()
