"""Principal component analysis: the flat shadow in which the images differ most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache.arrays import StoredArray
from pipeline.compute.principal_components import principal_components
from pipeline.compute.progress import Progress, silent
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_count
from pipeline.stages.kinds import Projection


@dataclass(frozen=True)
class PCA(Projection):
    """Project onto the first two principal components.

    Parameters
    ----------
    seed : int
        Seed of the subspace that is turned towards the components.
    """

    NAME: ClassVar[str] = "pca"
    VERSION: ClassVar[int] = 2
    SUMMARY: ClassVar[str] = "first two principal components"
    REQUIRES: ClassVar[tuple[str, ...]] = ("threadpoolctl",)

    seed: int = option(0, "seed of the projection", flag="--projection-seed")

    def __post_init__(self) -> None:
        check_count("seed", "pca", self.seed, 0, 2**32 - 1)

    def project(
        self, features: NDArray[np.float32] | StoredArray, progress: Progress = silent
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Give each row a place in the plane.

        Parameters
        ----------
        features : ndarray of float32, shape (n, d)
            One row an image.
        progress : Progress, optional
            Told of the beginning and the end.

        Returns
        -------
        points : ndarray of float32, shape (n, 2)
            All at the origin where every row is the same.
        facts : dict
            ``method``, ``seed``, ``explained_variance``: the two components' shares.

        Raises
        ------
        InvalidParameter
            If a feature is not finite.
        """
        progress(0, 1, "projections")
        components = principal_components(features, 2, self.seed)
        progress(1, 1, "projections")
        facts = {"method": "PCA", "seed": self.seed, "explained_variance": components.explained.tolist()}
        return components.scores.astype(np.float32), facts

    def guide(
        self,
        features: NDArray[np.float32] | StoredArray,
        points: NDArray[np.float32],
        progress: Progress = silent,
    ) -> dict[str, NDArray[Any]]:
        """Give the two components, and the mean that they go through."""
        components = principal_components(features, 2, self.seed)
        return {"mean": components.mean, "loadings": components.loadings}

    def place(
        self,
        guests: NDArray[np.float32],
        features: NDArray[np.float32] | StoredArray,
        points: NDArray[np.float32],
        guide: Mapping[str, NDArray[Any]],
    ) -> NDArray[np.float64]:
        """Project further rows onto the same components, float64 (g, 2)."""
        return np.array([(one - guide["mean"]) @ guide["loadings"] for one in guests])


PLUGIN = PCA
