"""In which order the classes of a confusion matrix stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEAVES_UP_TO = 300
"""Classes up to which neighbouring leaves are put in the best order, too: at 1,000 that takes four seconds."""


def similarity_order(matrix: NDArray[np.int64]) -> NDArray[np.intp]:
    """Put classes beside each other that are taken for each other.

    They are clustered by average linkage; the distance of two classes is one less the mean of the shares of each that
    is taken for the other.

    Parameters
    ----------
    matrix : ndarray of int64, shape (k, k)
        Counts; rows are true classes.

    Returns
    -------
    ndarray of intp, shape (k,)
        Labels, from the top of the matrix to its bottom.

    References
    ----------
    Bar-Joseph, Gifford and Jaakkola (2001), "Fast optimal leaf ordering for hierarchical clustering",
    Bioinformatics 17, S22-S29.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(matrix) < 3:
        return np.arange(len(matrix))
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    distances = 1 - (shares + shares.T) / 2
    np.fill_diagonal(distances, 0)
    tree = linkage(
        squareform(distances, checks=False), "average", optimal_ordering=len(matrix) <= LEAVES_UP_TO
    )
    return np.asarray(leaves_list(tree), dtype=np.intp)


def alphabetical_order(class_names: Sequence[str]) -> NDArray[np.intp]:
    """Put classes in the order of their names, capitals among the others, intp (k,)."""
    return np.array(
        sorted(range(len(class_names)), key=lambda label: class_names[label].casefold()), dtype=np.intp
    )
