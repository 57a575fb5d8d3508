"""A run's arrays, opened when they are needed and never copied whole."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing, StoreError
from pipeline.api import find_fit, with_map

BASELINE_EXTRACTORS = ("hog", "pixels")


@dataclass(frozen=True)
class Predictions:
    """Give what one fitted classifier says about the test split.

    Attributes
    ----------
    C : float
        The penalty it was fitted with.
    artefact : Artefact
        The ``classifier`` artefact: the run's path, or a live fit.
    row : int
        The artefact's row for this C: the first index of its arrays.
    test_labels, train_labels : ndarray of int16, shapes (n_test,), (n_train,)
        The true labels.
    """

    C: float
    artefact: Artefact
    row: int
    test_labels: NDArray[np.int16]
    train_labels: NDArray[np.int16]

    def _at_row(self, name: str) -> NDArray[Any]:
        return np.array(self.artefact.array(name)[self.row])

    @cached_property
    def predicted(self) -> NDArray[np.int16]:
        """Predicted label of each test image, int16 (n_test,)."""
        return self._at_row("predicted_label")

    @cached_property
    def runner_up(self) -> NDArray[np.int16]:
        """The second choice of each test image, int16 (n_test,)."""
        return self._at_row("runner_up_label")

    @cached_property
    def votes(self) -> NDArray[np.int16]:
        """Votes for the predicted label, out of k - 1, int16 (n_test,)."""
        return self._at_row("votes")

    @cached_property
    def runner_up_votes(self) -> NDArray[np.int16]:
        """Votes for the runner-up, int16 (n_test,)."""
        return self._at_row("runner_up_votes")

    @cached_property
    def margin(self) -> NDArray[np.float32]:
        """True class against its strongest rival, float32 (n_test,): negative is wrong, ±1 the SVM's edge."""
        return self._at_row("margin")

    @cached_property
    def runner_up_margin(self) -> NDArray[np.float32]:
        """Predicted class against the runner-up, float32 (n_test,): how sure, without the label."""
        return self._at_row("runner_up_margin")

    @cached_property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each test image's prediction is its true label, bool (n_test,)."""
        return np.equal(self.predicted, self.test_labels)

    @cached_property
    def n_correct(self) -> int:
        """Number of test images predicted right."""
        return int(self.correct.sum())

    @property
    def accuracy(self) -> float:
        """Share of the test images predicted right."""
        return self.n_correct / len(self.test_labels)

    @cached_property
    def train_accuracy(self) -> float:
        """Share of the training images predicted right."""
        return float(np.mean(self._at_row("train_predicted_label") == self.train_labels))

    def rows(self, true_label: int | None, predicted_label: int | None) -> NDArray[np.intp]:
        """List the test images of a true and a predicted class; None stands for every class.

        Returns
        -------
        ndarray of intp
            Rows of the test split, ascending.
        """
        chosen = np.ones(len(self.test_labels), dtype=bool)
        if true_label is not None:
            chosen &= self.test_labels == true_label
        if predicted_label is not None:
            chosen &= self.predicted == predicted_label
        return np.flatnonzero(chosen)


class RunData:
    """Give a run's artefacts and arrays; each is opened on first use.

    Small arrays (labels, ids) are kept. Images are mapped into memory and opened anew at each call,
    so that a file damaged meanwhile is noticed. Reading raises what `cache.Artefact` raises.

    Parameters
    ----------
    store : Store
        Where the artefacts are.
    name : str
        A run's name, one of ``store.run_names()``.
    """

    def __init__(self, store: Store, name: str) -> None:
        self.store = store
        self.run = store.run(name)
        self._opened: dict[str, Artefact] = {}

    def has(self, stage: str) -> bool:
        """Tell whether the run has a stage."""
        return stage in self.run.stages and self.store.has(stage, self.run.stages[stage])

    def artefact(self, stage: str) -> Artefact:
        """Open the artefact of one of the run's stages.

        Raises
        ------
        ArtefactMissing, ArtefactCorrupt, SchemaTooNew
            If the run has no such stage, or it cannot be read.
        """
        if stage not in self.run.stages:
            raise ArtefactMissing(
                f"Run {self.run.name} must have the stage {stage}. Got {', '.join(self.run.stages)}.",
                remedy=self.run.command or None,
            )
        if stage not in self._opened:
            self._opened[stage] = self.store.artefact(stage, self.run.stages[stage])
        return self._opened[stage]

    def laid_out(self, projection: Artefact) -> RunData:
        """Give the run as it is with another map; what is open already is shared."""
        other = copy(self)
        other.run = with_map(self.run, projection)
        kept = {stage: made for stage, made in self._opened.items() if stage != "faithfulness"}
        other._opened = {**kept, "projection": projection}
        return other

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class; labels index into it."""
        return tuple(str(name) for name in self.artefact("dataset").manifest.facts["class_names"])

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    @cached_property
    def test_labels(self) -> NDArray[np.int16]:
        """True labels of the test split, int16 (n_test,)."""
        return self.artefact("dataset").array("test_labels", mmap=False)

    @cached_property
    def train_labels(self) -> NDArray[np.int16]:
        """True labels of the training split, int16 (n_train,)."""
        return self.artefact("dataset").array("train_labels", mmap=False)

    @property
    def n_test(self) -> int:
        """Number of test images."""
        return len(self.test_labels)

    def test_ids(self, rows: NDArray[np.integer[Any]] | list[int]) -> list[str]:
        """Give the ids of some test images."""
        return [str(image_id) for image_id in self.artefact("dataset").array("test_ids")[rows]]

    def test_images(self, rows: NDArray[np.integer[Any]] | list[int]) -> NDArray[np.uint8]:
        """Give the pixels of some test images, uint8 (len(rows), h, w, c); a copy of these only."""
        return np.asarray(self.artefact("dataset").array("test_images")[rows])

    @cached_property
    def path_C(self) -> NDArray[np.float64]:
        """The penalties the run's classifier was fitted with, float64 (m,), ascending."""
        return self.artefact("classifier").array("C", mmap=False)

    def row_of(self, C: float) -> int | None:
        """Give the row of the run's path over C, or None if C is off the path."""
        close = np.flatnonzero(np.isclose(self.path_C, C, rtol=1e-9, atol=0))
        return int(close[0]) if len(close) else None

    def predictions(self, C: float | None = None) -> Predictions | None:
        """Find the predictions at a C: on the run's path, or a live fit.

        Parameters
        ----------
        C : float, optional
            Without it the run's own C, or the nearest on the path if that was not fitted.

        Returns
        -------
        Predictions or None
            None if no classifier was fitted with this C yet.
        """
        if C is None:
            return self.predictions(self.run.C) or self._on_path(self._nearest_row(self.run.C))
        row = self.row_of(C)
        if row is not None:
            return self._on_path(row)
        fit = find_fit(self.store, self.run, C)
        return None if fit is None else self._predictions(*fit)

    def _on_path(self, row: int) -> Predictions:
        return self._predictions(self.artefact("classifier"), row)

    def _predictions(self, artefact: Artefact, row: int) -> Predictions:
        C = float(artefact.array("C")[row])
        return Predictions(C, artefact, row, self.test_labels, self.train_labels)

    def _nearest_row(self, C: float) -> int:
        return int(np.argmin(np.abs(np.log(self.path_C) - np.log(C))))

    def neighbours(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Give the nearest test images of one test image in feature space.

        Returns
        -------
        indices : ndarray of int32, shape (20,)
            Rows of the test split, nearest first.
        distances : ndarray of float32, shape (20,)
            Euclidean.
        """
        artefact = self.artefact("neighbours")
        return np.array(artefact.array("indices")[row]), np.array(artefact.array("distances")[row])

    @property
    def projection(self) -> Artefact:
        """The ``projection`` artefact: ``test`` float32 (n_test, 2)."""
        return self.artefact("projection")

    @property
    def thumbnails(self) -> Artefact:
        """The ``thumbnails`` artefact: sheets of the test images."""
        return self.artefact("thumbnails")

    @property
    def extractor(self) -> str:
        """Name of the plug-in that made the features."""
        return self.artefact("features").manifest.plugin

    @property
    def stand_in(self) -> bool:
        """Whether the features come from a stand-in, not from the model whose name they bear."""
        return bool(self.artefact("features").manifest.facts.get("stand_in", False))

    def baseline(self) -> RunData | None:
        """Find a run of the same dataset with a simple extractor (HOG, else pixels), other than this one."""
        ranks = {run.extractor: run for run in reversed(self._siblings()) if run.extractor != self.extractor}
        return next((ranks[extractor] for extractor in BASELINE_EXTRACTORS if extractor in ranks), None)

    def _siblings(self) -> list[RunData]:
        """List the other readable runs of the same dataset."""
        found = []
        for name in self.store.run_names():
            with suppress(StoreError):  # a damaged sibling is its own page's trouble
                run = RunData(self.store, name)
                same = run.run.stages.get("dataset") == self.run.stages.get("dataset")
                if same and name != self.run.name and run.extractor:
                    found.append(run)
        return found


def default_run(store: Store, names: Sequence[str]) -> str:
    """Choose the run to start with: one that is no mere baseline, then the newest; damaged ones last.

    Parameters
    ----------
    store : Store
        Where the runs are.
    names : sequence of str
        At least one.
    """
    return max(names, key=lambda name: (*_prominence(store, name), name))


def _prominence(store: Store, name: str) -> tuple[int, str]:
    try:
        data = RunData(store, name)
        extractor = data.extractor
    except StoreError:
        return -1, ""
    rank = BASELINE_EXTRACTORS[::-1].index(extractor) if extractor in BASELINE_EXTRACTORS else 9
    return rank, data.run.created
