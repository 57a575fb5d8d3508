"""The run: the only place that knows the order of the stages."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from cache import Artefact, Draft, Run, Store
from cache.keys import stage_key
from pipeline.api import retrain
from pipeline.compute.progress import Progress
from pipeline.plugins.recipe import Choice, Recipe
from pipeline.plugins.registry import require_packages
from pipeline.stages.extraction import extract_features
from pipeline.stages.faithfulness import FaithfulnessStage
from pipeline.stages.neighbours import NeighboursStage
from pipeline.stages.thumbnails import ThumbnailsStage
from pipeline.stages.validation import ValidationStage

Compute = Callable[[Draft, Progress], None]


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
    steps = _Steps(store, reporter)
    dataset = steps.dataset(recipe.source)
    features = steps.features(recipe.extractor, dataset)
    classifier = steps.classifier(recipe.classifier, dataset, features)
    validation = steps.validation(recipe.classifier, recipe.seed, dataset, features)
    projection = steps.projection(recipe.projection, features)
    neighbours = steps.neighbours(features)
    stages = [
        dataset,
        features,
        classifier,
        validation,
        projection,
        neighbours,
        steps.faithfulness(features, neighbours, projection),
        steps.thumbnails(dataset),
    ]
    written = _write_run(recipe, store, stages)
    steps.off_path(written, recipe.classifier.stage.C)
    return written


def _write_run(recipe: Recipe, store: Store, stages: list[Artefact]) -> Run:
    dataset, features = stages[0].manifest.facts, stages[1].manifest.facts
    keys = {artefact.manifest.stage: artefact.key for artefact in stages}
    kernel = "" if recipe.classifier.name == "linear-svm" else f" · {recipe.classifier.name}"
    written = Run(
        name=_name(recipe, store, keys),
        title=f"{dataset.get('title', recipe.source.name)} · {features.get('model', recipe.extractor.name)}{kernel}",
        C=recipe.classifier.stage.C,
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


class _Steps:
    """One method a stage: what it depends on, and how to compute it."""

    def __init__(self, store: Store, reporter: Reporter) -> None:
        self.store = store
        self.reporter = reporter

    def dataset(self, source: Choice) -> Artefact:
        if hasattr(source.stage, "prepare"):  # a source that downloads is known by what it downloaded
            with self.reporter.working("dataset", source.name) as progress:
                source.stage.prepare(progress)

        def compute(draft: Draft, progress: Progress) -> None:
            require_packages("sources", source.name)
            dataset = source.stage.load(progress)
            for split in ("train", "test"):
                for name in ("images", "labels", "ids"):
                    draft.save(f"{split}_{name}", getattr(getattr(dataset, split), name))
            draft.facts.update(dataset.facts, class_names=list(dataset.class_names))

        return self._stage("dataset", source, {}, compute)

    def features(self, extractor: Choice, dataset: Artefact) -> Artefact:
        def compute(draft: Draft, progress: Progress) -> None:
            require_packages("extractors", extractor.name)
            extract_features(draft, dataset, extractor.stage, progress)

        return self._stage("features", extractor, {"dataset": dataset.key}, compute)

    def classifier(self, classifier: Choice, dataset: Artefact, features: Artefact) -> Artefact:
        def compute(draft: Draft, progress: Progress) -> None:
            classifier.stage.write(draft, dataset, features, progress)

        inputs = {"dataset": dataset.key, "features": features.key}
        return self._stage("classifier", classifier, inputs, compute)

    def validation(self, classifier: Choice, seed: int, dataset: Artefact, features: Artefact) -> Artefact:
        gamma, per_class = (getattr(classifier.stage, name, None) for name in ("gamma", "per_class"))
        stage = ValidationStage(path=classifier.stage.path, seed=seed, gamma=gamma, per_class=per_class)

        def compute(draft: Draft, progress: Progress) -> None:
            stage.write(draft, dataset, features, progress)

        inputs = {"dataset": dataset.key, "features": features.key}
        return self._stage("validation", Choice(stage.NAME, stage), inputs, compute)

    def projection(self, projection: Choice, features: Artefact) -> Artefact:
        def compute(draft: Draft, progress: Progress) -> None:
            require_packages("projections", projection.name)
            points, facts = projection.stage.project(features.array("test"), progress)
            draft.save("test", points)
            draft.facts.update(facts)

        return self._stage("projection", projection, {"features": features.key}, compute)

    def neighbours(self, features: Artefact) -> Artefact:
        stage = NeighboursStage()

        def compute(draft: Draft, progress: Progress) -> None:
            indices, distances = stage.find(features.array("test"), progress)
            draft.save("indices", indices)
            draft.save("distances", distances)

        return self._stage("neighbours", Choice("exact", stage), {"features": features.key}, compute)

    def faithfulness(self, features: Artefact, neighbours: Artefact, projection: Artefact) -> Artefact:
        stage = FaithfulnessStage()

        def compute(draft: Draft, progress: Progress) -> None:
            stage.write(draft, features, neighbours, projection, progress)

        inputs = {artefact.manifest.stage: artefact.key for artefact in (features, neighbours, projection)}
        return self._stage("faithfulness", Choice(stage.NAME, stage), inputs, compute)

    def thumbnails(self, dataset: Artefact) -> Artefact:
        stage = ThumbnailsStage()

        def compute(draft: Draft, progress: Progress) -> None:
            sheets, facts = stage.draw(dataset.array("test_images"), progress)
            for number, sheet in enumerate(sheets):
                draft.path(f"sheet_{number}.webp").write_bytes(sheet)
            draft.facts.update(facts)

        return self._stage("thumbnails", Choice("webp", stage), {"dataset": dataset.key}, compute)

    def off_path(self, run: Run, C: float) -> None:
        """Fit the asked-for C if it is not on the path, as the dashboard would."""
        with self.reporter.working("classifier", f"C = {C:g}") as progress:
            retrain(self.store, run, C, progress)

    def _stage(self, stage: str, choice: Choice, inputs: dict[str, str], compute: Compute) -> Artefact:
        """Reuse the stage's result, or compute and write it."""
        plugin = choice.stage
        identity: dict[str, Any] = plugin.identity()
        key = stage_key(stage, choice.name, plugin.VERSION, identity, inputs)
        started = time.monotonic()
        reused = self.store.has(stage, key)
        if not reused:
            self._compute(stage, choice, identity, inputs, compute)
        artefact = self.store.artefact(stage, key)
        self.reporter.done(artefact, reused=reused, seconds=time.monotonic() - started)
        return artefact

    def _compute(
        self, stage: str, choice: Choice, identity: dict[str, Any], inputs: dict[str, str], compute: Compute
    ) -> None:
        plugin = choice.stage
        with (
            self.store.writing(
                stage,
                plugin=choice.name,
                version=plugin.VERSION,
                identity=identity,
                inputs=inputs,
                seed=getattr(plugin, "seed", None),
            ) as draft,
            self.reporter.working(stage, choice.name) as progress,
        ):
            compute(draft, progress)
