"""What an accuracy is to be measured against: counts of labels, whatever the features."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.integer[Any]]

UNEQUAL = 1.1
"""From here on, the largest class over the smallest, the mean over images and the mean over classes are two numbers."""


def largest_class(judged: Labels) -> tuple[int, float]:
    """Give the label that most of the judged images have, and its share: what always saying it would get.

    This is the no-information rate. It is that of the judged images, not of those that machines learn from: where the
    two have other largest classes, always saying the latter's gets less than one could without looking at an image.

    Parameters
    ----------
    judged : ndarray of int, shape (n,)
        True labels, one at least.

    Returns
    -------
    label : int
        The lowest, of several that are as frequent.
    share : float
        0 to 1; 1/k at least, for k classes.
    """
    counts = np.bincount(judged)
    label = int(counts.argmax())
    return label, float(counts[label] / len(judged))


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
