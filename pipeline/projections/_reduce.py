"""Principal components, with one sign and a sane answer for degenerate features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import InvalidParameter


@dataclass(frozen=True)
class Components:
    """Hold rows in the space of their principal components.

    Attributes
    ----------
    scores : ndarray of float64, shape (n, c)
        Coordinates, in order of falling variance.
    explained : ndarray of float64, shape (c,)
        Share of the variance along each component; all 0 where every row is the same.
    """

    scores: NDArray[np.float64]
    explained: NDArray[np.float64]


def principal_components(features: NDArray[np.float32], count: int, seed: int = 0) -> Components:
    """Project rows onto their principal components.

    Parameters
    ----------
    features : ndarray of float32, shape (n, d)
        One row an image.
    count : int
        Components wanted; columns beyond min(n, d) are 0.
    seed : int
        Seed of the randomised solver, which large matrices need.

    Returns
    -------
    Components
        Each component's sign is such that its longest loading is positive.

    Raises
    ------
    InvalidParameter
        If a feature is not finite.
    """
    from sklearn.decomposition import PCA

    if not np.isfinite(features).all():
        raise InvalidParameter(
            "Features must be finite. Got NaN or infinity in the test split.",
            remedy="python -m pipeline verify",
        )
    scores, explained = np.zeros((len(features), count)), np.zeros(count)
    rows = np.asarray(features, np.float64)
    if len(rows) and np.ptp(rows, axis=0).any():
        found = min(count, *rows.shape)
        pca = PCA(found, svd_solver="auto", random_state=seed)
        scores[:, :found] = pca.fit_transform(rows)
        explained[:found] = pca.explained_variance_ratio_
    return Components(scores, explained)
