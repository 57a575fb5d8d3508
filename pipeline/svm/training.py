"""The training rows as machines are fitted to them: all, or parts, with what each part leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.compute.progress import Progress
from pipeline.compute.rows import Rows, as_rows
from pipeline.svm.by_class import ByClass, Subset, group_by_class
from pipeline.svm.gram import Gram
from pipeline.svm.kernels import RBF, rbf
from pipeline.svm.solvers.choose import Solved, fits_at_once, require_memory, solve
from pipeline.svm.solvers.one_vs_one import Hard


@dataclass(frozen=True)
class Piece:
    """Hold some of the fits: the number of the part that each of the machines was fitted to, and which penalties."""

    parts: list[int]
    Cs: slice
    solved: Solved


@dataclass(frozen=True)
class Training:
    """Hold the training rows.

    Attributes
    ----------
    rows : Rows
        As they were given: what fitted machines judge.
    classes : ByClass
        What machines are fitted to: the same, or centred by the kernel.
    kernel : RBF or None
        What compares rows; None for inner products.
    """

    rows: Rows
    classes: ByClass
    kernel: RBF | None

    def part(self, per_class: int | None) -> Training:
        """Give a random part of each class; all of it with None."""
        return replace(self, classes=self.classes.part(per_class))

    def fit(
        self,
        Cs: Sequence[float],
        progress: Progress,
        gram: Gram | None = None,
        parts: Sequence[Subset] | None = None,
        *,
        join: bool = False,
    ) -> Solved:
        """Fit parts of the rows, all of them once unless given; parameters and errors as `solve`."""
        return solve(self.classes, Cs, progress, gram, parts, self.kernel, join=join)

    def pieces(
        self,
        Cs: Sequence[float],
        progress: Progress,
        gram: Gram | None = None,
        parts: Sequence[Subset] | None = None,
    ) -> Iterator[Piece]:
        """Fit as `fit` does, as many fits at a time as the memory holds; a part may lack classes.

        Raises
        ------
        SourceError
            If there is no memory for one at a time.
        """
        require_memory(self.classes)
        wanted = [self.classes.everything()] if parts is None else parts
        done, total = 0, len(wanted) * len(Cs)
        for numbers, rows, theirs in self.by_classes(wanted):
            counted = _share(progress, done, len(theirs) * len(Cs), total)
            own = gram if rows is self else None
            for piece in rows._pieces(Cs, counted, own, theirs):
                yield replace(piece, parts=[numbers[part] for part in piece.parts])
            done += len(theirs) * len(Cs)

    def _pieces(
        self, Cs: Sequence[float], progress: Progress, gram: Gram | None, parts: Sequence[Subset]
    ) -> Iterator[Piece]:
        """Fit parts that have rows of every class."""
        at_once = fits_at_once(self.classes, self.kernel)
        some, hard = min(len(parts), at_once), Hard({})
        for f in range(0, len(parts), some):
            for i in range(0, len(Cs), at_once // some):
                numbers, path = list(range(len(parts)))[f : f + some], slice(i, i + at_once // some)
                before = f * len(Cs) + i * len(numbers)
                counted = _share(progress, before, len(numbers) * len(Cs[path]), len(parts) * len(Cs))
                known, theirs = replace(hard, is_open=f == 0), parts[f : f + some]
                solved = solve(self.classes, Cs[path], counted, gram, theirs, self.kernel, known)
                yield Piece(numbers, path, solved)

    def by_classes(self, parts: Sequence[Subset]) -> Iterator[tuple[list[int], Training, Sequence[Subset]]]:
        """Give parts that have rows of the same classes together, by their numbers; mostly those are all."""
        found: dict[tuple[int, ...], list[int]] = {}
        for number, part in enumerate(parts):
            there = tuple(c for c, rows in enumerate(part) if rows.any())
            found.setdefault(there, []).append(number)
        for there, numbers in found.items():
            whole = len(there) == len(self.classes.present)
            rows = self if whole else replace(self, classes=self.classes.of(there))
            yield numbers, rows, [[parts[number][c] for c in there] for number in numbers]


def _share(progress: Progress, before: int, fits: int, all_fits: int) -> Progress:
    """Count some fits among all, of which so many are done."""

    def report(done: int, total: int, what: str) -> None:
        one = total // fits
        progress(before * one + done, all_fits * one, what)

    return report


def training(
    features: NDArray[np.float32] | Rows, labels: NDArray[np.integer], gamma: float | str | None
) -> Training:
    """Group training rows by class, and make them ready for a kernel.

    Parameters
    ----------
    features : ndarray of float32, shape (n, d), or Rows
        Features.
    labels : ndarray of int, shape (n,)
        Labels.
    gamma : float, "scale" or None
        Of the radial basis function kernel; None for inner products.

    Raises
    ------
    InvalidParameter
        If there are fewer than two classes, or not one label a row.
    """
    rows = as_rows(features)
    kernel = None if gamma is None else rbf(rows, gamma)
    return Training(rows, group_by_class(kernel.centred if kernel else rows, labels), kernel)
