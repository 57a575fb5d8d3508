"""Every image judged by a machine that has not seen its label: ridge regression on all folds but its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compute import memory
from pipeline.compute.pool import ahead, one_blas_thread
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import Rows, blocks_of, finite
from pipeline.labels.landmarks import Landmarks

RIDGE = 1.0
"""Weight of the penalty. The kernel of a row with itself is 1."""
SOFTER = 0.5
"""Of the sharpness at which the values' softmax fits the labels best: doubts about all classes count then."""
SAMPLE = 1000
"""Images of which that is found out, at least, where there are so many."""

Labellings = NDArray[np.int32]


@dataclass(frozen=True)
class Judgement:
    """Hold what machines that have not seen an image's label say of it, for one labelling or several.

    Attributes
    ----------
    score : ndarray of float32, shape (labellings, n)
        What speaks against the given class, 0 to 1: the share that the others have of the softmax of the values.
    suggested : ndarray of int32, shape (labellings, n)
        The best other class.
    lead : ndarray of float32, shape (labellings, n)
        How sure the machine is: by how much the best class's value exceeds the second best's, with a minus where
        the best is not the given one.
    """

    score: NDArray[np.float32]
    suggested: Labellings
    lead: NDArray[np.float32]


def judge(
    rows: Rows, folds: NDArray[np.int16], labellings: Labellings, k: int, progress: Progress = silent
) -> Judgement:
    """Judge each image by the machine of the other folds: one-vs-rest ridge regression with an RBF kernel.

    The Gram matrix of all images less that of a fold is that of the others: so all folds cost as much as two passes
    over the images, and further labellings of the same images little.

    Parameters
    ----------
    rows : Rows
        Features, (n, d).
    folds : ndarray of int16, shape (n,)
        From 0.
    labellings : ndarray of int32, shape (labellings, n)
        Of each the labels of all images, 0 to k - 1; quick where they differ little from the first.
    k : int
        Classes.
    progress : Progress, optional
        Counts images twice.

    Raises
    ------
    InvalidParameter
        If a feature is not finite.
    Cancelled
        If ``progress`` raises it.
    """
    with one_blas_thread():
        return _Ridge(rows, folds, labellings, k).judge(progress)


class _Sums:
    """Add up what ridge regression needs to know of rows: their Gram matrix, and their sums by class."""

    def __init__(self, labellings: int, k: int, m: int) -> None:
        self.gram = np.zeros((m, m), np.float32)
        self.by_class = np.zeros((labellings, k, m), np.float32)

    def add(self, mapped: NDArray[np.float32], labels: Labellings) -> None:
        """Add mapped rows, float32 (b, m), with their labels, int32 (labellings, b)."""
        self.gram += mapped.T @ mapped
        order = np.argsort(labels[0], kind="stable")
        present, starts = np.unique(labels[0][order], return_index=True)
        sums = np.zeros_like(self.by_class[0])
        sums[present] = np.add.reduceat(mapped[order], starts, axis=0)
        self.by_class += sums
        for own, other in zip(self.by_class[1:], labels[1:], strict=True):
            changed = np.flatnonzero(other != labels[0])
            np.add.at(own, other[changed], mapped[changed])
            np.subtract.at(own, labels[0][changed], mapped[changed])


class _Ridge:
    def __init__(self, rows: Rows, folds: NDArray[np.int16], labellings: Labellings, k: int) -> None:
        self._rows, self._labellings, self._k = rows, labellings, k
        self._landmarks = Landmarks(rows)
        members = [np.flatnonzero(folds == fold) for fold in range(int(folds.max()) + 1)]
        self._blocks = [[some[part] for part in blocks_of(len(some))] for some in members]
        self._found = Judgement(
            np.empty(labellings.shape, np.float32),
            np.empty(labellings.shape, np.int32),
            np.empty(labellings.shape, np.float32),
        )
        self._kept: dict[int, NDArray[np.float32]] = {}

    def judge(self, progress: Progress) -> Judgement:
        """Add up all folds, then judge one after the other."""
        n, done = self._rows.shape[0], 0
        total = self._sums()
        every = [block for blocks in self._blocks for block in blocks]
        keep = 4 * n * self._landmarks.count < memory.available() // 2
        for block, mapped in zip(every, ahead(self._map, every, most=4), strict=True):
            total.add(mapped, self._labellings[:, block])
            if keep:
                self._kept[int(block[0])] = mapped
            done += len(block)
            progress(done // 2, n, "images to judge")  # each is looked at twice
        self._sharpness = SOFTER * self._sharpest(total)
        for count in ahead(lambda blocks: self._judge(total, blocks), self._blocks, most=2):
            done += count
            progress(done // 2, n, "images to judge")  # each is looked at twice
        return self._found

    def _sharpest(self, total: _Sums) -> float:
        """Find out how sharp the first labelling's machines are, on the first folds."""
        values: list[NDArray[np.float32]] = []
        rows: list[NDArray[np.intp]] = []
        for blocks in self._blocks:
            if sum(map(len, rows)) >= SAMPLE:
                break
            machine = self._machines(total, blocks)[0]
            values += [self._map(block) @ machine.T for block in blocks]
            rows += blocks
        return sharpness(np.concatenate(values), self._labellings[0, np.concatenate(rows)])

    def _sums(self) -> _Sums:
        return _Sums(len(self._labellings), self._k, self._landmarks.count)

    def _map(self, block: NDArray[np.intp]) -> NDArray[np.float32]:
        kept = self._kept.get(int(block[0]))
        return self._landmarks.map(finite(self._rows.rows(block), block, "pooled")) if kept is None else kept

    def _machines(self, total: _Sums, blocks: list[NDArray[np.intp]]) -> NDArray[np.float32]:
        """Fit the other folds: float32 (labellings, k, ``count`` of landmarks)."""
        own = self._sums()
        for block in blocks:
            own.add(self._map(block), self._labellings[:, block])
        gram = total.gram - own.gram
        gram.flat[:: len(gram) + 1] += RIDGE
        sums = total.by_class - own.by_class
        machines: NDArray[np.float32] = np.linalg.solve(gram, sums.reshape(-1, len(gram)).T).T
        return machines.reshape(sums.shape)

    def _judge(self, total: _Sums, blocks: list[NDArray[np.intp]]) -> int:
        """Judge a fold by the machines of the others; give how many images it has."""
        machines = self._machines(total, blocks)
        for block in blocks:
            mapped = self._map(block)
            for number, (labels, machine) in enumerate(zip(self._labellings, machines, strict=True)):
                self._note(number, block, mapped @ machine.T, labels[block])
        return sum(map(len, blocks))

    def _note(
        self, number: int, block: NDArray[np.intp], values: NDArray[np.float32], labels: NDArray[np.int32]
    ) -> None:
        """Note what a labelling's machine says of a block's images, by its values for each class, (b, k)."""
        every, found = np.arange(len(labels)), self._found
        highest = np.partition(values, -2, axis=1)[:, -2:]
        given = values[every, labels].copy()
        found.score[number, block] = 1 - _softmax(self._sharpness * values)[every, labels]
        values[every, labels] = -np.inf
        best = values.argmax(axis=1)
        found.suggested[number, block] = best
        lead = highest[:, 1] - highest[:, 0]
        found.lead[number, block] = np.where(values[every, best] > given, -lead, lead)


def sharpness(values: NDArray[np.float32], labels: NDArray[np.int32]) -> float:
    """Give the factor by which the softmax of values fits labels best, 0.1 to 100.

    Parameters
    ----------
    values : ndarray of float32, shape (n, k)
        For each class.
    labels : ndarray of int32, shape (n,)
        0 to k - 1.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks" (temperature scaling).
    """
    from scipy.optimize import minimize_scalar

    every = np.arange(len(labels))

    def unlikely(logarithm: float) -> float:
        chances = _softmax(np.exp(logarithm) * values.astype(np.float64))[every, labels]
        return -float(np.log(np.maximum(chances, 1e-300)).mean())

    found = minimize_scalar(unlikely, bounds=(np.log(0.1), np.log(100)), method="bounded")
    return float(np.exp(found.x))


def _softmax(values: NDArray[Any]) -> NDArray[Any]:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=1, keepdims=True)
    return shares
