"""Questions about a run that are answered when somebody asks: what is computed in the queue for each C."""

from __future__ import annotations

from cache import Artefact, Run, Store
from dashboard.fitting import retrainer
from dashboard.live import LiveStage
from pipeline.api import (
    Progress,
    find_learning_curve,
    find_separability,
    learning_curve,
    separability,
)


def learning_stage(C: float) -> LiveStage:
    """Give the learning curve at a C, with the inner products that live fits keep."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_learning_curve(store, run, C)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        with retrainer().gram(store, run) as gram:
            return learning_curve(store, run, C, progress=progress, gram=gram)

    return LiveStage("Learning curve", find, compute, C)


def separability_stage(C: float) -> LiveStage:
    """Give the separability of the pairs of classes at a C, with the inner products that live fits keep."""

    def find(store: Store, run: Run) -> Artefact | None:
        return find_separability(store, run, C)

    def compute(store: Store, run: Run, progress: Progress) -> Artefact:
        with retrainer().gram(store, run) as gram:
            return separability(store, run, C, progress=progress, gram=gram)

    return LiveStage("Separability", find, compute, C)
