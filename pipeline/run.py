"""The run: the only place that knows the order of the stages."""

from __future__ import annotations

import itertools
import time
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from typing import Protocol

from cache import Artefact, Draft, Run, Store
from cache.places import remember_place
from pipeline.compute.progress import Progress, waiting_on
from pipeline.inputs.datasets import no_classifier
from pipeline.plugins.plugin import Plugin
from pipeline.recipe import Recipe
from pipeline.retraining.retrainer import retrain
from pipeline.retraining.setting import run_settings
from pipeline.stages.contract import Inputs, Keys, Stage, ensure, key_of
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.kinds import Source
from pipeline.stages.neighbours import NeighboursStage
from pipeline.stages.thumbnails import ThumbnailsStage
from pipeline.stages.validation import ValidationStage

LEARNT = ("classifier", "validation")
"""What a run of images lacks that no classifier can be learnt from."""


class Reporter(Protocol):
    """Tell a person how the run is going."""

    def working(self, stage: str, detail: str) -> AbstractContextManager[Progress]:
        """Show that a stage is being computed; gives where to report its progress."""

    def done(self, artefact: Artefact, *, reused: bool, seconds: float) -> None:
        """Show that a stage is there; ``seconds`` is the time it took now."""


def run(recipe: Recipe, store: Store, reporter: Reporter) -> Run:
    """Compute what is missing and write the run.

    Parameters
    ----------
    recipe : Recipe
        The plug-ins and their parameters.
    store : Store
        Where results are found and written.
    reporter : Reporter
        Told of each stage.

    Returns
    -------
    Run
        The run, as written to the store.

    Raises
    ------
    LazybonesError
        With what is wrong and what to type next.
    """
    with ExitStack() as held:
        with reporter.working(
            "store", recipe.run_name
        ) as progress:  # one run of a name: it may choose another
            held.enter_context(store.locked("run", recipe.run_name, waiting_on(progress)))
        stages = stages_of(recipe)
        name = _begin(recipe, stages, store, reporter)
        made: dict[str, Artefact] = {}
        for stage in stages:
            if stage.STAGE in LEARNT and no_classifier(made["dataset"]):
                continue
            keys = {name: artefact.key for name, artefact in made.items()}
            made[stage.STAGE] = _complete(store, stage, keys, reporter)
        written = _write_run(recipe, store, made, name)
        if no_classifier(made["dataset"]):
            return written
        C = recipe.classifier.C
        with reporter.working("classifier", f"C = {C:g}") as progress:  # it may be off the path
            retrain(store, written, run_settings(store, written).own.at(C), progress)
        return written


def stages_of(recipe: Recipe) -> list[Stage]:
    """List the stages of a run in their order: each is computed from some before it."""
    machine = recipe.classifier
    return [
        recipe.source,
        recipe.extractor,
        machine,
        ValidationStage(machine.path, seed=recipe.seed, gamma=machine.gamma, per_class=machine.per_class),
        recipe.projection,
        NeighboursStage(),
        FaithfulnessStage(),
        ThumbnailsStage(),
    ]


def _begin(recipe: Recipe, stages: list[Stage], store: Store, reporter: Reporter) -> str:
    """Give the run's name, after a look at all that could be wrong at its end: files, places, packages, other runs."""
    store.check_writable(stage.STAGE for stage in stages)
    keys: dict[str, str] = {}
    for stage in stages:
        with reporter.working(stage.STAGE, stage.NAME) as progress:
            stage.prepare(progress)
        keys[stage.STAGE] = key_of(stage, keys)
        if isinstance(stage, Plugin) and not store.has(stage.STAGE, keys[stage.STAGE]):
            stage.require_packages()
    return _name(recipe, store, keys)


def _complete(store: Store, stage: Stage, keys: Keys, reporter: Reporter) -> Artefact:
    """Give a stage's result, and tell whether it was there, or another process made it meanwhile."""
    computed = False

    def compute(draft: Draft, inputs: Inputs, progress: Progress) -> None:
        nonlocal computed
        computed = True
        stage.compute(draft, inputs, progress)

    with reporter.working(stage.STAGE, stage.NAME) as progress:
        started = time.monotonic()
        artefact = ensure(store, stage, keys, progress, compute=compute)
    if isinstance(stage, Source) and stage.place:
        remember_place(store, artefact.key, stage.place)
    reporter.done(artefact, reused=not computed, seconds=time.monotonic() - started)
    return artefact


def _write_run(recipe: Recipe, store: Store, made: dict[str, Artefact], name: str) -> Run:
    dataset, features = (made[stage].manifest.facts for stage in ("dataset", "features"))
    keys = {stage: artefact.key for stage, artefact in made.items()}
    usual = recipe.classifier.NAME == "linear-svm" or "classifier" not in made
    kernel = "" if usual else f" · {recipe.classifier.NAME}"
    written = Run(
        name=name,
        title=f"{dataset.get('title', recipe.source.NAME)} · {features.get('model', recipe.extractor.NAME)}{kernel}",
        C=recipe.classifier.C,
        stages=keys,
        command=recipe.command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    store.save_run(written)
    return written


def _name(recipe: Recipe, store: Store, stages: dict[str, str]) -> str:
    """Give the recipe's name; numbered where another recipe's run has it, which nobody asked to replace."""
    wanted = recipe.run_name
    numbered = (wanted if number == 1 else f"{wanted[:76]}-{number}" for number in itertools.count(1))
    return recipe.name or next(name for name in numbered if _is_free(name, recipe, store, stages))


def _is_free(name: str, recipe: Recipe, store: Store, stages: dict[str, str]) -> bool:
    if name not in store.run_names():
        return True
    there = store.run(name)
    return there.command == recipe.command or there.stages == stages
