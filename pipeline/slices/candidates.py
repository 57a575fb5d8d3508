"""Parts of feature space to be looked at: clusters, coarse and fine, and what each has of each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.places import Directions
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows

COMPONENTS = 32
GRANULARITIES = (8, 16, 32, 64)
"""Clusters that all images are cut into."""
SMALLEST = 20
"""Images that a part has at least: of fewer, nothing would hold."""
ANY_CLASS = -1

Labels = NDArray[np.int16]


@dataclass(frozen=True)
class Candidate:
    """Hold a part of feature space.

    Attributes
    ----------
    members : ndarray of intp, shape (m,)
        Rows of the test split, those nearest to the cluster's middle first.
    label : int
        Of the only class that it has; `ANY_CLASS`: of all that lie there.
    """

    members: NDArray[np.intp]
    label: int = ANY_CLASS


def candidates(features: Rows, labels: Labels, seed: int = 0, progress: Progress = silent) -> list[Candidate]:
    """Cut feature space into parts, without a look at who is right.

    Parameters
    ----------
    features : Rows of float32, shape (n, d)
        Of the images that are judged.
    labels : ndarray of int16, shape (n,)
        Their classes.
    seed : int
        Of the clusters.
    progress : Progress, optional
        Counts cuts.

    Returns
    -------
    list of Candidate
        Clusters by k-means where 32 principal components put the images, and the images of one class in a cluster that
        has others too; each of 20 images or more, and no two of them the same.

    Raises
    ------
    InvalidParameter
        If a feature is not finite.
    Cancelled
        If ``progress`` raises it.
    """
    n = features.shape[0]
    cuts = [k for k in GRANULARITIES if k * SMALLEST <= n]
    progress(0, len(cuts) + 1, "cuts of feature space")
    found: dict[bytes, Candidate] = {}
    if not cuts:
        return []
    scores = Directions.of(features, COMPONENTS).places_of(features, "images to place", progress)
    for number, k in enumerate(cuts):
        progress(number + 1, len(cuts) + 1, "cuts of feature space")
        for members in _clusters(scores, k, seed):
            for part in (Candidate(members), *_by_class(members, labels)):
                if SMALLEST <= len(part.members) < n:
                    found.setdefault(np.sort(part.members).tobytes(), part)
    return list(found.values())


def _clusters(scores: NDArray[np.float32], k: int, seed: int) -> list[NDArray[np.intp]]:
    """Give the members of each cluster, those nearest to its middle first."""
    from sklearn.cluster import MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(
        1
    ):  # the same bits on any machine; threads that wait for each other take 15 times as long
        means = MiniBatchKMeans(k, n_init=1, batch_size=1024, random_state=seed).fit(scores)
    apart = np.linalg.norm(scores - means.cluster_centers_[means.labels_], axis=1)
    order = np.argsort(apart, kind="stable")
    return [order[means.labels_[order] == cluster] for cluster in range(k)]


def _by_class(members: NDArray[np.intp], labels: Labels) -> list[Candidate]:
    own = labels[members]
    present = np.unique(own).tolist()
    return [Candidate(members[own == label], label) for label in present] if len(present) > 1 else []
