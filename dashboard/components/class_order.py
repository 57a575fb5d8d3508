"""The order in which the classes of a matrix stand: what the URL says, else what fits their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.figures.cells import NUMBERS_UP_TO
from dashboard.page.context import ViewContext
from dashboard.run.predictions import Predictions
from dashboard.run.shared import shared
from dashboard.statistics.class_order import alphabetical_order, similarity_order

ORDER_MEANS = {
    "similarity": "Classes that are taken for each other stand beside each other.",
    "dataset": "Classes in the order of the data set.",
    "alphabet": "Classes in alphabetical order.",
}


def order_name(context: ViewContext) -> str:
    """Name the order, one of ``dashboard.page.view_state.ORDERS``."""
    return context.view.order or ("dataset" if context.data.n_classes <= NUMBERS_UP_TO else "similarity")


def order_of(context: ViewContext, matrix: NDArray[np.int64]) -> NDArray[np.intp]:
    """Give the labels from the top of a matrix to its bottom.

    Parameters
    ----------
    context : ViewContext
        The classes, and the classifier in use.
    matrix : ndarray of int64, shape (k, k)
        Its confusion matrix.

    Returns
    -------
    ndarray of intp, shape (k,)
        Each label once.
    """
    name = order_name(context)
    if name == "alphabet":
        return alphabetical_order(context.data.class_names)
    if name == "similarity":
        return _similarity(matrix, context.predictions)
    return np.arange(len(matrix))


@shared(lambda matrix, said: said.key)
def _similarity(matrix: NDArray[np.int64], said: Predictions) -> NDArray[np.intp]:
    """Order the classes by a classifier's matrix."""
    return similarity_order(matrix)
