"""What a classifier gives: one fit per value of C, and what each says about every image."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClassifierPath:
    """Hold fits at ascending values of C.

    ``m`` values of C, ``p`` machines (pairs of classes, or classes in a one-vs-rest fit). Votes and
    margins are defined in ``docs/architecture.md``.

    Attributes
    ----------
    C : ndarray of float64, shape (m,)
        Penalties, ascending.
    intercepts : ndarray of float64, shape (m, p)
        Decision values of the origin, of the machines that were fitted to all training images.
    n_support : ndarray of int32, shape (m, p)
        Their numbers of support vectors.
    predicted_label, runner_up_label : ndarray of int16, shape (m, n_test)
        First and second choice for each test image.
    votes, runner_up_votes : ndarray of int16, shape (m, n_test)
        Votes for each of them.
    margin : ndarray of float32, shape (m, n_test)
        True class against its strongest rival: negative is wrong.
    runner_up_margin : ndarray of float32, shape (m, n_test)
        First choice against the second.
    train_predicted_label : ndarray of int16, shape (m, n_train)
        First choice for each training image of the machines that were fitted to all of them.
    train_rows : ndarray of int32, shape (n_fitted,), or None
        The training images that those machines were fitted to, ascending; None: all.
    facts : dict
        For people: ``solver``, ``solver_note``, ``classes_present``.
    """

    C: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    n_support: NDArray[np.int32]
    predicted_label: NDArray[np.int16]
    runner_up_label: NDArray[np.int16]
    votes: NDArray[np.int16]
    runner_up_votes: NDArray[np.int16]
    margin: NDArray[np.float32]
    runner_up_margin: NDArray[np.float32]
    train_predicted_label: NDArray[np.int16]
    train_rows: NDArray[np.int32] | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give the arrays by name, as the store keeps them."""
        found = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "facts"}
        return {name: array for name, array in found.items() if array is not None}
