"""t-SNE: a map on which images with similar features lie together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache.arrays import StoredArray
from cache.counting import counted
from pipeline.compute.memory import give_back
from pipeline.compute.nearest import squared_distances
from pipeline.compute.principal_components import Components, principal_components
from pipeline.compute.progress import Progress, silent
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count, reject
from pipeline.stages.kinds import Projection
from pipeline.stages.neighbours import NeighboursStage
from pipeline.tsne.affinities import affinities
from pipeline.tsne.descent import ITERATIONS, lay_out
from pipeline.tsne.placing import FixedMap, total_repulsion, widths_of

REDUCED_DIMENSIONS = 50
INITIAL_SPREAD = 1e-4
LEAST_BYTES = 112_000_000  # of the components and the last, finer grid
FIXED_BYTES = 20_000_000
BYTES_A_NEIGHBOUR = 235  # of the perplexity: three times as many are searched
FEWEST_ROWS = 5
"""Below this a neighbourhood of more than one row is everyone; the initial layout is the answer."""


@dataclass(frozen=True)
class TSNE(Projection):
    """Embed into the plane so that near rows stay near.

    Parameters
    ----------
    perplexity : float
        Effective number of neighbours; at most a third of the other rows.
    seed : int
        Seed of what is random: the solver of the principal components.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.

    References
    ----------
    van der Maaten and Hinton (2008), "Visualizing data using t-SNE", JMLR 9:2579-2605.
    Poličar, Stražar and Zupan (2024), "openTSNE: a modular Python library for t-SNE", JSS 109(3): what
    it is measured against.
    """

    NAME: ClassVar[str] = "tsne"
    VERSION: ClassVar[int] = 3
    SUMMARY: ClassVar[str] = "t-SNE after PCA to 50 dimensions"
    REQUIRES: ClassVar[tuple[str, ...]] = ("scipy", "threadpoolctl")

    perplexity: float = option(
        30.0,
        "effective number of neighbours",
        low=5.0,
        high=100.0,
        about="Perplexity is how many neighbours each image tries to stay near. A low one breaks the map into "
        "small clumps, some of them chance; a high one keeps the large picture and smooths the small.",
    )
    seed: int = option(0, "seed of the projection")

    def __post_init__(self) -> None:
        good = isinstance(self.perplexity, int | float) and not isinstance(self.perplexity, bool)
        if not good or not 1 <= self.perplexity <= 1000:
            raise reject("perplexity", "tsne", "a number from 1 to 1000", self.perplexity)
        object.__setattr__(self, "perplexity", float(self.perplexity))
        check_count("seed", "tsne", self.seed, 0, 2**32 - 1)

    def memory(self, n: int) -> int:
        """Estimate how many bytes a map of ``n`` images takes while it is laid out; measured at 10,000."""
        return max(LEAST_BYTES, FIXED_BYTES + int(BYTES_A_NEIGHBOUR * n * self.perplexity))

    def project(
        self, features: NDArray[np.float32] | StoredArray, progress: Progress = silent
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Give each row a place in the plane.

        Parameters
        ----------
        features : ndarray of float32, shape (n, d)
            One row an image.
        progress : Progress, optional
            Counts iterations.

        Returns
        -------
        points : ndarray of float32, shape (n, 2)
            All at the origin where every row is the same.
        facts : dict
            ``method``, ``perplexity``, ``kl_divergence``, ..., and ``note`` where something had to give.

        Raises
        ------
        InvalidParameter
            If a feature is not finite.
        Cancelled
            If ``progress`` raises it.
        """
        progress(0, ITERATIONS, "iterations")
        components = self._components(features)
        facts: dict[str, Any] = {"method": "t-SNE", "seed": self.seed, "initialisation": "PCA"}
        facts |= {"pca_dimensions": REDUCED_DIMENSIONS if _is_reduced(features) else None}
        if _too_few(components):
            facts["note"] = (
                "Too few different images for t-SNE: these are the first two principal components."
            )
            return components.scores[:, :2].astype(np.float32), facts | {"kl_divergence": None}
        rows = components.scores if _is_reduced(features) else np.array(features, np.float64)
        perplexity = self._feasible(len(features))
        if perplexity < self.perplexity:
            facts["note"] = (
                f"Perplexity {self.perplexity:g} is too high for {counted(len(features), 'image')}: "
                f"{perplexity:.3g} was used."
            )
        points, divergence = _embed(rows, components.scores[:, :2], perplexity, progress)
        facts |= {"perplexity": perplexity, "iterations": ITERATIONS}
        return points.astype(np.float32), facts | {"kl_divergence": divergence}

    def guide(
        self,
        features: NDArray[np.float32] | StoredArray,
        points: NDArray[np.float32],
        progress: Progress = silent,
    ) -> dict[str, NDArray[Any]]:
        """Give the rows that were laid out, how they come from features, and how widely each looks for neighbours."""
        components, columns = self._components(features), features.shape[1]
        if _too_few(components):
            return {"mean": components.mean, "loadings": components.loadings[:, :2]}
        whole = {"mean": np.zeros(columns), "loadings": np.eye(columns)}
        space = {"mean": components.mean, "loadings": components.loadings} if _is_reduced(features) else whole
        rows = np.asarray(components.scores if _is_reduced(features) else features, np.float32)
        perplexity = self._feasible(len(rows))
        _, distances = NeighboursStage(_neighbours(len(rows), perplexity)).find(rows, progress)
        widths = widths_of(distances, perplexity)
        return {**space, "rows": rows, "widths": widths, "total": np.array([total_repulsion(points)])}

    def place(
        self,
        guests: NDArray[np.float32],
        features: NDArray[np.float32] | StoredArray,
        points: NDArray[np.float32],
        guide: Mapping[str, NDArray[Any]],
    ) -> NDArray[np.float64]:
        """Give each the place where t-SNE's loss is lowest, from its neighbours' mean downhill, float64 (g, 2)."""
        reduced = [
            (one - guide["mean"]) @ guide["loadings"] for one in guests
        ]  # the same bits, alone or together
        if "rows" not in guide:
            return np.array(reduced)
        perplexity = self._feasible(len(points))
        fixed = FixedMap(points.astype(np.float64), guide["widths"], float(guide["total"][0]), perplexity)
        return np.array([fixed.place(squared_distances(one, guide["rows"])) for one in reduced])

    def _components(self, features: NDArray[np.float32] | StoredArray) -> Components:
        return principal_components(features, max(min(REDUCED_DIMENSIONS, features.shape[1]), 2), self.seed)

    def _feasible(self, n: int) -> float:
        """Give the perplexity that so many rows allow."""
        return min(self.perplexity, (n - 1) / 3)


def _is_reduced(features: NDArray[np.float32] | StoredArray) -> bool:
    return bool(features.shape[1] > REDUCED_DIMENSIONS)


def _too_few(components: Components) -> bool:
    return len(components.scores) < FEWEST_ROWS or not bool(components.explained.any())


def _neighbours(n: int, perplexity: float) -> int:
    return min(n - 1, math.ceil(3 * perplexity))


def _embed(
    rows: NDArray[np.float64], start: NDArray[np.float64], perplexity: float, progress: Progress
) -> tuple[NDArray[np.float64], float]:
    """Run t-SNE from a given layout; gives points (n, 2) and the Kullback-Leibler divergence."""
    give_back()  # what the components took, before the next step takes as much again
    start = start * (INITIAL_SPREAD / start[:, 0].std())
    neighbours = NeighboursStage(_neighbours(len(rows), perplexity)).find(rows.astype(np.float32))
    return lay_out(start, affinities(*neighbours, perplexity), progress)


PLUGIN = TSNE
