"""What an accuracy is to be measured against: counts of labels, whatever the features."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.integer[Any]]

UNEQUAL = 1.1
"""From here on, the largest class over the smallest, the mean over images and the mean over classes are two numbers."""


def largest_class(train: Labels, test: Labels) -> tuple[int, float]:
    """Give the label that most training images have, and the accuracy of always saying it.

    Parameters
    ----------
    train, test : ndarray of int, shapes (n_train,), (n_test,)
        True labels, one at least of each.

    Returns
    -------
    label : int
        The lowest, of several that are as frequent.
    accuracy : float
        Its share of the test images, 0 to 1.
    """
    label = int(np.bincount(train).argmax())
    return label, float(np.mean(test == label))


def balanced_accuracy(true: Labels, predicted: Labels) -> float | None:
    """Give the mean recall of the classes, where their sizes differ.

    Parameters
    ----------
    true, predicted : ndarray of int, shape (n,)
        Labels of the test images.

    Returns
    -------
    float or None
        0 to 1, over the classes that have test images; None where these have about as many images each.

    References
    ----------
    Brodersen, Ong, Stephan and Buhmann (2010), "The balanced accuracy and its posterior distribution", ICPR, 3121-3124.
    """
    support = np.bincount(true)
    hits = np.bincount(true[true == predicted], minlength=len(support))
    hits, support = hits[support > 0], support[support > 0]
    return float(np.mean(hits / support)) if support.max() > UNEQUAL * support.min() else None
