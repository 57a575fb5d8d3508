"""The run: the only place that knows the order of the stages."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

from cache import Artefact, Draft, Run, Store, StoreError
from cache.making import Making
from cache.places import remember_place
from pipeline.colours.stage import ColoursStage
from pipeline.compute.progress import Progress, waiting_on
from pipeline.duplicates.stage import DuplicatesStage
from pipeline.errors import InvalidParameter
from pipeline.inputs.datasets import no_classifier
from pipeline.labels.hit_rate import HitRateStage
from pipeline.labels.suspects import SuspectsStage
from pipeline.plugins.plugin import Plugin
from pipeline.recipe import Recipe
from pipeline.reporting import Recorder, Reporter, waiting
from pipeline.retraining.retrainer import retrain
from pipeline.retraining.setting import run_settings
from pipeline.retraining.support_index import SupportIndexStage, is_indexed
from pipeline.stages.contract import Inputs, Keys, Stage, ensure, key_of
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.kinds import Classifier, Source
from pipeline.stages.learning import LearningCurveStage
from pipeline.stages.neighbours import NeighboursStage
from pipeline.stages.separability import SeparabilityStage
from pipeline.stages.thumbnails import ThumbnailsStage
from pipeline.stages.validation import ValidationStage

ANALYSES = ("separability", "learning", "duplicates", "suspects", "hitrate")
"""What a run goes without where its images are too few for it."""

LEARNT = ("classifier", "colours", "validation", "separability", "learning", "suspects", "hitrate")
"""What a run of images lacks that no classifier can be learnt from."""


def run(recipe: Recipe, store: Store, reporter: Reporter) -> Run:
    """Compute what is missing and write the run: at the beginning, unfinished, for those who look on, and at the end.

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
        held.enter_context(_one_at_a_time(store, recipe.run_name, reporter))  # it may choose another
        stages = stages_of(recipe)
        making = Making("", recipe.command, _provisional_title(recipe), waiting(stages))
        recorder = held.enter_context(Recorder(reporter, store, making))
        if settled := settled_name(recipe, store):
            recorder.begin(settled)
        keys = _prepare(stages, store, recorder)
        name = _name(recipe, store, keys)
        if name != recipe.run_name:
            held.enter_context(_one_at_a_time(store, name, reporter))
        recorder.begin(name)
        _begin_run(recipe, store, keys, name)
        made = _make(recipe, store, recorder, keys, name)
        finished = _finished_run(recipe, made, name)
        if "classifier" in made:
            _make_own(recipe.classifier, store, recorder, finished)
        store.save_run(finished)
        return finished


def _make_own(machine: Classifier, store: Store, reporter: Reporter, finished: Run) -> None:
    """Fit the classifier that the run is about, which may be off the path, and index its support vectors."""
    with reporter.working("classifier", f"C = {machine.C:g}") as progress:
        fit, _ = retrain(store, finished, run_settings(store, finished).own.at(machine.C), progress)
        if is_indexed(store.artefact("dataset", finished.stages["dataset"]), fit):
            gamma = fit.manifest.facts.get("gamma")
            ensure(store, SupportIndexStage(machine.C, gamma, machine.per_class), finished.stages, progress)


def _make(recipe: Recipe, store: Store, reporter: Reporter, keys: Keys, name: str) -> dict[str, Artefact]:
    """Compute the stages in their order, but those that these images leave nothing to learn for."""
    made: dict[str, Artefact] = {}
    source, *others = stages_of(recipe)
    made[source.STAGE] = _complete(store, source, {}, reporter)
    if why := no_classifier(made[source.STAGE]):
        for stage in (stage for stage in others if stage.STAGE in LEARNT):
            reporter.left_out(stage, why)
        others = [stage for stage in others if stage.STAGE not in LEARNT]
        _begin_run(recipe, store, {stage: key for stage, key in keys.items() if stage not in LEARNT}, name)
    left_out: dict[str, str] = {}
    for stage in others:
        known = {name: artefact.key for name, artefact in made.items()}
        if without := [left_out[name] for name in stage.INPUTS if name in left_out]:
            reporter.left_out(stage, without[0])
            continue
        try:
            made[stage.STAGE] = _complete(store, stage, known, reporter)
        except InvalidParameter as error:
            if stage.STAGE not in ANALYSES:
                raise
            left_out[stage.STAGE] = error.message
            reporter.left_out(stage, error.message)
    return made


def stages_of(recipe: Recipe) -> list[Stage]:
    """List the stages of a run in their order: each is computed from some before it."""
    machine = recipe.classifier
    return [
        recipe.source,
        ThumbnailsStage(),
        recipe.extractor,
        NeighboursStage(),
        recipe.projection,
        FaithfulnessStage(),
        machine,
        ColoursStage(machine.C),
        ValidationStage(machine.path, seed=recipe.seed, gamma=machine.gamma, per_class=machine.per_class),
        SeparabilityStage(machine.C, gamma=machine.gamma),
        LearningCurveStage(machine.C, gamma=machine.gamma),
        DuplicatesStage(),
        SuspectsStage(),
        HitRateStage(),
    ]


@contextmanager
def _one_at_a_time(store: Store, name: str, reporter: Reporter) -> Iterator[None]:
    """Hold the lock of a run's name: who looks sees by it that the run is being made."""
    with ExitStack() as held:
        with reporter.working("store", name) as progress:
            held.enter_context(store.locked("run", name, waiting_on(progress)))
        yield


def _prepare(stages: list[Stage], store: Store, reporter: Reporter) -> dict[str, str]:
    """Give the stages' keys, after a look at all that could be wrong at the end: files, places, packages."""
    store.check_writable(stage.STAGE for stage in stages)
    keys: dict[str, str] = {}
    for stage in stages:
        with reporter.working(stage.STAGE, stage.NAME) as progress:
            stage.prepare(progress, store)
        keys[stage.STAGE] = key_of(stage, keys)
        if isinstance(stage, Plugin) and not store.has(stage.STAGE, keys[stage.STAGE]):
            stage.require_packages()
    return keys


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


def _begin_run(recipe: Recipe, store: Store, keys: dict[str, str], name: str) -> None:
    """Write the run for those who look on, unless it is there."""
    with suppress(StoreError):  # there is none, or a damaged one, which a name that was asked for replaces
        there = store.run(name)
        if there.finished and there.stages.items() <= keys.items():  # it may have no classifier
            return
    store.save_run(_run(recipe, keys, name, _provisional_title(recipe), finished=False))


def _finished_run(recipe: Recipe, made: dict[str, Artefact], name: str) -> Run:
    dataset, features = (made[stage].manifest.facts for stage in ("dataset", "features"))
    usual = recipe.classifier.NAME == "linear-svm" or "classifier" not in made
    kernel = "" if usual else f" · {recipe.classifier.NAME}"
    title = (
        f"{dataset.get('title', recipe.source.NAME)} · {features.get('model', recipe.extractor.NAME)}{kernel}"
    )
    return _run(recipe, {stage: artefact.key for stage, artefact in made.items()}, name, title, finished=True)


def _run(recipe: Recipe, keys: dict[str, str], name: str, title: str, *, finished: bool) -> Run:
    return Run(
        name=name,
        title=title,
        C=recipe.classifier.C,
        stages=keys,
        command=recipe.command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        finished=finished,
    )


def _provisional_title(recipe: Recipe) -> str:
    return f"{recipe.source.short_name} · {recipe.extractor.NAME}"


def settled_name(recipe: Recipe, store: Store) -> str | None:
    """Give the name that a recipe's run will have; None where its keys decide, which are known once all is read.

    Raises
    ------
    StoreError
        If a run of that name cannot be read.
    """
    wanted = recipe.run_name
    settled = recipe.name or wanted not in store.run_names() or store.run(wanted).command == recipe.command
    return wanted if settled else None


def _name(recipe: Recipe, store: Store, stages: dict[str, str]) -> str:
    """Give the recipe's name; numbered where another recipe's run has it, which nobody asked to replace."""
    wanted = recipe.run_name
    numbered = (wanted if number == 1 else f"{wanted[:76]}-{number}" for number in itertools.count(1))
    return recipe.name or next(name for name in numbered if _is_free(name, recipe, store, stages))


def _is_free(name: str, recipe: Recipe, store: Store, stages: dict[str, str]) -> bool:
    if name not in store.run_names():
        return True
    there = store.run(name)
    return there.command == recipe.command or there.stages.items() <= stages.items()
