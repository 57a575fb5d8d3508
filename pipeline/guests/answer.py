"""What a run says of a guest: which class, what lies near, how unusual it is, and where on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Store
from pipeline.compute.nearest import nearest_of, squared_distances
from pipeline.compute.progress import Progress, silent
from pipeline.compute.rows import as_rows
from pipeline.guests.machines import MachinesStage, Ranking, read_machines
from pipeline.guests.novelty import Novelty, NoveltyStage, novelty_of, to_nearest
from pipeline.guests.placing import place
from pipeline.retraining.judging import Judge, learnt_by
from pipeline.retraining.setting import KERNELS, setting_of
from pipeline.stages.contract import Keys, MachineStage, ensure
from pipeline.stages.evaluation import features_of, folds_of, train_in_test
from pipeline.svm.out_of_fold import BY_ALL

VOTERS = 20
"""Nearest training images whose classes are counted."""
SHOWN = 6
"""Nearest images of each split that are named."""
SAME = 1e-3
"""Distance, as a part of an image's own length, up to which two images are one: what rounding makes of one picture."""

EnsureMachines = Callable[[Store, MachineStage, Keys, Progress], Artefact]


@dataclass(frozen=True)
class Near:
    """Say how far an image of a run is from a guest, in feature space.

    Attributes
    ----------
    split : str
        "test" or "train".
    row : int
        Of that split.
    label : int
        Its class; below 0 where it has none.
    distance : float
        Euclidean.
    """

    split: str
    row: int
    label: int
    distance: float


@dataclass(frozen=True)
class Answer:
    """Hold what a run says of a guest.

    Attributes
    ----------
    ranking : Ranking or None
        What its classifier says; None where it has none that can be asked.
    copy : Near or None
        The image of the run that the guest is, if it is one.
    votes : dict of int to int
        How many of the nearest training images are of each class, the most first.
    shown, taught : tuple of Near
        The nearest judged images, which are on the map, and the nearest training images.
    novelty : Novelty
        How unusual it is.
    place : (float, float) or None
        On the map; None where there is none.
    kept, of : int
        How many of so many nearest judged images are also nearest on the map.
    """

    ranking: Ranking | None
    copy: Near | None
    votes: dict[int, int]
    shown: tuple[Near, ...]
    taught: tuple[Near, ...]
    novelty: Novelty
    place: tuple[float, float] | None
    kept: int
    of: int

    @property
    def voters(self) -> int:
        """Number of the nearest training images that are counted."""
        return sum(self.votes.values())

    @property
    def agree(self) -> int:
        """How many of them are of the predicted class."""
        return self.votes.get(self.ranking.predicted, 0) if self.ranking is not None else 0


def judge_of(classifier: Artefact, row: int) -> Judge | None:
    """Give the machines of a classifier that have seen all training images; None of a plug-in of somebody's own."""
    setting, gamma = setting_of(classifier, row), classifier.manifest.facts.get("gamma")
    if setting.kernel not in KERNELS:
        return None
    return Judge(setting.C, None if gamma is None else float(gamma), setting.per_class)


@dataclass(frozen=True)
class Reference:
    """Hold what guests are compared with: a run's images, a classifier of them, a map of them.

    Attributes
    ----------
    store : Store
        Where what it takes is kept, once it has been computed.
    dataset, features : Artefact
        Of the run.
    judge : Judge or None
        Its machines that have seen all training images; None where no machines can be asked.
    laid_out : Artefact or None
        A map of it.
    fit : callable
        Fits machines and keeps them, as `pipeline.stages.contract.ensure` does.
    """

    store: Store
    dataset: Artefact
    features: Artefact
    judge: Judge | None
    laid_out: Artefact | None
    fit: EnsureMachines = ensure

    @classmethod
    def of(
        cls,
        store: Store,
        keys: Keys,
        classifier: tuple[Artefact, int] | None = None,
        fit: EnsureMachines = ensure,
    ) -> Reference:
        """Open it.

        Parameters
        ----------
        store : Store
            Where it is.
        keys : mapping of str to str
            Of a run: its ``dataset``, ``features`` and, if it has one, ``projection``.
        classifier : (Artefact, int), optional
            What guests are judged by: a classifier, and the row of its arrays.
        fit : callable, optional
            As the attribute.
        """
        dataset, features = (store.artefact(stage, keys.get(stage, "")) for stage in ("dataset", "features"))
        laid_out = store.artefact("projection", keys["projection"]) if "projection" in keys else None
        judge = None if classifier is None else judge_of(*classifier)
        return cls(store, dataset, features, judge, laid_out, fit)

    def prepare(self, progress: Progress = silent) -> None:
        """Compute what all guests need and the store has not yet: seconds, the first time.

        Raises
        ------
        Cancelled
            If ``progress`` raises it.
        """
        ensure(self.store, NoveltyStage(), self._keys, progress)
        if self.judge is not None:
            self.fit(self.store, MachinesStage.of(self.judge), self._keys, progress)
        if self.laid_out is not None:
            place(self.store, self.features, self.laid_out, self._none, progress)

    def answer(self, guest: NDArray[np.float32]) -> Answer:
        """Say what the run has to say of a guest, given its features (d,)."""
        near = _Distances.of(self.dataset, self.features, guest)
        apart = near.by_split
        copy = near.copy(float(np.linalg.norm(guest)))
        ranking, learnt = self._judged(guest, copy)
        voters = nearest_of(np.where(learnt, apart["train"], np.inf), min(VOTERS, int(learnt.sum())))
        counts = Counter(label for label in near.labels["train"][voters].tolist() if label >= 0)
        spot = self._place(guest, copy)
        kept, of = self._kept(apart["test"], spot, copy)
        return Answer(
            ranking=ranking,
            copy=copy,
            votes=dict(counts.most_common()),
            shown=near.nearest("test"),
            taught=near.nearest("train"),
            novelty=self._novelty(guest),
            place=spot,
            kept=kept,
            of=of,
        )

    @cached_property
    def _keys(self) -> Keys:
        return {"dataset": self.dataset.key, "features": self.features.key}

    @property
    def _none(self) -> NDArray[np.float32]:
        return np.empty((0, self.features.manifest.dims["d"]), np.float32)

    def _judged(
        self, guest: NDArray[np.float32], copy: Near | None
    ) -> tuple[Ranking | None, NDArray[np.bool_]]:
        """Have it judged: a copy by the machines that have judged the original, which had not seen it."""
        if self.judge is None:
            return None, np.ones(len(self.dataset.array("train_labels")), np.bool_)
        judge = replace(self.judge, fold=self._fold(copy))
        made = self.fit(self.store, MachinesStage.of(judge), self._keys, silent)
        learnt = learnt_by(self.dataset, self.features, judge)
        if copy is not None and copy.split == "train":
            learnt[copy.row] = False
        return read_machines(made, self.dataset, self.features).judge(guest), learnt

    def _fold(self, copy: Near | None) -> int:
        folds = folds_of(self.dataset)
        if folds is None or copy is None:
            return BY_ALL
        return int((folds.test if copy.split == "test" else folds.train)[copy.row])

    def _place(self, guest: NDArray[np.float32], copy: Near | None) -> tuple[float, float] | None:
        """Give its place on the map; a copy has that of its original."""
        if self.laid_out is None or not self.dataset.manifest.dims["n_test"]:
            return None
        if copy is not None and copy.split == "test":
            x, y = self.laid_out.rows("test")[copy.row].tolist()
        else:
            ((x, y),) = place(self.store, self.features, self.laid_out, guest[np.newaxis]).tolist()
        return float(x), float(y)

    def _kept(
        self, apart: NDArray[np.float64], spot: tuple[float, float] | None, copy: Near | None
    ) -> tuple[int, int]:
        """Count which of the nearest images are also nearest on the map; itself is none of them."""
        if spot is None or self.laid_out is None:
            return 0, 0
        points = self.laid_out.array("test").astype(np.float64)
        away = np.hypot(*(points - spot).T)
        if copy is not None and copy.split == "test":
            apart = apart.copy()
            apart[copy.row] = away[copy.row] = np.inf
        of = min(VOTERS, len(apart) - 1)
        return len(np.intersect1d(nearest_of(apart, of), nearest_of(away, of))), of

    def _novelty(self, guest: NDArray[np.float32]) -> Novelty:
        made = ensure(self.store, NoveltyStage(), self._keys, silent)
        return novelty_of(made, to_nearest(guest, as_rows(features_of(self.features, self.dataset, "train"))))


@dataclass(frozen=True)
class _Distances:
    """Hold how far a guest is from each image of a run.

    Attributes
    ----------
    by_split : dict of str to ndarray of float64, shape (n,)
        Euclidean.
    labels : dict of str to ndarray of int16, shape (n,)
        Of the images.
    """

    by_split: dict[str, NDArray[np.float64]]
    labels: dict[str, NDArray[np.int16]]

    @classmethod
    def of(cls, dataset: Artefact, features: Artefact, guest: NDArray[np.float32]) -> _Distances:
        """Measure them."""
        found = {"test": np.sqrt(squared_distances(guest, features.rows("test")))}
        part = train_in_test(dataset)
        found["train"] = (
            np.sqrt(squared_distances(guest, features.rows("train"))) if part is None else found["test"][part]
        )
        return cls(found, {split: dataset.array(f"{split}_labels") for split in found})

    def nearest(self, split: str, count: int = SHOWN) -> tuple[Near, ...]:
        """Give the nearest images of a split."""
        apart, labels = self.by_split[split], self.labels[split]
        return tuple(
            Near(split, row, int(labels[row]), float(apart[row])) for row in nearest_of(apart, count).tolist()
        )

    def copy(self, length: float) -> Near | None:
        """Give the image that the guest, of some length, is; one that is judged first."""
        nearest = [*self.nearest("test", 1), *self.nearest("train", 1)]
        return next((one for one in nearest if one.distance <= SAME * length), None)
