"""A run's arrays, opened when they are needed and never copied whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing

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
        return self.store.artefact(stage, self.run.stages[stage])

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

    def predictions(self, C: float | None = None, fit: Artefact | None = None) -> Predictions:
        """Give the predictions at a C.

        Parameters
        ----------
        C : float, optional
            On the run's path; without it the run's own C.
        fit : Artefact, optional
            A live fit: a ``classifier`` artefact with one row; C is taken from it.

        Raises
        ------
        KeyError
            If C is off the run's path.
        """
        if fit is not None:
            return Predictions(float(fit.array("C")[0]), fit, 0, self.test_labels, self.train_labels)
        row = self.row_of(self.run.C if C is None else C)
        if row is None:
            raise KeyError(C)
        path = self.artefact("classifier")
        return Predictions(float(self.path_C[row]), path, row, self.test_labels, self.train_labels)

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
        others = [RunData(self.store, name) for name in self.store.run_names() if name != self.run.name]
        same = [run for run in others if run.run.stages.get("dataset") == self.run.stages.get("dataset")]
        ranked = [run for extractor in BASELINE_EXTRACTORS for run in same if run.extractor == extractor]
        return next((run for run in ranked if run.extractor != self.extractor), None)
