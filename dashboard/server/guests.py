"""What becomes of a picture that a visitor asks of: described in the worker's process, answered here, and forgotten."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cache import Store
from cache.artefact import Artefact
from cache.errors import ArtefactMissing
from cache.removal import remove
from dashboard.run.of_process import one_of_process
from dashboard.server.columns import among
from pipeline.api import (
    Answer,
    Described,
    Form,
    Near,
    Progress,
    Reference,
    Task,
    Worker,
    check_sees,
    folds_of,
    made_by,
    train_in_test,
)

MOST_KEPT = 100
"""Machines that are kept for guests; those of ten classes and 2,048 features take 0.4 MB."""


@one_of_process
def worker() -> Worker:
    """Give the worker that all sessions of the process share."""
    return Worker()


@dataclass(frozen=True)
class Host:
    """Hold the run that a guest is asked of.

    Attributes
    ----------
    run : str
        Its name.
    reference : Reference
        What guests are compared with.
    task : Task
        How they are described.
    """

    run: str
    reference: Reference
    task: Task

    def answer(self, content: bytes, progress: Progress) -> dict[str, Any]:
        """Say what the run has to say of a file, as JSON.

        Raises
        ------
        LazybonesError
            If it cannot be described, or the store not be read.
        """
        self.reference.prepare(progress)
        forget_oldest(self.reference.store)
        described = worker().describe(self.task, content, progress)
        return told(self.reference, self.reference.answer(described.features), described)


def forget_oldest(store: Store, keep: int = MOST_KEPT) -> None:
    """Remove the machines that were fitted for guests longest ago: visitors may choose any C, but the disk has an end.

    Parameters
    ----------
    store : Store
        What is not in its first root is left alone.
    keep : int
        Machines to keep.
    """
    keys = [key for stage, key in store.artefacts() if stage == "machines"]
    if len(keys) > keep:
        made = sorted((store.artefact("machines", key) for key in keys), key=lambda one: one.manifest.created)
        remove(store, [one.folder for one in made[: len(made) - keep]])


def host_of(store: Store, laid_out: Artefact, classifier: tuple[Artefact, int] | None) -> Host:
    """Find the run that a map is of.

    Parameters
    ----------
    store : Store
        Where it is.
    laid_out : Artefact
        The map.
    classifier : (Artefact, int) or None
        What guests are judged by, and the row of its arrays.

    Raises
    ------
    ArtefactMissing
        If there is no such run, or the classifier is another's.
    ExtractorError
        If it can have no guests.
    """
    features = store.artefact("features", laid_out.manifest.inputs["features"])
    keys = {**features.manifest.inputs, "features": features.key, "projection": laid_out.key}
    if classifier is not None and classifier[0].manifest.inputs.get("features") != features.key:
        raise ArtefactMissing("All parts of an address must be of one run. Got two.")
    check_sees(features)
    runs = (store.run(name) for name in store.run_names())
    run = next((run for run in runs if run.stages.get("features") == features.key), None)
    if run is None:
        raise ArtefactMissing("A map must be of a run. Got one of none.")
    reference = Reference.of(store, keys, classifier)
    return Host(run.name, reference, Task(run.command, made_by(features), Form.of(reference.dataset)))


def told(reference: Reference, answer: Answer, described: Described) -> dict[str, Any]:
    """Write an answer for the browser: classes by their labels, images by the numbers that decision 48 gives them."""
    dataset, ranking = reference.dataset, answer.ranking
    return {
        "predicted": None if ranking is None else ranking.predicted,
        "runnerUp": None if ranking is None else ranking.runner_up,
        "classes": [] if ranking is None else [list(line) for line in ranking.lines()],
        "copy": None if answer.copy is None else _image(dataset, answer.copy),
        "heldOut": answer.copy is not None and folds_of(dataset) is not None,
        "shown": [_image(dataset, near) for near in answer.shown],
        "taught": [_image(dataset, near) for near in answer.taught],
        "votes": [list(vote) for vote in answer.votes.items()],
        "agree": answer.agree,
        "voters": answer.voters,
        "percentile": answer.novelty.percentile,
        "among": answer.novelty.among,
        "unusual": answer.novelty.unusual,
        "place": _place(reference, answer.place),
        "kept": answer.kept,
        "of": answer.of,
        "size": [described.width, described.height],
        "picture": f"data:image/webp;base64,{base64.b64encode(described.thumbnail).decode()}",
    }


def _image(dataset: Artefact, near: Near) -> Mapping[str, Any]:
    return {
        "number": near.row if near.split == "test" else number_of(dataset, near.row),
        "label": near.label,
        "distance": near.distance,
    }


def number_of(dataset: Artefact, row: int) -> int:
    """Give the number of a training image: it may be one of the test images."""
    part = train_in_test(dataset)
    return int(dataset.manifest.dims["n_test"]) + row if part is None else (part.start or 0) + row


def _place(reference: Reference, place: tuple[float, float] | None) -> list[float] | None:
    """Give a place as points are given to the browser, but for rounding."""
    if place is None or reference.laid_out is None:
        return None
    (found,) = among(np.array([place]), reference.laid_out.array("test"))
    return [round(float(value), 1) for value in found]
