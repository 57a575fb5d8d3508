"""The training rows' inner products, as one block per pair of classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import InvalidParameter
from pipeline.svm.by_class import ByClass


class Gram:
    """Give blocks of inner products, and keep those that the memory is there for.

    A block is computed in one way only, whoever asks and whatever is kept: keeping changes the time, never
    the numbers.

    One ``Gram`` belongs to one set of training rows.
    """

    def __init__(self) -> None:
        self._keep = {True: False, False: False}
        self._kept: dict[tuple[int, int], NDArray[np.float32]] = {}
        self._lock = Lock()

    def keep(self, *, pairs: bool, diagonal: bool) -> None:
        """Say what to keep from now on; what was kept and may not be is dropped.

        Parameters
        ----------
        pairs : bool
            Keep the blocks of two different classes.
        diagonal : bool
            Keep the blocks of one class with itself, which every pair with that class needs.
        """
        with self._lock:
            self._keep = {True: diagonal, False: pairs}
            self._kept = {(a, b): block for (a, b), block in self._kept.items() if self._keep[a == b]}

    @property
    def nbytes(self) -> int:
        """Bytes kept."""
        with self._lock:
            return sum(block.nbytes for block in self._kept.values())

    def fill(self, classes: ByClass, a: int, b: int, out: NDArray[np.float64]) -> None:
        """Write the inner products of the rows of two classes.

        Parameters
        ----------
        classes : ByClass
            The training rows; always the same ones for one ``Gram``.
        a, b : int
            Positions in ``classes.present``, a < b.
        out : ndarray of float64, shape (n_a + n_b, n_a + n_b)
            Written to: the rows of class a first, then those of class b.

        Raises
        ------
        InvalidParameter
            If a feature is not finite, or too large to square in float32.
        """
        n = classes.counts[a]
        rows = cache(classes.block)
        out[:n, :n] = self._block(rows, a, a)
        out[n:, n:] = self._block(rows, b, b)
        out[:n, n:] = self._block(rows, a, b)
        out[n:, :n] = out[:n, n:].T

    def _block(self, rows: Callable[[int], NDArray[np.float32]], a: int, b: int) -> NDArray[np.float32]:
        """Give one block, from what is kept or from the rows of its classes."""
        with self._lock:
            kept = self._kept.get((a, b))
        if kept is not None:
            return kept
        with np.errstate(over="ignore", invalid="ignore"):
            block: NDArray[np.float32] = rows(a) @ rows(b).T
        if a == b:
            check_squares(block.diagonal())
        with self._lock:
            if self._keep[a == b]:
                self._kept[a, b] = block
        return block


def check_squares(squares: NDArray[np.float32]) -> None:
    """Check the squared lengths of rows.

    Raises
    ------
    InvalidParameter
        If one is not finite.
    """
    if not np.isfinite(squares).all():
        raise InvalidParameter(
            "Features must be small enough to square in float32 (below about 1e18). Got larger ones.",
            remedy="another extractor",
        )
