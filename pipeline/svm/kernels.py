"""The radial basis function kernel: exp(-gamma |x - y|^2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.rows import Rows, blocks_of, finite
from pipeline.plugins.parameters import reject

SCALE: Final = "scale"

Matrix = NDArray[np.float64]


def check_gamma(gamma: Any, of: str) -> float | str:
    """Give gamma of the plug-in ``of``: a number, or "scale".

    Raises
    ------
    InvalidParameter
        If it is neither; text is read as a number.
    """
    if gamma == SCALE:
        return SCALE
    try:
        number = float(gamma) if isinstance(gamma, str | int | float | np.number) else math.nan
    except ValueError:
        number = math.nan
    if isinstance(gamma, bool) or not math.isfinite(number) or number <= 0:
        raise reject("gamma", of, 'a finite number above 0 or "scale"', gamma)
    return number


def check_kernel(gamma: Any, of: str) -> float | str | None:
    """As `check_gamma`; None, which stands for the linear kernel, is good too."""
    return None if gamma is None else check_gamma(gamma, of)


class Kernel(Protocol):
    """Compare rows."""

    def between(self, block: NDArray[np.float32], rows: NDArray[np.float32]) -> Matrix:
        """Compare any rows with training rows, float64 (len(block), len(rows))."""

    def between_centred(self, first: NDArray[np.float32], second: NDArray[np.float32]) -> Matrix:
        """Compare two sets of training rows, float64 (len(first), len(second))."""


class Linear(Kernel):
    """Compare rows by their inner product."""

    def between(self, block: NDArray[np.float32], rows: NDArray[np.float32]) -> Matrix:
        """Give inner products, float64 (len(block), len(rows))."""
        return (block @ rows.T).astype(np.float64)

    def between_centred(self, first: NDArray[np.float32], second: NDArray[np.float32]) -> Matrix:
        """Give the same: nothing is centred."""
        return self.between(first, second)


class Centred:
    """Give rows less their mean: distances stay, and short vectors lose less to cancellation in float32.

    Parameters
    ----------
    rows : Rows
        The training rows.

    Raises
    ------
    InvalidParameter
        If a value is not finite.
    """

    def __init__(self, rows: Rows) -> None:
        self.shape = rows.shape
        self._rows = rows
        total = np.zeros(rows.shape[1])
        for numbers in blocks_of(rows.shape[0]):
            total += finite(rows.rows(numbers), numbers, "training").sum(axis=0, dtype=np.float64)
        self._mean = total / max(1, rows.shape[0])

    def rows(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Give the rows at ``indices``, float32 (len(indices), d)."""
        return self.centre(self._rows.rows(indices))

    def centre(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give any rows less the mean of the training rows, float32."""
        centred: NDArray[np.float32] = (block - self._mean).astype(np.float32)
        return centred

    def scale(self) -> float:
        """Give scikit-learn's gamma="scale": 1 / (columns times the variance of all values)."""
        squares = 0.0
        for numbers in blocks_of(self.shape[0]):
            squares += float(np.square(self._rows.rows(numbers) - self._mean).sum())
        variance = squares / (self.shape[0] * self.shape[1]) + float(self._mean.var())
        return 1 / (self.shape[1] * variance) if variance else 1.0


@dataclass(frozen=True)
class RBF:
    """Compare rows by exp(-gamma |x - y|^2).

    Attributes
    ----------
    gamma : float
        How fast likeness falls with distance.
    centred : Centred
        The training rows, whose mean is taken off.
    """

    gamma: float
    centred: Centred

    def apply(self, products: Matrix) -> None:
        """Turn the inner products of some centred rows with each other into their kernel, in place."""
        squares = products.diagonal().copy()
        _finish(products, squares, squares, self.gamma)
        np.fill_diagonal(products, 1)

    def between(self, block: NDArray[np.float32], rows: NDArray[np.float32]) -> Matrix:
        """Give the kernel of any rows with centred rows, float64 (len(block), len(rows))."""
        return self.between_centred(self.centred.centre(block), rows)

    def between_centred(self, first: NDArray[np.float32], second: NDArray[np.float32]) -> Matrix:
        """Give the kernel of two sets of centred rows, float64 (len(first), len(second))."""
        products = (first @ second.T).astype(np.float64)
        _finish(products, _squares(first), _squares(second), self.gamma)
        return products


def rbf(rows: Rows, gamma: float | str) -> RBF:
    """Give the kernel for training rows; ``gamma`` as `check_gamma` gives it."""
    centred = Centred(rows)
    return RBF(centred.scale() if isinstance(gamma, str) else gamma, centred)


def facts_of(kernel: RBF | None) -> dict[str, Any]:
    """Give what people should know of a kernel; nothing of the linear one."""
    return {"kernel": "rbf", "gamma": kernel.gamma} if kernel else {}


def _squares(rows: NDArray[np.float32]) -> Matrix:
    squares: Matrix = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    return squares


def _finish(products: Matrix, first: Matrix, second: Matrix, gamma: float) -> None:
    """Turn inner products into the kernel, given the squared lengths of both sets of rows."""
    products *= -2
    products += first[:, np.newaxis]
    products += second
    np.maximum(products, 0, out=products)
    products *= -gamma
    np.exp(products, out=products)
