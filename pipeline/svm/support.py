"""The machine of two classes as its support vectors, and how hard each of them pulls at an image."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, blocks_of, finite
from pipeline.svm.by_class import Subset
from pipeline.svm.kernel_machines import KernelMachines
from pipeline.svm.solvers.choose import fit_by_support
from pipeline.svm.training import Training


@dataclass(frozen=True)
class PairSupport:
    """Hold the support vectors of the machine of two classes.

    Attributes
    ----------
    rows : ndarray of int32, shape (s,)
        Rows of the training split, ascending.
    duals : ndarray of float32, shape (s,)
        a_i y_i: the dual coefficient of each, positive for images of the first class, negative for the second.
    intercept : float
        Decision value far from every training row.
    """

    rows: NDArray[np.int32]
    duals: NDArray[np.float32]
    intercept: float

    @property
    def nbytes(self) -> int:
        """Bytes that its arrays take."""
        return self.rows.nbytes + self.duals.nbytes

    def reversed(self) -> PairSupport:
        """Give the same machine with its classes the other way round."""
        return PairSupport(self.rows, -self.duals, -self.intercept)

    def pulls(self, kernel: NDArray[np.float64]) -> Pulls:
        """Give how hard each pulls at an image, given its kernel with every training row, float64 (n,)."""
        return Pulls(self.rows, self.duals * kernel[self.rows], self.intercept)


@dataclass(frozen=True)
class Pulls:
    """Hold what the decision value of two classes is the sum of, for one image.

    Attributes
    ----------
    rows : ndarray of int32, shape (s,)
        Of the training split: the support vectors.
    contributions : ndarray of float64, shape (s,)
        a_i y_i K(x_i, x) of each: positive pulls towards the first class.
    intercept : float
        What is added to them.
    """

    rows: NDArray[np.int32]
    contributions: NDArray[np.float64]
    intercept: float

    @property
    def value(self) -> float:
        """The decision value: positive votes for the first class."""
        return float(self.contributions.sum()) + self.intercept

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of each in the decision: its |contribution| of the sum of all |contributions|, float64 (s,).

        The intercept is no support vector's, and has no part in it.
        """
        strength = np.abs(self.contributions)
        total = strength.sum()
        shares: NDArray[np.float64] = strength / total if total else strength
        return shares

    def strongest(self, count: int, *, first: bool) -> NDArray[np.intp]:
        """Give the positions of those that pull hardest towards the first class, or towards the second.

        Of two that pull alike the lower row comes first.
        """
        towards = self.contributions if first else -self.contributions
        order = np.argsort(-towards, kind="stable")[:count]
        strongest: NDArray[np.intp] = order[towards[order] > 0]
        return strongest

    def named(self, count: int, *, first: bool) -> list[tuple[int, float]]:
        """Give the training rows of the `strongest`, each with its share."""
        shares = self.shares
        return [(int(self.rows[place]), float(shares[place])) for place in self.strongest(count, first=first)]


def pair_support(
    rows: Training, C: float, first: int, second: int, part: Subset, progress: Progress = silent
) -> PairSupport | None:
    """Fit the machine of two classes to a part of the training rows.

    Parameters
    ----------
    rows : Training
        All training rows.
    C : float
        Penalty.
    first, second : int
        Labels; a positive decision value votes for ``first``.
    part : Subset
        Which rows of each class in ``rows.classes`` take part.
    progress : Progress, optional
        Counts SVM fits: one.

    Returns
    -------
    PairSupport or None
        None where the part lacks one of the classes: then there is nothing to fit.

    Raises
    ------
    InvalidParameter
        If a feature is not finite.
    Cancelled
        If ``progress`` raises it.
    """
    present = rows.classes.present
    if not {first, second} <= set(present):
        return None
    places = [present.index(label) for label in sorted((first, second))]
    taking_part = [part[place] for place in places]
    if not all(some.any() for some in taking_part):
        return None
    pair = replace(rows, classes=rows.classes.of(places).only(taking_part))
    fitted = _support(fit_by_support(pair.classes, C, progress, pair.kernel))
    return fitted if first < second else fitted.reversed()


def compare(
    features: Rows, image: NDArray[np.float32], gamma: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compare an image with every training row.

    Parameters
    ----------
    features : Rows
        (n, d); read a block at a time.
    image : ndarray of float32, shape (d,)
        Features of the image.
    gamma : float or None
        Of the radial basis function kernel; None for inner products.

    Returns
    -------
    distances : ndarray of float64, shape (n,)
        Euclidean, in units of the features: differences are taken before they are squared.
    kernel : ndarray of float64, shape (n,)
        The kernel's values.

    Raises
    ------
    InvalidParameter
        If a feature is not finite.
    """
    n = features.shape[0]
    squares, kernel = np.empty(n), np.empty(n)
    for numbers in blocks_of(n):
        block = finite(features.rows(numbers), numbers, "training")
        if gamma is None:
            kernel[numbers] = block @ image
        block -= image
        squares[numbers] = np.einsum("ij,ij->i", block, block)
    return np.sqrt(squares), kernel if gamma is None else np.exp(-gamma * squares)


def _support(machines: KernelMachines) -> PairSupport:
    classes = machines.classes
    rows = [members[one.rows] for members, one in zip(classes.members, machines.support, strict=True)]
    duals = [one.duals[0, :, 0] for one in machines.support]
    order = np.argsort(np.concatenate(rows))
    return PairSupport(
        np.concatenate(rows)[order].astype(np.int32),
        np.concatenate(duals)[order].astype(np.float32),
        float(machines.intercepts[0, 0]),
    )
