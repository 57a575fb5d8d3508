"""The kinds of plug-ins: stages that people can choose, and add to by adding a file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from cache.arrays import StoredArray
from pipeline.compute.nearest import between_nearest
from pipeline.compute.progress import Progress, silent
from pipeline.plugins.plugin import Plugin
from pipeline.stages.contract import Inputs, MachineStage, Stage
from pipeline.stages.evaluation import features_of, folds_of
from pipeline.stages.extraction import Extract, extract_features
from pipeline.stages.images import Originals, Stored, originals_of
from pipeline.stages.source import PixelSource as PixelSource
from pipeline.stages.source import Source as Source

if TYPE_CHECKING:
    from pipeline.compute.rows import Rows
    from pipeline.svm.gram import Gram
    from pipeline.svm.out_of_fold import Folds
    from pipeline.svm.path import ClassifierPath


class Extractor(Plugin, Stage):
    """Describe each image by numbers.

    Attributes
    ----------
    chunk_size : int
        Images at a time; a kill costs one chunk.
    SEES : bool
        Whether it looks at pictures: what it says of those of a run, it can say of any other.
    """

    KIND: ClassVar[str] = "extractor"
    STAGE: ClassVar[str] = "features"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset",)
    chunk_size: ClassVar[int]
    SEES: ClassVar[bool] = True

    def look_at(self, dataset: Artefact, split: str) -> Stored | Originals:
        """Give what it looks at: the images of a split, in full."""
        return originals_of(dataset, split)

    @abstractmethod
    def load(self, progress: Progress = silent) -> Extract:
        """Give what takes images uint8 (n, h, w, c) and returns features float32 (n, d)."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """Give the features' provenance, for people: ``model``, ``stand_in``, ..."""

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write the features of both splits, in chunks."""
        self.require_packages()
        extract_features(draft, inputs["dataset"], self, progress)


class Classifier(Plugin, MachineStage):
    """Learn the classes from the features, at every C of a path.

    Attributes
    ----------
    C : float
        The penalty the run is about.
    path : tuple of float
        Penalties to fit, ascending.
    per_class : int or None
        Training images a class, a random part; all without it.
    """

    KIND: ClassVar[str] = "classifier"
    STAGE: ClassVar[str] = "classifier"
    INPUTS: ClassVar[tuple[str, ...]] = ("dataset", "features")
    C: float
    path: tuple[float, ...]
    per_class: int | None

    def identity(self) -> dict[str, object]:
        """Give what changes the result. ``C`` only chooses from the path."""
        return {name: value for name, value in super().identity().items() if name != "C"}

    @abstractmethod
    def fit(
        self,
        train: NDArray[np.float32] | Rows,
        train_labels: NDArray[np.integer],
        test: NDArray[np.float32] | Rows,
        test_labels: NDArray[np.integer],
        n_classes: int,
        progress: Progress = silent,
        *,
        gram: Gram | None = None,
        folds: Folds | None = None,
    ) -> ClassifierPath:
        """Fit the path and judge the test images; ``gram`` keeps inner products from one fit to the next.

        With ``folds`` test images are training images, too, and are judged by machines that have not seen them.
        """

    def compute(
        self, draft: Draft, inputs: Inputs, progress: Progress = silent, *, gram: Gram | None = None
    ) -> None:
        """Write what the machines are, and what they say about every image."""
        dataset, features = inputs["dataset"], inputs["features"]
        found = self.fit(
            features_of(features, dataset, "train"),
            dataset.array("train_labels"),
            features_of(features, dataset, "test"),
            dataset.array("test_labels"),
            len(dataset.manifest.facts["class_names"]),
            progress,
            gram=gram,
            folds=folds_of(dataset),
        )
        for name, array in found.arrays().items():
            draft.save(name, array)
        draft.facts.update(found.facts)


class Projection(Plugin, Stage):
    """Give each test image a place in the plane."""

    KIND: ClassVar[str] = "projection"
    STAGE: ClassVar[str] = "projection"
    INPUTS: ClassVar[tuple[str, ...]] = ("features",)

    @abstractmethod
    def project(
        self, features: NDArray[np.float32] | StoredArray, progress: Progress = silent
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Give points float32 (n, 2) for features (n, d), and facts for people: ``method``, ...

        Those of the store are to be read: a few at a time by `pipeline.compute.rows.as_rows`, all by `numpy.asarray`.
        """

    def guide(
        self,
        features: NDArray[np.float32] | StoredArray,
        points: NDArray[np.float32],
        progress: Progress = silent,
    ) -> dict[str, NDArray[Any]]:
        """Give what `place` needs of a map that is laid out, to be kept: arrays of the stage ``placing``; none here."""
        return {}

    def place(
        self,
        guests: NDArray[np.float32],
        features: NDArray[np.float32] | StoredArray,
        points: NDArray[np.float32],
        guide: Mapping[str, NDArray[Any]],
    ) -> NDArray[np.float64]:
        """Give further images places on a map that stays as it is, each on its own, float64 (g, 2).

        A method that says nothing else puts each between its nearest images, by how near they are.

        Parameters
        ----------
        guests : ndarray of float32, shape (g, d)
            Their features.
        features : ndarray of float32, shape (n, d)
            Of the map's images.
        points : ndarray of float32, shape (n, 2)
            The map.
        guide : mapping of str to ndarray
            As `guide` gave it.
        """
        return np.array([between_nearest(one, features, points) for one in guests])

    def memory(self, n: int) -> int:
        """Estimate how many bytes a map of ``n`` images takes while it is laid out; 0 where nobody has measured."""
        return 0

    def compute(self, draft: Draft, inputs: Inputs, progress: Progress = silent) -> None:
        """Write where each test image lies."""
        self.require_packages()
        points, facts = self.project(inputs["features"].rows("test"), progress)
        draft.save("test", points)
        draft.facts.update(facts)


Kind = Source | Extractor | Classifier | Projection

KINDS: tuple[type[Kind], ...] = (Source, Extractor, Classifier, Projection)
"""In the order of the pipeline."""
