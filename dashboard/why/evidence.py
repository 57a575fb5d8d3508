"""What speaks for and against the prediction of one image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from dashboard.run.cached import family_of
from dashboard.run.data import RunData, lacks
from dashboard.run.predictions import Predictions
from dashboard.run.shared import shared
from pipeline.api import KERNELS, Judge, Likeness, Pulls, fold_of, likeness

NEAREST = 12
"""Training images that the sentence speaks of."""
SHOWN = 6
"""Images in a row."""

Nearest = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Stop:
    """Say what is predicted at one C."""

    C: float
    predicted: int


@dataclass(frozen=True)
class Evidence:
    """Hold what is known of one image's prediction.

    Attributes
    ----------
    row : int
        The image's row of the test split.
    true, predicted : int
        Labels.
    rival : int
        The class that the deciding machine tells from the predicted one: the true class where the prediction is
        wrong, else the runner-up.
    judge : Judge
        The machines that judged it.
    nearest : tuple of int
        Labels of the nearest training images, nearest first.
    of_predicted, of_rival : tuple of (int, float)
        Rows of the nearest training images of these classes, with their distances.
    path : tuple of Stop
        What is predicted at each C that is stored, ascending.
    at : int
        Which of them is the C in use.
    """

    row: int
    true: int
    predicted: int
    rival: int
    judge: Judge
    nearest: tuple[int, ...]
    of_predicted: Nearest
    of_rival: Nearest
    path: tuple[Stop, ...]
    at: int

    @property
    def right(self) -> bool:
        """Whether the prediction is right."""
        return self.predicted == self.true

    @property
    def nearest_of_both(self) -> tuple[tuple[int, Nearest], tuple[int, Nearest]]:
        """The predicted class and its rival, each with its nearest training images: as a gallery has them."""
        return (self.predicted, self.of_predicted), (self.rival, self.of_rival)


def evidence_of(data: RunData, said: Predictions, row: int) -> Evidence | None:
    """Gather it; None where the judge is not known: a plug-in of somebody's own, or features that are gone.

    Parameters
    ----------
    data : RunData
        The run.
    said : Predictions
        What the classifier in use says.
    row : int
        Row of the test split.
    """
    if said.setting.kernel not in KERNELS or lacks(data, "features"):
        return None
    judge = judge_of(data, said, row)
    alike, labels = likeness_of(data, judge, row), data.train_labels
    true, predicted = int(data.test_labels[row]), int(said.predicted[row])
    rival = int(said.runner_up[row]) if predicted == true else true
    path, at = path_of(data, said, row)
    return Evidence(
        row=row,
        true=true,
        predicted=predicted,
        rival=rival,
        judge=judge,
        nearest=tuple(labels[alike.nearest(NEAREST)].tolist()),
        of_predicted=_nearest(alike, labels == predicted),
        of_rival=_nearest(alike, labels == rival),
        path=path,
        at=at,
    )


def judge_of(data: RunData, said: Predictions, row: int) -> Judge:
    """Say which machines judged an image."""
    gamma = said.artefact.manifest.facts.get("gamma")
    setting, fold = said.setting, fold_of(data.artefact("dataset"), row)
    return Judge(setting.C, None if gamma is None else float(gamma), setting.per_class, fold)


def likeness_of(data: RunData, judge: Judge, row: int) -> Likeness:
    """Compare an image with all training images; the last few are kept for all sessions."""
    dataset, features = data.artefact("dataset"), data.artefact("features")
    return _likeness(dataset, features, judge, row)


@shared(lambda dataset, features, *which: (dataset.digest, features.digest, *which), 12)
def _likeness(dataset: Artefact, features: Artefact, judge: Judge, row: int) -> Likeness:
    return likeness(dataset, features, judge, row)


def path_of(data: RunData, said: Predictions, row: int) -> tuple[tuple[Stop, ...], int]:
    """Give what is predicted at every stored C with the kernel and the training images in use, and which is in use."""
    stops: dict[float, int] = {}
    for fit in family_of(data, said.setting):
        Cs, predicted = fit.array("C").tolist(), fit.rows("predicted_label").column(row).tolist()
        stops = dict(zip(Cs, predicted, strict=True)) | stops  # the run's own counts where others say more
    stops[said.C] = int(said.predicted[row])
    path = tuple(Stop(C, stops[C]) for C in sorted(stops))
    return path, [stop.C for stop in path].index(said.C)


def strongest(pulls: Pulls) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Give the training images that pull hardest towards the first class and towards the second, with their shares."""
    return pulls.named(SHOWN, first=True), pulls.named(SHOWN, first=False)


def _nearest(alike: Likeness, among: NDArray[np.bool_]) -> Nearest:
    return tuple((int(row), float(alike.distances[row])) for row in alike.nearest(SHOWN, among))
