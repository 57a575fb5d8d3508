"""Every image judged by a machine that has not seen its label: ridge regression on all folds but its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compute import memory
from pipeline.compute.pool import ahead, one_blas_thread
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import ROWS_AT_ONCE, Rows, blocks_of, finite
from pipeline.labels.discriminants import discriminants
from pipeline.labels.landmarks import Landmarks

RIDGE = 0.3
"""Weight of the penalty. The kernel of a row with itself is 1."""
SOFTER = 0.7
"""Of the sharpness at which the values' softmax fits the labels best: doubts about all classes count then."""
SHARPEST = 100.0
"""Weight of what tells all labels apart, of values that spread by 1."""
CLASSES_AT_ONCE = 1000
"""Of some labellings together, to which machines are fitted at once."""
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
    margin : ndarray of float32, shape (labellings, n)
        By how much the given class's value exceeds the best other one's.
    """

    score: NDArray[np.float32]
    suggested: Labellings
    lead: NDArray[np.float32]
    margin: NDArray[np.float32]


def judge(
    rows: Rows, folds: NDArray[np.int16], labellings: Labellings, k: int, progress: Progress = silent
) -> Judgement:
    """Judge each image by the machine of the other folds: kernel ridge regression and discriminant analysis.

    One class against the rest, ridge regression gives a value for each class. Discriminant analysis of these values
    counts how far two classes scatter towards each other, too, which helps most where many images share a shape, and
    harms where a class has several. Both are weighed so that labels are as likely as can be. The Gram matrix of all
    images less that of a fold is that of the others: so all folds cost as much as two passes over the images, and
    further labellings of the same images little.

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
    SourceError
        If there is too little memory.
    Cancelled
        If ``progress`` raises it.

    References
    ----------
    Hastie, Buja, Tibshirani (1995), "Penalized Discriminant Analysis".
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
            np.empty(labellings.shape, np.float32),
        )
        self._kept: dict[int, NDArray[np.float32]] = {}
        self._at_once = max(1, CLASSES_AT_ONCE // k)

    def _bytes(self) -> tuple[int, int]:
        """Say what all of it takes, and what each fold takes that is judged at a time."""
        m, k = self._landmarks.count, self._k
        some = min(self._at_once, len(self._labellings))
        sums, gram, block = 4 * k * m * len(self._labellings), 4 * m**2, 4 * ROWS_AT_ONCE * m
        solving = 4 * k * m * 4 * some + max(gram, 8 * 4 * k**2 * some)
        return sums + 2 * gram, sums + gram + max(solving, gram + 3 * block)

    def judge(self, progress: Progress) -> Judgement:
        """Add up all folds, then judge one after the other."""
        n, done, (shared, each) = self._rows.shape[0], 0, self._bytes()
        memory.require("machines of all classes that judge their labels", shared + each)
        total = self._sums(len(self._labellings))
        every = [block for blocks in self._blocks for block in blocks]
        keep = 4 * n * self._landmarks.count < min(memory.available() // 2, memory.available() - each)
        for block, mapped in zip(every, ahead(self._map, every, most=3), strict=True):
            total.add(mapped, self._labellings[:, block])
            if keep:
                self._kept[int(block[0])] = mapped
            done += len(block)
            progress(done // 2, n, "images to judge")  # each is looked at twice
        self._weights = self._best_weights(total)
        folds = memory.threads(2, each)
        for count in ahead(lambda blocks: self._judge(total, blocks), self._blocks, most=folds):
            done += count
            progress(done // 2, n, "images to judge")  # each is looked at twice
        return self._found

    def _best_weights(self, total: _Sums) -> NDArray[np.float32]:
        """Find out how to weigh the first labelling's machines of both kinds, on the first folds."""
        values: list[NDArray[np.float32]] = []
        rows: list[NDArray[np.intp]] = []
        for blocks in self._blocks:
            if sum(map(len, rows)) >= SAMPLE:
                break
            both = _both(*self._learnt(total, blocks, 1))[:, 0]
            values += [self._map(block) @ both.swapaxes(1, 2) for block in blocks]
            rows += blocks
        return best_weights(np.concatenate(values, axis=1), self._labellings[0, np.concatenate(rows)])

    def _sums(self, labellings: int) -> _Sums:
        return _Sums(labellings, self._k, self._landmarks.count)

    def _map(self, block: NDArray[np.intp]) -> NDArray[np.float32]:
        kept = self._kept.get(int(block[0]))
        return self._landmarks.map(finite(self._rows.rows(block), block, "pooled")) if kept is None else kept

    def _learnt(
        self, total: _Sums, blocks: list[NDArray[np.intp]], labellings: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Add up the other folds: their Gram matrix, (m, m), and sums by class, float32 (labellings, k, m)."""
        own = self._sums(labellings)
        for block in blocks:
            own.add(self._map(block), self._labellings[:labellings, block])
        gram = np.subtract(total.gram, own.gram, out=own.gram)
        gram.flat[:: len(gram) + 1] += RIDGE
        return gram, np.subtract(total.by_class[:labellings], own.by_class, out=own.by_class)

    def _machines(self, total: _Sums, blocks: list[NDArray[np.intp]]) -> NDArray[np.float32]:
        """Fit the other folds, float32 (labellings, k, m): some at a time, as those of all classes are large."""
        gram, sums = self._learnt(total, blocks, len(self._labellings))
        for start in range(0, len(sums), self._at_once):
            part = slice(start, start + self._at_once)
            both = _both(gram, sums[part])
            sums[part] = np.tensordot(self._weights, both, axes=1)
        return sums

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
        found.score[number, block] = 1 - _softmax(SOFTER * values)[every, labels]
        values[every, labels] = -np.inf
        best = values.argmax(axis=1)
        found.suggested[number, block] = best
        found.margin[number, block] = margin = given - values[every, best]
        lead = highest[:, 1] - highest[:, 0]
        found.lead[number, block] = np.where(margin < 0, -lead, lead)


def _both(gram: NDArray[np.float32], sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fit machines of both kinds to sums by class, float32 (labellings, k, m): float32 (2, labellings, k, m)."""
    both = np.empty((2, *sums.shape), np.float32)
    both[0] = np.linalg.solve(gram, sums.reshape(-1, len(gram)).T).T.reshape(sums.shape)
    both[1] = discriminants(both[0], sums)
    return both


def best_weights(values: NDArray[np.float32], labels: NDArray[np.int32]) -> NDArray[np.float32]:
    """Give the weights with which the softmax of the sum of some values fits labels best, none below 0.

    Parameters
    ----------
    values : ndarray of float32, shape (c, n, k)
        Of c kinds, for each class.
    labels : ndarray of int32, shape (n,)
        0 to k - 1.

    Returns
    -------
    ndarray of float32, shape (c,)
        Weights.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks" (temperature scaling).
    """
    from scipy.optimize import minimize

    spread = values.std(axis=(1, 2)).astype(np.float64)
    spread[spread == 0] = 1
    scaled, every = values / spread[:, np.newaxis, np.newaxis], np.arange(len(labels))
    of_given = scaled[:, every, labels].mean(axis=1)

    def unlikely(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        chances = _softmax(np.tensordot(weights, scaled, axes=1))
        logarithms = np.log(np.maximum(chances[every, labels], 1e-300))
        return -float(logarithms.mean()), np.einsum("nk,cnk->c", chances, scaled) / len(labels) - of_given

    start, bounds = np.full(len(values), 0.5), [(0, SHARPEST)] * len(values)
    found = minimize(unlikely, start, jac=True, bounds=bounds, method="L-BFGS-B")
    weights: NDArray[np.float32] = (found.x / spread).astype(np.float32)
    return weights


def _softmax(values: NDArray[Any]) -> NDArray[Any]:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=1, keepdims=True)
    return shares
