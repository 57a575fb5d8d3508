"""What one fitted classifier says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from pipeline.api import BY_ALL, Folds, Setting


@dataclass(frozen=True)
class Predictions:
    """Give what one fitted classifier says about the test split.

    Attributes
    ----------
    setting : Setting
        Which classifier it is, in full.
    artefact : Artefact
        The ``classifier`` artefact: the run's path, or a live fit.
    row : int
        The artefact's row for this setting: the first index of its arrays.
    test_labels, train_labels : ndarray of int16, shapes (n_test,), (n_train,)
        The true labels.
    """

    setting: Setting
    artefact: Artefact
    row: int
    test_labels: NDArray[np.int16]
    train_labels: NDArray[np.int16]

    @property
    def key(self) -> tuple[str, int]:
        """What tells its classifier from all others."""
        return self.artefact.digest, self.row

    @property
    def C(self) -> float:
        """The penalty it was fitted with."""
        return self.setting.C

    def _at_row(self, name: str) -> NDArray[Any]:
        return np.asarray(self.artefact.rows(name)[self.row])

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
        """Share of the training images it was fitted on that are predicted right."""
        return float(train_accuracies(self.artefact, self.train_labels)[self.row])


def untrained(predictions: Predictions, folds: Folds | None = None) -> list[int]:
    """List the classes whose test images are all judged by machines fitted on none of their class.

    Parameters
    ----------
    predictions : Predictions
        What the machines say.
    folds : Folds, optional
        Who judges whom; without it one machine all.
    """
    train, test = predictions.train_labels, predictions.test_labels
    rows = _trained_rows(predictions.artefact, len(train))
    if folds is None:
        return [int(label) for label in np.setdiff1d(test, train[rows])]
    known = {BY_ALL: train[rows], **{name: train[folds.train != name] for name in folds.names}}
    taught = [np.intersect1d(test[folds.test == name], labels) for name, labels in known.items()]
    return [int(label) for label in np.setdiff1d(test, np.concatenate(taught))]


def cell_rows(
    predictions: Predictions, true_label: int | None, predicted_label: int | None
) -> NDArray[np.intp]:
    """List the test images of a true and a predicted class; None stands for every class.

    Returns
    -------
    ndarray of intp
        Rows of the test split, ascending.
    """
    chosen = np.ones(len(predictions.test_labels), dtype=bool)
    if true_label is not None:
        chosen &= predictions.test_labels == true_label
    if predicted_label is not None:
        chosen &= predictions.predicted == predicted_label
    return np.flatnonzero(chosen)


def train_accuracies(classifier: Artefact, train_labels: NDArray[np.int16]) -> NDArray[np.float64]:
    """Give the share of the training images it was fitted on that a classifier has right, float64 (m,).

    Parameters
    ----------
    classifier : Artefact
        Of the stage ``classifier``.
    train_labels : ndarray of int16, shape (n_train,)
        True labels of the whole training split.
    """
    rows = _trained_rows(classifier, len(train_labels))
    predicted, labels = classifier.rows("train_predicted_label"), train_labels[rows]
    return np.array([np.mean(one[rows] == labels) for one in predicted])


def _trained_rows(classifier: Artefact, n_train: int) -> NDArray[np.integer[Any]]:
    """Give the rows of the training split that a classifier was fitted on; all where it names none."""
    named = "train_rows.npy" in classifier.manifest.files
    return classifier.array("train_rows") if named else np.arange(n_train)
