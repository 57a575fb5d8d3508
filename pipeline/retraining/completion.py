"""Complete a run: compute a stage that it lacks, under the key that ``python -m pipeline run`` would give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cache import Artefact, Run, Store
from pipeline.compute.progress import Progress, silent
from pipeline.retraining.setting import Asked, setting_of, settle
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.stored import find_stored, stored

if TYPE_CHECKING:
    from pipeline.stages.validation import ValidationStage


def find_validation(store: Store, run: Run, asked: Asked | None = None) -> Artefact | None:
    """Look up a run's cross-validation: its own, or one made since over its path of C.

    Parameters
    ----------
    store : Store
        Where to look.
    run : Run
        The run.
    asked : Setting or float, optional
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
    stage, inputs, is_own = _validation(store, run, asked)
    own = _own(store, run, "validation") if is_own else None
    if own is not None:
        return own
    return find_stored(store, "validation", stage.NAME, stage, inputs)


def validate(store: Store, run: Run, progress: Progress = silent, *, asked: Asked | None = None) -> Artefact:
    """Give a run's cross-validation over its path of C, making it if need be.

    Parameters
    ----------
    store : Store
        Where to look, and where it is written.
    run : Run
        The run.
    progress : Progress, optional
        Counts SVM fits; raises `Cancelled` to stop.
    asked : Setting or float, optional
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
    own = find_validation(store, run, asked)
    if own is not None:
        return own
    stage, inputs, _ = _validation(store, run, asked)
    dataset, features = (store.artefact(name, inputs[name]) for name in ("dataset", "features"))
    return stored(
        store,
        "validation",
        stage.NAME,
        stage,
        inputs,
        lambda draft: stage.write(draft, dataset, features, progress),
    )


def find_faithfulness(store: Store, run: Run) -> Artefact | None:
    """Look up how faithful a run's map is.

    Parameters and errors as `find_validation`; a ``faithfulness`` artefact.
    """
    own = _own(store, run, "faithfulness")
    stage = FaithfulnessStage()
    return own or find_stored(store, "faithfulness", stage.NAME, stage, _map_inputs(run))


def judge_map(store: Store, run: Run, progress: Progress = silent) -> Artefact:
    """Give how faithful a run's map is, measuring it if need be.

    Parameters
    ----------
    store : Store
        Where to look, and where it is written.
    run : Run
        The run; it must have the stages ``neighbours`` and ``projection``.
    progress : Progress, optional
        Counts blocks of rows; raises `Cancelled` to stop.

    Returns
    -------
    Artefact
        A ``faithfulness`` artefact.

    Raises
    ------
    Cancelled
        If ``progress`` raised it; nothing is written.
    StoreError
        If the run's artefacts cannot be read, or the result not be written.
    """
    own = _own(store, run, "faithfulness")
    if own is not None:
        return own
    stage, inputs = FaithfulnessStage(), _map_inputs(run)
    features, neighbours, projection = (store.artefact(name, key) for name, key in inputs.items())
    return stored(
        store,
        "faithfulness",
        stage.NAME,
        stage,
        inputs,
        lambda draft: stage.write(draft, features, neighbours, projection, progress),
    )


def _own(store: Store, run: Run, stage: str) -> Artefact | None:
    key = run.stages.get(stage, "")
    return store.artefact(stage, key) if store.has(stage, key) else None


def _map_inputs(run: Run) -> dict[str, str]:
    return {name: run.stages.get(name, "") for name in ("features", "neighbours", "projection")}


def _validation(store: Store, run: Run, asked: Asked | None) -> tuple[ValidationStage, dict[str, str], bool]:
    """Give the cross-validation over a run's path of C, its inputs, and whether it is of the run's own kind."""
    from pipeline.stages.validation import ValidationStage

    path = store.artefact("classifier", run.stages.get("classifier", ""))
    own = setting_of(path)
    setting = settle(store, path, own if asked is None else asked)
    stage = ValidationStage(
        path=tuple(path.array("C").tolist()), gamma=setting.gamma, per_class=setting.per_class
    )
    return stage, path.manifest.inputs, setting.family == own.family
