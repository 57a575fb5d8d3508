"""What every source of images is: what it gives, and which of its images teach, are judged and are shown."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from cache.commands import Again
from pipeline.compute.forest import Groups
from pipeline.compute.near_duplicates import grids_of, in_company, near_duplicates
from pipeline.compute.progress import Progress, silent
from pipeline.errors import SourceError
from pipeline.inputs.datasets import missing_for_a_classifier
from pipeline.plugins.options import option
from pipeline.plugins.parameters import check_choice, check_count, reject
from pipeline.plugins.plugin import Plugin
from pipeline.stages.contract import Inputs, Stage
from pipeline.stages.evaluation import FOLDS, HOLDOUT, SPLIT, Assignment, Evaluation
from pipeline.stages.images import as_picture

if TYPE_CHECKING:
    from pipeline.inputs.datasets import Dataset


@dataclass(frozen=True, kw_only=True)
class Source(Plugin, Stage):
    """Give labelled images, and say which machines learn from, and which are judged and shown.

    Parameters
    ----------
    evaluation : str, optional
        "split": as the source says; "folds": every image is judged by a classifier that did not learn from it;
        "holdout": a part is held out by chance. Without it, "split" where the source gives one, else "folds".
    test_size : float
        Share of each class that "holdout" holds out.
    folds : int
        How many parts are held out in turn.
    seed : int
        Of the choice of folds and of what is held out.
    explore : str
        "all": training images are judged and shown too, out of fold.

    Attributes
    ----------
    EXTRACTOR : str
        What describes its images where nobody chooses.

    Raises
    ------
    InvalidParameter
        If a parameter is not allowed.
    """

    KIND: ClassVar[str] = "source"
    STAGE: ClassVar[str] = "dataset"
    EXTRACTOR: ClassVar[str] = "hog"

    evaluation: Literal["split", "folds", "holdout"] | None = option(
        None, "how images are judged: by the source's split where it has one, else out of fold"
    )
    test_size: float = option(0.25, "share of each class that holdout holds out")
    folds: int = option(5, "parts that are held out in turn, near-duplicates together")
    seed: int = option(0, "seed of folds and of what is held out")
    explore: Literal["test", "all"] = option("test", "all: judge and show training images too, out of fold")

    def __post_init__(self) -> None:
        if self.evaluation is not None:
            check_choice("evaluation", self.NAME, self.evaluation, (SPLIT, FOLDS, HOLDOUT))
        if not (isinstance(self.test_size, float) and 0 < self.test_size < 1):
            raise reject("test_size", self.NAME, "a number between 0 and 1", self.test_size)
        check_count("folds", self.NAME, self.folds, 2, 100)
        check_count("seed", self.NAME, self.seed, 0, 2**32 - 1)
        check_choice("explore", self.NAME, self.explore, ("test", "all"))

    @abstractmethod
    def content(self) -> dict[str, object]:
        """Give what changes the images and their labels, as JSON: files by their digests, never by their paths."""

    @property
    @abstractmethod
    def has_split(self) -> bool:
        """Whether it says itself which images are to be tested on."""

    def identity(self) -> dict[str, object]:
        """Give what changes the result: the content, and how images are judged."""
        return {**self.content(), **self.judging().identity()}

    def judging(self) -> Evaluation:
        """Say how its images are judged.

        Raises
        ------
        SourceError
            If that is to be as the source says, which does not say it.
        """
        way = self.evaluation or (SPLIT if self.has_split else FOLDS)
        if way == SPLIT and not self.has_split:
            raise SourceError(
                f"evaluation of {self.NAME} must be folds or holdout where nothing says which images to test on. "
                "Got split.",
                remedy=Again({"--evaluation": None}),
            )
        return Evaluation(way, self.test_size, self.folds, self.seed, self.explore == "all" and way != FOLDS)

    def assign(
        self,
        draft: Draft,
        labels: NDArray[np.int16],
        ids: NDArray[np.str_],
        is_test: NDArray[np.bool_] | None,
        groups: Callable[[], Groups],
    ) -> Assignment:
        """Put each image where it belongs, and write labels, names and folds.

        Parameters
        ----------
        draft : Draft
            Of the data set; its facts should be there.
        labels : ndarray of int16, shape (n,)
            Of all images.
        ids : ndarray of str, shape (n,)
            Their names.
        is_test : ndarray of bool, shape (n,), or None
            Which of them the source says to test on, if it does.
        groups : callable
            Finds near-duplicates: gives a number for each image, intp (n,). Called where images are dealt.

        Returns
        -------
        Assignment
            Rows of the images of each split.
        """
        judging, alone = self.judging(), np.arange(len(labels))
        missing = missing_for_a_classifier(labels, draft.facts["class_names"])
        found = groups() if judging.needs_groups and not missing else alone
        assigned = Assignment.without_judge(len(labels))
        if not missing:
            dealt = judging.assign(labels, is_test, found)
            missing = dealt.lacks(labels, draft.facts["class_names"])
            assigned = assigned if missing else dealt
        assigned.save(draft, labels, ids)
        draft.facts.update(assigned.facts())
        if missing:
            draft.facts["no_classifier"] = missing
        elif judging.needs_groups:
            draft.facts.update(near_duplicates=in_company(found), **judging.facts())
        return assigned

    @property
    def place(self) -> Path | None:
        """The folder of the files that the data set refers to; None where the store has its pixels."""
        return None


@dataclass(frozen=True, kw_only=True)
class PixelSource(Source):
    """Give images of one size, few enough that the store can keep their pixels."""

    @abstractmethod
    def load(self, progress: Progress = silent) -> Dataset:
        """Read both splits."""

    @property
    def has_split(self) -> bool:
        """Whether it says which images are to be tested on: it gives two splits."""
        return True

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write the images, labels and names of both splits."""
        self.require_packages()
        dataset = self.load(progress)
        draft.facts.update(dataset.facts, class_names=list(dataset.class_names))
        labels, ids = (
            np.concatenate([getattr(dataset.train, name), getattr(dataset.test, name)])
            for name in ("labels", "ids")
        )
        is_test = np.arange(len(labels)) >= len(dataset.train) if dataset.has_split else None

        def groups() -> Groups:
            images = dataset.images(np.arange(len(labels)))
            return near_duplicates(
                grids_of(len(images), lambda row: as_picture(images[row]), progress), progress
            )

        assigned = self.assign(draft, labels, ids, is_test, groups)
        draft.save("test_images", dataset.images(assigned.test))
        if assigned.train_in_test is None:
            draft.save("train_images", dataset.images(assigned.train))
