"""Features in which a linear machine is a machine with a radial basis function kernel, by way of landmarks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.rows import Rows, finite

MOST = 2000
"""Landmarks. With all images as landmarks, the kernel is exact."""
SAMPLE = 1000
"""Landmarks of which the distances say how wide the kernel is."""
JITTER = 1e-4
"""What is added to the landmarks' kernel so that it has an inverse: copies of one image are no harm."""


class Landmarks:
    """Map features so that inner products are those of the kernel exp(-|x - y|^2 / (2 s^2)), x and y being roots.

    Values are replaced by their square roots with their signs, which tames features that are large in a few images. s^2
    is the median of the squared distances between landmarks. The last value of a mapped row is 1: its weight is an
    intercept.

    Parameters
    ----------
    rows : Rows
        Features of all images, (n, d).
    seed : int
        Which images are landmarks, where not all are.

    Raises
    ------
    InvalidParameter
        If a landmark's feature is not finite.

    References
    ----------
    Williams, Seeger (2001), "Using the Nyström Method to Speed Up Kernel Machines". Perronnin, Sánchez, Mensink (2010),
    "Improving the Fisher Kernel for Large-Scale Image Classification" (the roots).
    """

    def __init__(self, rows: Rows, seed: int = 0) -> None:
        n = rows.shape[0]
        chosen = np.sort(np.random.default_rng(seed).permutation(n)[:MOST])
        places = _roots(finite(rows.rows(chosen), chosen, "pooled"))
        self._middle = places.mean(axis=0)
        self._places = places - self._middle
        self._squares = np.vecdot(self._places, self._places)
        apart = self._apart(self._places[:SAMPLE], self._places[:SAMPLE])
        apart = apart[np.triu_indices(len(apart), 1)]
        self._gamma = np.float32(0.5 / (float(np.median(apart)) or 1.0)) if len(apart) else np.float32(1)
        kernel = self._kernel(self._places).astype(np.float64)
        kernel.flat[:: len(kernel) + 1] += JITTER
        middle = kernel.mean(axis=0)
        self._whiten = _inverse_root(kernel).astype(np.float32)
        self._mean = (middle @ self._whiten).astype(np.float32)
        self.count = len(chosen) + 1

    def map(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map features, float32 (b, d), to float32 (b, ``count``)."""
        mapped = np.empty((len(block), self.count), np.float32)
        np.matmul(self._kernel(_roots(block) - self._middle), self._whiten, out=mapped[:, :-1])
        mapped[:, :-1] -= self._mean
        mapped[:, -1] = 1
        return mapped

    def _kernel(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        apart = self._apart(places, self._places[: len(self._squares)])
        apart *= -self._gamma
        np.exp(apart, out=apart)
        return apart

    def _apart(self, first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give squared distances of some places from some landmarks."""
        apart: NDArray[np.float32] = first @ second.T
        apart *= -2
        apart += np.vecdot(first, first)[:, np.newaxis]
        apart += self._squares[: len(second)]
        np.maximum(apart, 0, out=apart)
        return apart


def _inverse_root(kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give R, upper triangular, with R R' the inverse of a positive definite matrix, in the place of that."""
    from scipy.linalg import cholesky
    from scipy.linalg.lapack import dtrtri

    root = cholesky(
        kernel.T, lower=False, overwrite_a=True, check_finite=False
    )  # the transpose is as LAPACK has it
    return dtrtri(root, lower=0, overwrite_c=1)[0]  # type: ignore[no-any-return]


def _roots(block: NDArray[np.float32]) -> NDArray[np.float32]:
    roots: NDArray[np.float32] = np.copysign(np.sqrt(np.abs(block)), block)
    return roots
