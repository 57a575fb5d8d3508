"""Complete a run: compute a stage that it lacks, under the key that ``python -m pipeline run`` would give it."""

from __future__ import annotations

from cache import Artefact, Run, Store
from pipeline.compute.progress import Progress, silent
from pipeline.retraining.setting import Setting, setting_of
from pipeline.stages.contract import ensure, find
from pipeline.stages.validation import ValidationStage


def find_validation(store: Store, run: Run, setting: Setting | None = None) -> Artefact | None:
    """Look up a run's cross-validation: its own, or one made since over its path of C.

    Parameters
    ----------
    store : Store
        Where to look.
    run : Run
        The run.
    setting : Setting, optional
        Another kernel, or fewer training images; the penalty does not count.

    Returns
    -------
    Artefact or None
        A ``validation`` artefact; None if it has to be made.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the run's classifier or its validation cannot be read.
    """
    return find(store, validation_of(store, run, setting), run.stages)


def validate(
    store: Store, run: Run, progress: Progress = silent, *, setting: Setting | None = None
) -> Artefact:
    """Give a run's cross-validation over its path of C, making it if need be.

    Parameters
    ----------
    store : Store
        Where to look, and where it is written.
    run : Run
        The run.
    progress : Progress, optional
        Counts SVM fits; raises `Cancelled` to stop.
    setting : Setting, optional
        Another kernel, or fewer training images; the penalty does not count.

    Returns
    -------
    Artefact
        A ``validation`` artefact.

    Raises
    ------
    InvalidParameter
        If the training split is too small to be cut into folds.
    Cancelled
        If ``progress`` raised it; nothing is written.
    StoreError
        If the run's artefacts cannot be read, or the result not be written.
    """
    return ensure(store, validation_of(store, run, setting), run.stages, progress)


def validation_of(store: Store, run: Run, setting: Setting | None) -> ValidationStage:
    """Give the cross-validation over a run's path of C."""
    path = store.artefact("classifier", run.stages.get("classifier", ""))
    setting = setting or setting_of(path)
    return ValidationStage(
        path=tuple(path.array("C").tolist()), gamma=setting.gamma, per_class=setting.per_class
    )
