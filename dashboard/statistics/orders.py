"""In which orders images can be looked through: pure functions from what is known of them to an order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MARGIN, SURE, UNSURE, TYPICAL, UNUSUAL, NAME = "margin", "sure", "unsure", "typical", "unusual", "name"
ORDERS = (MARGIN, SURE, UNSURE, TYPICAL, UNUSUAL, NAME)
"""Worst margin first; most sure and wrong; least sure; most typical; most unusual; by name."""

_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True)
class Known:
    """Hold what is known of some images; what is not known of them is None.

    Attributes
    ----------
    margin : ndarray of float32, shape (n,), or None
        True class against its strongest rival: negative is wrong.
    ahead : ndarray of float32, shape (n,), or None
        Predicted class against the runner-up: how sure.
    correct : ndarray of bool, shape (n,), or None
        Whether the prediction is right.
    distance : callable, or None
        Gives their mean distance to the nearest neighbours, float32 (n,).
    names : callable
        Gives the images' names: n texts.
    """

    margin: NDArray[np.float32] | None
    ahead: NDArray[np.float32] | None
    correct: NDArray[np.bool_] | None
    distance: Callable[[], NDArray[np.float32]] | None
    names: Callable[[], Sequence[str]]

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders that there are for them, of ``ORDERS``."""
        judged = self.margin is not None and self.ahead is not None and self.correct is not None
        there = {MARGIN: judged, SURE: judged, UNSURE: judged, NAME: True}
        near = {TYPICAL: self.distance is not None, UNUSUAL: self.distance is not None}
        return tuple(name for name in ORDERS if {**there, **near}[name])


def places(known: Known, order: str) -> NDArray[np.intp]:
    """Give the places of images in an order; equal ones stay as they are.

    Parameters
    ----------
    known : Known
        What is known of n images.
    order : str
        One of ``known.orders``.

    Returns
    -------
    ndarray of intp, shape (n,)
        The first image's place, then the second's, ...

    Raises
    ------
    ValueError
        If there is no such order for them.
    """
    if order not in known.orders:
        raise ValueError(f"order must be one of {', '.join(known.orders)}. Got {order!r}.")
    if order == NAME:
        names = [natural(name) for name in known.names()]
        return np.array(sorted(range(len(names)), key=names.__getitem__), np.intp)
    if order == SURE:
        return np.lexsort((-np.asarray(known.ahead, np.float64), np.asarray(known.correct)))
    if order in (TYPICAL, UNUSUAL) and known.distance is not None:
        values: NDArray[np.float32] | None = known.distance()
    else:
        values = known.margin if order == MARGIN else known.ahead
    signed = np.asarray(values, np.float64) * (-1 if order == UNUSUAL else 1)
    return np.argsort(signed, kind="stable")


def natural(name: str) -> list[tuple[int, int, str]]:
    """Give what sorts a name as people do: "image 9" before "image 10"."""
    parts = enumerate(_DIGITS.split(name.casefold()))  # every second one is a number, of any length
    bare = [(odd, part.lstrip("0") if odd else part) for odd, part in ((i % 2, part) for i, part in parts)]
    return [(0, len(part), part) if odd else (1, 0, part) for odd, part in bare if odd or part]
