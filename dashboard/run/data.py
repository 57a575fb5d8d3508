"""A run's arrays, opened when they are needed and never copied whole."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import suppress
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Store
from cache.artefact import Artefact
from cache.commands import Command
from cache.consistency import check_inputs
from cache.errors import ArtefactMissing
from dashboard.run.predictions import Predictions
from dashboard.run.shared import shared
from dashboard.run.whole import DAMAGE, tell_damage
from dashboard.wording.escaping import shown
from pipeline.api import (
    PALETTE,
    Asked,
    Folds,
    Judged,
    RunSettings,
    Setting,
    find_fit,
    folds_of,
    original_of,
    row_of,
    setting_of,
    thumbnails_of,
    with_map,
)

Rows = NDArray[np.integer[Any]] | Sequence[int]
LONGEST = 400
"""Letters of a sentence that a data set says."""
BYTES_AN_IMAGE, KEPT = 18, 16_000_000
"""Bytes of what a classifier says of one, and of what classifiers said that are kept."""


class RunData:
    """Give a run's artefacts and arrays; each is opened on first use.

    Labels are kept. Images are read when they are asked for, from a file that is opened anew,
    so that one damaged meanwhile is noticed. Reading raises what `cache.Artefact` raises.

    Parameters
    ----------
    store : Store
        Where the artefacts are.
    name : str
        A run's name, one of ``store.run_names()``.

    Attributes
    ----------
    key : hashable
        What tells it from other runs: where it is, and all that its file says.
    """

    def __init__(self, store: Store, name: str) -> None:
        self.store = store
        self.run = store.run(name)
        self.key: Hashable = (*map(str, store.roots), self.run.content)
        self._opened: dict[str, Artefact] = {}

    def has(self, stage: str) -> bool:
        """Tell whether the run has a stage."""
        return stage in self.run.stages and self.store.has(stage, self.run.stages[stage])

    def artefact(self, stage: str) -> Artefact:
        """Open the artefact of one of the run's stages.

        Raises
        ------
        ArtefactMissing, ArtefactCorrupt, SchemaTooNew
            If the run has no such stage, it cannot be read, or it was made from others than the run's.
        """
        if stage not in self.run.stages:
            raise ArtefactMissing(
                f"Run {self.run.name} must have the stage {stage}. Got {', '.join(self.run.stages)}.",
                remedy=Command(self.run.command) if self.run.command else None,
            )
        if stage not in self._opened:
            found = self.store.artefact(stage, self.run.stages[stage])
            check_inputs(self.store, self.run, found)
            self._opened[stage] = found
        return self._opened[stage]

    def laid_out(self, projection: Artefact) -> RunData:
        """Give the run as it is with another map; what is open already is shared."""
        other = copy(self)
        other.run = with_map(self.run, projection)
        other.key = (self.key, projection.key)
        kept = {stage: made for stage, made in self._opened.items() if stage != "faithfulness"}
        other._opened = {**kept, "projection": projection}
        return other

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class; labels index into it."""
        return tuple(
            shown(str(name)) or "(no name)" for name in self.artefact("dataset").manifest.facts["class_names"]
        )

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    @cached_property
    def test_labels(self) -> NDArray[np.int16]:
        """True labels of the test split, int16 (n_test,)."""
        return self.artefact("dataset").array("test_labels")

    @cached_property
    def train_labels(self) -> NDArray[np.int16]:
        """True labels of the training split, int16 (n_train,)."""
        return self.artefact("dataset").array("train_labels")

    @cached_property
    def _judged(self) -> Judged:
        return Judged.of(self.artefact("dataset"))

    @property
    def n_test(self) -> int:
        """Number of test images."""
        return len(self.test_labels)

    @cached_property
    def settings(self) -> RunSettings:
        """What is asked for of this run, and full settings, translated into each other."""
        return RunSettings.of(self.run, self.artefact("classifier"), self.artefact("dataset"))

    @property
    def own_predictions(self) -> Predictions:
        """The predictions at the run's own setting, or at the nearest C on the path if that was not fitted."""
        return self.predictions(self.settings.own) or self._nearest()

    def look_up(self, asked: Asked) -> tuple[Setting, Predictions | None]:
        """Resolve what is asked for, and find what was fitted so: the run's own where nothing is asked.

        Returns
        -------
        setting : Setting
            In full.
        predictions : Predictions or None
            None if no classifier was fitted with this setting yet.

        Raises
        ------
        InvalidParameter
            If there can be no such classifier.
        """
        if asked == Asked():
            own = self.own_predictions
            return own.setting, own
        setting = self.settings.resolve(asked)
        return setting, self.predictions(setting)

    def predictions(self, setting: Setting) -> Predictions | None:
        """Find the predictions at a setting: on the run's path, or a live fit.

        Parameters
        ----------
        setting : Setting
            In full.

        Returns
        -------
        Predictions or None
            None if no classifier was fitted with this setting yet.

        Raises
        ------
        InvalidParameter
            If there can be no such classifier.
        """
        path = self.artefact("classifier")
        row = row_of(path, setting)
        fit = find_fit(self.store, self.run, setting) if row is None else (path, row)
        return None if fit is None else self._predictions(*fit)

    def _nearest(self) -> Predictions:
        path = self.artefact("classifier")
        return self._predictions(path, int(np.argmin(np.abs(np.log(path.array("C")) - np.log(self.run.C)))))

    def _predictions(self, artefact: Artefact, row: int) -> Predictions:
        return _said_by(artefact, row, self)


@shared(
    lambda path, row, data: (path.folder, path.digest, row, data.artefact("dataset").digest),
    KEPT,
    lambda said: BYTES_AN_IMAGE * len(said.test_labels),
)
def _said_by(path: Artefact, row: int, data: RunData) -> Predictions:
    """Give what a classifier says; its arrays are read once for all sessions."""
    return Predictions(setting_of(path, row), path, row, data.test_labels, data.train_labels)


def lacks(data: RunData, stage: str) -> bool:
    """Tell whether a stage is not there and need not be: the run has none, or is still being made."""
    expected = data.run.finished and stage in data.run.stages
    return not expected and not data.has(stage)


def why_no_classifier(data: RunData) -> str:
    """Say why no classifier can be learnt from a run's images, in a sentence; empty where one can."""
    return shown(str(data.artefact("dataset").manifest.facts.get("no_classifier") or ""))[:LONGEST]


def class_name(data: RunData, label: int) -> str:
    """Give the name of a label's class; an image without a class has a label below 0."""
    return data.class_names[label] if label >= 0 else "no class"


def colours_of(data: RunData) -> list[str]:
    """Give each class its colour, ``#RRGGBB``: as stored with the run, else the palette's from its beginning.

    Where those that are stored are damaged, or of other classes, they are as if they were not there, and the viewer is
    told.
    """
    if data.has("colours"):
        with suppress(*DAMAGE):
            stored = _stored_colours(data.artefact("colours"))
            if len(stored) == data.n_classes:
                return list(stored)
        tell_damage("colours")
    return [PALETTE[label % len(PALETTE)] for label in range(data.n_classes)]


@shared(lambda colours: (colours.folder, colours.digest))
def _stored_colours(colours: Artefact) -> tuple[str, ...]:
    return tuple(f"#{colour.tobytes().hex().upper()}" for colour in colours.array("colours"))


def judged_of(data: RunData) -> Judged:
    """Say how a run's images were judged."""
    return data._judged


def folds_in(data: RunData) -> Folds | None:
    """Tell which images are held out together; None where none of those that are judged is learnt from."""
    return folds_of(data.artefact("dataset"))


def most_taught(data: RunData) -> int:
    """Count the images of the largest class that a machine may learn from: all but a fold, where folds are held out."""
    folds, labels = folds_in(data), data.train_labels
    parts = [labels] if folds is None else [labels[folds.train != name] for name in folds.names]
    return max(int(np.bincount(part).max(initial=0)) for part in parts)


def image_ids(data: RunData, split: str, rows: Rows) -> list[str]:
    """Give the ids of some images of the split "test" or "train"."""
    return [shown(str(image_id)) for image_id in data.artefact("dataset").rows(f"{split}_ids")[rows]]


def pixels(data: RunData, split: str, rows: Rows) -> NDArray[np.uint8]:
    """Give the pixels of some images of the split "test" or "train", uint8 (k, h, w, c); of files, thumbnails."""
    return np.asarray(thumbnails_of(data.artefact("dataset"), split)[rows])


def original(data: RunData, row: int) -> NDArray[np.uint8] | None:
    """Give a test image in full, uint8 (h, w, 3), from the file it was read from; None where there is none any more."""
    return original_of(data.artefact("dataset"), "test", row)


def neighbours_of(data: RunData, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give the nearest test images of one test image in feature space.

    Returns
    -------
    indices : ndarray of int32, shape (20,)
        Rows of the test split, nearest first.
    distances : ndarray of float32, shape (20,)
        Euclidean.
    """
    artefact = data.artefact("neighbours")
    return artefact.rows("indices")[row], artefact.rows("distances")[row]


def has_neighbourhoods(data: RunData) -> bool:
    """Tell whether an image's nearest are known and are not all others: else every space and map has the same."""
    if not data.has("neighbours"):
        return False
    k = data.artefact("neighbours").rows("indices").shape[1]
    return 0 < k < data.n_test - 1
