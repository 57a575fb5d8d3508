"""Where a guest lies on a map that stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft, Store
from pipeline.compute.nearest import between_nearest
from pipeline.compute.progress import Progress, silent
from pipeline.maps.methods import projection_of
from pipeline.stages.contract import Inputs, Stage, ensure


@dataclass(frozen=True)
class PlacingStage(Stage):
    """Keep what it takes to place further images on a map, as `pipeline.stages.kinds.Projection.guide` gives it."""

    STAGE: ClassVar[str] = "placing"
    NAME: ClassVar[str] = "guide"
    INPUTS: ClassVar[tuple[str, ...]] = ("features", "projection")

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write it; nothing for a map that this version would not lay out so."""
        projection = projection_of(inputs["projection"])
        if projection is None:
            return
        features, points = inputs["features"].rows("test"), inputs["projection"].array("test")
        for name, array in projection.guide(features, points, progress).items():
            draft.save(name, array)


def place(
    store: Store,
    features: Artefact,
    laid_out: Artefact,
    guests: NDArray[np.float32],
    progress: Progress = silent,
) -> NDArray[np.float64]:
    """Give guests their places on a map, float64 (g, 2): each on its own, so they do not depend on one another.

    Parameters
    ----------
    store : Store
        Where what that takes is kept.
    features, laid_out : Artefact
        Of the run's images, and their map.
    guests : ndarray of float32, shape (g, d)
        Their features.
    progress : Progress, optional
        Told how far it is, the first time.
    """
    points, rows = laid_out.array("test"), features.rows("test")
    projection = projection_of(laid_out)
    if projection is None:
        return np.array([between_nearest(one, rows, points) for one in guests])
    keys = {"features": features.key, "projection": laid_out.key}
    made = ensure(store, PlacingStage(), keys, progress)
    guide = {name.removesuffix(".npy"): made.array(name.removesuffix(".npy")) for name in made.manifest.files}
    return projection.place(guests, rows, points, guide)
