"""Where vectors lie in few dimensions: there no two lie farther apart than they do, so far ones need no measuring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.pool import Counter, one_blas_thread, processors, run_all
from pipeline.compute.progress import Progress
from pipeline.compute.rows import Rows, blocks_of, finite

SAMPLE = 1000
"""Rows that say where the middle is, and in which directions rows differ most."""
MOST_DIRECTIONS = 64

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Directions:
    """Hold an orthogonal projection to few dimensions.

    Attributes
    ----------
    middle : ndarray of float32, shape (d,)
        What is taken from a row first.
    basis : ndarray of float32, shape (d, c)
        Orthonormal columns.
    """

    middle: Matrix
    basis: Matrix

    @classmethod
    def of(cls, rows: Rows, most: int = MOST_DIRECTIONS) -> Directions:
        """Take the principal components of a sample of the rows, spread evenly over all."""
        n, d = rows.shape
        some = rows.rows(spread(n, SAMPLE)).astype(np.float64)
        middle = some.mean(axis=0) if n else np.zeros(d)
        some -= middle
        with one_blas_thread():
            values, vectors = np.linalg.eigh(some @ some.T)
            kept = np.flatnonzero(values > 1e-9 * values.max(initial=0))[::-1][:most]
            basis = np.linalg.qr(some.T @ vectors[:, kept])[0]
        return cls(middle.astype(np.float32), basis.astype(np.float32))

    def places(self, block: Matrix) -> Matrix:
        """Give where rows lie, float32 (n, c + 1): along each direction, and how far from all of them.

        Two rows' places are at most as far apart as the rows, but for rounding.
        """
        centred = block - self.middle
        along = centred @ self.basis
        rest = np.vecdot(centred, centred) - np.vecdot(along, along)
        return np.column_stack([along, np.sqrt(rest, out=np.zeros_like(rest), where=rest > 0)])

    def places_of(self, rows: Rows, what: str, progress: Progress) -> Matrix:
        """Give where all rows lie, float32 (n, c + 1); parameters and errors as `over_blocks`."""
        places = np.empty((rows.shape[0], self.basis.shape[1] + 1), np.float32)

        def place(numbers: NDArray[np.intp], block: Matrix) -> None:
            places[numbers] = self.places(block)

        over_blocks(rows, place, what, progress)
        return places


def spread(n: int, most: int) -> NDArray[np.intp]:
    """Give some of the numbers 0..n-1, evenly spread, ascending."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.intp)) if n else np.empty(0, np.intp)


def over_blocks(
    rows: Rows,
    work: Callable[[NDArray[np.intp], Matrix], None],
    what: str,
    progress: Progress,
) -> None:
    """Read all rows once, a block at a time and side by side.

    Parameters
    ----------
    rows : Rows
        What to read.
    work : callable
        Is given the numbers of some rows, and the rows.
    what : str
        What a row is, for ``progress``.
    progress : Progress
        Counts rows.

    Raises
    ------
    InvalidParameter
        If a value is not finite.
    """

    def read(numbers: NDArray[np.intp], counter: Counter) -> None:
        work(numbers, finite(rows.rows(numbers), numbers, "whole"))
        counter.step(len(numbers))

    n = rows.shape[0]
    tasks = [partial(read, numbers) for numbers in blocks_of(n)]
    run_all(tasks, threads=processors(), total=n, what=what, progress=progress)
