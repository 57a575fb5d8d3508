"""Which images machines learn from, which are judged and shown, and which machine judges which image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from cache.arrays import StoredArray
from cache.counting import counted
from pipeline.compute.folds import deal
from pipeline.inputs.datasets import missing_for_a_classifier
from pipeline.svm.out_of_fold import BY_ALL, Folds

SPLIT, FOLDS, HOLDOUT = "split", "folds", "holdout"
FoldNumbers = NDArray[np.int16]
Labels = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Evaluation:
    """Say how images are judged, all that is left out said.

    Attributes
    ----------
    way : str
        "split": as the source says; "holdout": a part is held out by chance; "folds": each image is held out once.
    test_size : float
        Share of each class that is held out.
    folds : int
        How many.
    seed : int
        Of both.
    explore_all : bool
        Whether training images are judged and shown too, out of fold.
    """

    way: str
    test_size: float
    folds: int
    seed: int
    explore_all: bool

    def identity(self) -> dict[str, object]:
        """Give what changes the result: nothing, where a source's split is shown as it is."""
        if self.way == FOLDS:
            return {"evaluation": FOLDS, "folds": self.folds, "seed": self.seed}
        held = {"evaluation": HOLDOUT, "test_size": self.test_size} if self.way == HOLDOUT else {}
        every = {"explore": "all", "folds": self.folds} if self.explore_all else {}
        return {**held, **every, **({"seed": self.seed} if held or every else {})}

    @property
    def needs_groups(self) -> bool:
        """Whether images are dealt, so that near-duplicates have to stay together."""
        return self.way != SPLIT or self.explore_all

    def assign(
        self, labels: Labels, is_test: NDArray[np.bool_] | None, groups: NDArray[np.intp]
    ) -> Assignment:
        """Put each image where it belongs.

        Parameters
        ----------
        labels : ndarray of int, shape (n,)
            Of all images of a source.
        is_test : ndarray of bool, shape (n,), or None
            The source's split, if it has one; only for "split".
        groups : ndarray of intp, shape (n,)
            Near-duplicates have one number. Not looked at where nothing is dealt.
        """
        everything = np.arange(len(labels))
        if self.way == FOLDS:
            folds = self._deal(labels, groups)
            return Assignment(everything, everything, folds, folds, (0, len(labels)))
        if self.way == HOLDOUT:
            held = deal(labels, groups, (1 - self.test_size, self.test_size), self.seed) == 1
        else:
            held = np.zeros(len(labels), np.bool_) if is_test is None else is_test
        train, test = np.flatnonzero(~held), np.flatnonzero(held)
        if not self.explore_all:
            return Assignment(train, test)
        folds = self._deal(labels[train], groups[train])
        judged_by = np.concatenate([np.full(len(test), BY_ALL, np.int16), folds])
        shown = np.concatenate([test, train])
        return Assignment(train, shown, folds, judged_by, (len(test), len(shown)))

    def _deal(self, labels: Labels, groups: NDArray[np.intp]) -> FoldNumbers:
        return deal(labels, groups, (1 / self.folds,) * self.folds, self.seed)

    def facts(self) -> dict[str, Any]:
        """Say for people how images were dealt; nothing of a source's own split."""
        held = f"{self.test_size:g} of each class held out, seed {self.seed}"
        words = {FOLDS: f"{counted(self.folds, 'fold')}, seed {self.seed}", HOLDOUT: held}
        return {"split": words[self.way]} if self.way in words else {}


@dataclass(frozen=True)
class Assignment:
    """Hold rows of all images: those that teach, and those that are judged and shown.

    Attributes
    ----------
    train, test : ndarray of intp
        Rows among all images.
    train_folds, test_folds : ndarray of int16 or None
        The fold of each; `BY_ALL` for a test image that no fold holds out. None where there are no folds.
    train_in_test : (int, int) or None
        Where the training images are among the test images, if they are.
    """

    train: NDArray[np.intp]
    test: NDArray[np.intp]
    train_folds: FoldNumbers | None = None
    test_folds: FoldNumbers | None = None
    train_in_test: tuple[int, int] | None = None

    @classmethod
    def without_judge(cls, n: int) -> Assignment:
        """Show all of ``n`` images, where nothing can be learnt from them."""
        return cls(np.arange(n), np.arange(n), train_in_test=(0, n))

    def lacks(self, labels: Labels, class_names: Sequence[str]) -> str:
        """Say what keeps some images from being judged by a machine of two classes or more; empty if nothing does.

        Parameters
        ----------
        labels : ndarray of int, shape (n,)
            Of all images.
        class_names : sequence of str
            Names of the classes.
        """
        if not len(self.test):
            return "A classifier needs images to be tested on. The split to test on has none."
        learnt, folds = labels[self.train], self.train_folds
        if folds is None:
            return missing_for_a_classifier(np.repeat(learnt, 2), class_names)  # one of each class is enough
        if min(len(np.unique(learnt[folds != fold])) for fold in np.unique(folds)) < 2:
            return (
                "A classifier needs images of two classes to learn from, whichever are held out. "
                "Those of all classes but one are near-duplicates of one another."
            )
        return ""

    def save(self, draft: Draft, labels: Labels, ids: NDArray[np.str_]) -> None:
        """Write labels, names and folds of both splits, given those of all images."""
        for split, rows, folds in (
            ("train", self.train, self.train_folds),
            ("test", self.test, self.test_folds),
        ):
            draft.save(f"{split}_labels", labels[rows].astype(np.int16))
            draft.save(f"{split}_ids", ids[rows])
            if folds is not None:
                draft.save(f"{split}_folds", folds)

    def save_rows(self, draft: Draft) -> None:
        """Write which picture each image of both splits is."""
        for split, rows in (("train", self.train), ("test", self.test)):
            draft.save(f"{split}_rows", rows.astype(np.int32))

    def facts(self) -> dict[str, Any]:
        """Give what readers rely on, and what people should know."""
        part, folds = self.train_in_test, self.train_folds
        return {
            **({} if part is None else {"train_in_test": list(part)}),
            **({} if folds is None else {"folds": len(np.unique(folds))}),
        }


@dataclass(frozen=True)
class Judged:
    """Say how the images of a data set are judged.

    Attributes
    ----------
    folds : int
        How many parts were held out in turn; 0 where none was.
    n_test : int
        Images that are judged.
    n_out_of_fold : int
        Those of them that machines learn from, too: each is judged by one that was fitted without its fold.
    is_apart : bool
        Whether no image is in both splits.
    near_duplicates : int
        Images that share a fold with one that is nearly the same.
    """

    folds: int
    n_test: int
    n_out_of_fold: int
    near_duplicates: int
    is_apart: bool = True

    @property
    def noun(self) -> str:
        """What an image is called that was judged: a test image, if none of them was learnt from."""
        return "test image" if self.is_apart else "image"

    @property
    def n_by_all(self) -> int:
        """Images that are judged by machines fitted on all training images."""
        return self.n_test - self.n_out_of_fold

    @classmethod
    def of(cls, dataset: Artefact) -> Judged:
        """Read it from a data set."""
        manifest, folds = dataset.manifest, folds_of(dataset)
        held = np.empty(0) if folds is None else folds.test[folds.test != BY_ALL]
        alike = manifest.facts.get("near_duplicates")
        return cls(
            folds=len(np.unique(held)),
            n_test=manifest.dims["n_test"],
            n_out_of_fold=len(held),
            near_duplicates=alike if isinstance(alike, int) else 0,
            is_apart=train_in_test(dataset) is None,
        )


def folds_of(dataset: Artefact) -> Folds | None:
    """Give the folds of a data set; None where it has none: no image that is judged is learnt from."""
    if "test_folds.npy" not in dataset.manifest.files:
        return None
    return Folds(dataset.array("train_folds"), dataset.array("test_folds"))


def features_of(features: Artefact, dataset: Artefact, split: str) -> StoredArray | NDArray[np.float32]:
    """Give the features of a split, float32 (n, d), to be read: training images may be some of the test images.

    Raises
    ------
    ArtefactCorrupt
        If they are not there.
    """
    part = train_in_test(dataset)
    if split == "train" and part is not None:
        return features.rows("test").part(part)
    return features.rows(split)


def train_in_test(dataset: Artefact) -> slice | None:
    """Give the rows of the test split that are the training images; None where these are others."""
    found = dataset.manifest.facts.get("train_in_test")
    return None if found is None else slice(*found)


def splits_of(dataset: Artefact) -> tuple[str, ...]:
    """Name the splits that have images of their own."""
    return ("test", "train") if train_in_test(dataset) is None else ("test",)
