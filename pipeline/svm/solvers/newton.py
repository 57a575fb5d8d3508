"""The linear system of an interior-point step, in the smaller of its two forms."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.rows import ROWS_AT_ONCE

MOST_IN_SINGLE = 1e6
"""Up to this weight of a row, times its squared length, float32 makes steps as good: all but a fit's last ones."""

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class NewtonSystem(Protocol):
    """Solve for changes of the dual coefficients and the intercept.

    With Q the signed inner products, y the signs and T a positive diagonal: Q dx + y db + T dx = right,
    y dx = -imbalance.
    """

    def begin(self, x: Vector) -> None:
        """Begin at dual coefficients; nothing unless something is kept."""
        return

    def values(self, x: Vector) -> Vector:
        """Give the signed decision values without the intercept."""

    def factor(self, diagonal: Vector) -> None:
        """Prepare for a diagonal T."""

    def solve(self, right: Vector, x: Vector, imbalance: float) -> tuple[Vector, float]:
        """Give dx and db."""

    def move(self, part: float) -> None:
        """Take note that ``part`` of the last step solved for is taken; nothing unless something is kept."""
        return


def newton_system(rows: NDArray[np.float32], signs: Vector, room: Matrix) -> NewtonSystem:
    """Give the form with the smaller matrix: one row a feature, or one row a training image.

    Parameters
    ----------
    rows : ndarray of float32, shape (n, d)
        Features.
    signs : ndarray of float64, shape (n,)
        +1 for the first class, -1 for the second.
    room : ndarray of float64, shape (n, n)
        May be written to.
    """
    if rows.shape[1] < rows.shape[0]:
        return WeightForm(rows.astype(np.float64), signs)
    _inner_products(rows, room)
    return DualForm(room, signs)


def _inner_products(rows: NDArray[np.float32], out: Matrix) -> None:
    """Write all inner products, in float64, without a whole copy of the rows in float64."""
    parts = [slice(i, i + ROWS_AT_ONCE) for i in range(0, len(rows), ROWS_AT_ONCE)]
    for i, first in enumerate(parts):
        converted = rows[first].astype(np.float64)
        for second in parts[i:]:
            out[first, second] = converted @ rows[second].astype(np.float64).T
            out[second, first] = out[first, second].T


class WeightForm(NewtonSystem):
    """Solve for the weight vector, (d + 1) x (d + 1), and keep it as a variable of its own."""

    def __init__(self, rows: Matrix, signs: Vector) -> None:
        self._signed = np.hstack([rows * signs[:, np.newaxis], signs[:, np.newaxis]])
        self._single = self._signed.astype(np.float32)
        self._square = float(np.square(self._signed).sum(axis=1).mean())
        self._weights = self._change = np.zeros(rows.shape[1])

    def begin(self, x: Vector) -> None:
        """Begin at the weights of dual coefficients."""
        self._weights = self._signed[:, :-1].T @ x

    def values(self, x: Vector) -> Vector:
        """Give the signed decision values of the weights kept."""
        values: Vector = self._signed[:, :-1] @ self._weights
        return values

    def factor(self, diagonal: Vector) -> None:
        """Prepare for a diagonal."""
        self._inverse = 1 / diagonal
        rows = self._single if self._inverse.max() * self._square < MOST_IN_SINGLE else self._signed
        scaled = np.multiply(
            rows, np.sqrt(self._inverse)[:, np.newaxis], dtype=rows.dtype, casting="same_kind"
        )
        matrix: Matrix = (scaled.T @ scaled).astype(np.float64)  # of one array with itself: half the work
        matrix[np.arange(len(matrix) - 1), np.arange(len(matrix) - 1)] += 1
        self._factor = _cholesky(matrix)

    def solve(self, right: Vector, x: Vector, imbalance: float) -> tuple[Vector, float]:
        """Give dx and db."""
        from scipy.linalg import cho_solve

        wanted = self._signed.T @ (self._inverse * right)
        wanted[:-1] -= self._weights - self._signed[:, :-1].T @ x
        wanted[-1] += imbalance
        change = cho_solve(self._factor, wanted, check_finite=False)
        self._change = change[:-1]
        return self._inverse * (right - self._signed @ change), float(change[-1])

    def move(self, part: float) -> None:
        """Move the weights."""
        self._weights = self._weights + part * self._change


class DualForm(NewtonSystem):
    """Solve for the dual coefficients, n x n."""

    def __init__(self, gram: Matrix, signs: Vector) -> None:
        self._gram = gram
        self._signs = signs

    def values(self, x: Vector) -> Vector:
        """Give the signed decision values."""
        values: Vector = self._signs * (self._gram @ (self._signs * x))
        return values

    def factor(self, diagonal: Vector) -> None:
        """Prepare for a diagonal."""
        matrix = self._gram.copy()
        matrix[np.arange(len(matrix)), np.arange(len(matrix))] += diagonal
        self._factor = _cholesky(matrix)

    def solve(self, right: Vector, x: Vector, imbalance: float) -> tuple[Vector, float]:
        """Give dx and db."""
        from scipy.linalg import cho_solve

        both = np.stack([self._signs * right, np.ones(len(right))], axis=1)
        solved = cho_solve(self._factor, both, check_finite=False)
        intercept = float((solved[:, 0].sum() + imbalance) / solved[:, 1].sum())
        return self._signs * (solved[:, 0] - intercept * solved[:, 1]), intercept


def _cholesky(matrix: Matrix) -> Any:
    """Factor a positive definite matrix, in place; one that rounding has spoilt gets a little more diagonal.

    That makes a step less exact, not the solution: what it is measured by is computed without it.
    """
    from scipy.linalg import LinAlgError, cho_factor

    extra = float(np.finfo(np.float64).eps) * float(np.abs(matrix.diagonal()).mean())
    while True:
        try:
            return cho_factor(matrix, lower=True, check_finite=False)
        except LinAlgError:
            matrix[np.arange(len(matrix)), np.arange(len(matrix))] += extra
            extra *= 100
