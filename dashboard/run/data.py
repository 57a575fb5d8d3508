"""A run's arrays, opened when they are needed and never copied whole."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache import Store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing, StoreError
from dashboard.run.predictions import Predictions
from pipeline.api import Asked, RunSettings, Setting, find_fit, row_of, setting_of, with_map

BASELINE_EXTRACTORS = ("hog", "pixels")


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

    def train_ids(self, rows: NDArray[np.integer[Any]] | list[int]) -> list[str]:
        """Give the ids of some training images."""
        return [str(image_id) for image_id in self.artefact("dataset").array("train_ids")[rows]]

    def train_images(self, rows: NDArray[np.integer[Any]] | list[int]) -> NDArray[np.uint8]:
        """Give the pixels of some training images, uint8 (len(rows), h, w, c); a copy of these only."""
        return np.asarray(self.artefact("dataset").array("train_images")[rows])

    @cached_property
    def path_C(self) -> NDArray[np.float64]:
        """The penalties the run's classifier was fitted with, float64 (m,), ascending."""
        return self.artefact("classifier").array("C", mmap=False)

    @cached_property
    def settings(self) -> RunSettings:
        """What is asked for of this run, and full settings, translated into each other."""
        return RunSettings.of(self.run, self.artefact("classifier"), self.artefact("dataset"))

    @property
    def own(self) -> Setting:
        """The setting that the run was made with."""
        return self.settings.own

    @property
    def own_predictions(self) -> Predictions:
        """The predictions at the run's own setting, or at the nearest C on the path if that was not fitted."""
        nearest = int(np.argmin(np.abs(np.log(self.path_C) - np.log(self.run.C))))
        return self.predictions(self.own) or self._predictions(self.artefact("classifier"), nearest)

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

    def _predictions(self, artefact: Artefact, row: int) -> Predictions:
        return Predictions(setting_of(artefact, row), artefact, row, self.test_labels, self.train_labels)

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

    @property
    def model(self) -> str:
        """Name of the model behind the features; that of a stand-in says so."""
        name = str(self.artefact("features").manifest.facts.get("model", self.extractor))
        return f"{name} (stand-in)" if self.stand_in and "stand-in" not in name.lower() else name

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
