"""One number for every image of both splits, and who has learnt from whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cache import Artefact
from pipeline.stages.evaluation import folds_of, splits_of, train_in_test
from pipeline.svm.out_of_fold import BY_ALL


@dataclass(frozen=True)
class Numbering:
    """Number the images of a data set: training images and then test images.

    Where the training images are some of the test images, none is numbered twice: numbers are rows of the test split.

    Attributes
    ----------
    splits : tuple of str
        Whose rows are numbered, one split after the other.
    labels : ndarray of int16, shape (n,)
        -1 without a class.
    ids : ndarray of str, shape (n,)
    train, test : ndarray of intp, shape (n_train,), (n_test,)
        The number of each training and each test image.
    held_out : ndarray of int16, shape (n,)
        Which fold's images the machines that judge an image have not learnt from; `BY_ALL`: they have from all.
    fold : ndarray of int16, shape (n,)
        The fold of a training image; of one that is in none, another number below 0.
    """

    splits: tuple[str, ...]
    labels: NDArray[np.int16]
    ids: NDArray[np.str_]
    train: NDArray[np.intp]
    test: NDArray[np.intp]
    held_out: NDArray[np.int16]
    fold: NDArray[np.int16]

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.labels)

    @classmethod
    def of(cls, dataset: Artefact) -> Numbering:
        """Give the numbers of a data set's images."""
        part, splits = train_in_test(dataset), tuple(reversed(splits_of(dataset)))
        labels, ids = (
            np.concatenate([dataset.array(f"{split}_{name}") for split in splits])
            for name in ("labels", "ids")
        )
        n_train, n_test = dataset.manifest.dims["n_train"], dataset.manifest.dims["n_test"]
        train = np.arange(n_train) if part is None else np.arange(part.start, part.stop)
        test = np.arange(n_test) + (n_train if part is None else 0)
        held_out, fold = np.full(len(labels), BY_ALL, np.int16), np.full(len(labels), BY_ALL - 1, np.int16)
        folds = folds_of(dataset)
        if folds is not None:
            held_out[test], fold[train] = folds.test, folds.train
        return cls(splits, labels, ids, train, test, held_out, fold)

    def split_of(self, number: int) -> str:
        """Name the split of an image: "train", "test", or "both"."""
        learnt, judged = (number in range(rows[0], rows[-1] + 1) for rows in (self.train, self.test))
        return "both" if learnt and judged else "train" if learnt else "test"

    @property
    def is_learnt_from(self) -> NDArray[np.bool_]:
        """Whether machines learn from an image, bool (n,)."""
        found = np.zeros(self.n, np.bool_)
        found[self.train] = True
        return found
