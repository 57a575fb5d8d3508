"""Another map of a run: the same images and features, laid out by another method or with other parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cache import Artefact, Draft, Run, Store
from pipeline.compute.progress import Progress, silent
from pipeline.plugins.recipe import Choice
from pipeline.plugins.registry import require_packages
from pipeline.stages.stored import find_stored, stored


def find_map(store: Store, run: Run, method: str, **parameters: Any) -> Artefact | None:
    """Look up what `lay_out_map` gives; None if it has to be computed.

    Parameters and errors as there.
    """
    choice = Choice.of("projections", method, **parameters)
    return find_stored(store, "projection", choice.name, choice.stage, _inputs(run))


def lay_out_map(
    store: Store, run: Run, method: str, progress: Progress = silent, **parameters: Any
) -> Artefact:
    """Give a map of a run's test images, laying it out if need be.

    It has the key that ``python -m pipeline run`` would give it, so neither does it again.

    Parameters
    ----------
    store : Store
        Where to look, and where it is written.
    run : Run
        Whose features to use.
    method : str
        One of `map_methods`.
    progress : Progress, optional
        Counts iterations; raises `Cancelled` to stop.
    **parameters
        Of the method, for example ``perplexity=50``.

    Returns
    -------
    Artefact
        A ``projection`` artefact.

    Raises
    ------
    InvalidParameter
        If there is no such method, or a parameter is not allowed.
    MissingPackage
        If the method needs one that is not installed.
    Cancelled
        If ``progress`` raised it; nothing is written.
    StoreError
        If the run's features cannot be read, or the map not be written.
    """
    choice, inputs = Choice.of("projections", method, **parameters), _inputs(run)
    require_packages("projections", method)

    def compute(draft: Draft) -> None:
        features = store.artefact("features", inputs["features"])
        points, facts = choice.stage.project(features.array("test"), progress)
        draft.save("test", points)
        draft.facts.update(facts)

    return stored(store, "projection", choice.name, choice.stage, inputs, compute)


def with_map(run: Run, projection: Artefact) -> Run:
    """Give a run as it would be with another map; what was measured of its own map does not count any more."""
    kept = {stage: key for stage, key in run.stages.items() if stage != "faithfulness"}
    own = run.stages.get("projection") == projection.key
    return run if own else replace(run, stages={**kept, "projection": projection.key})


def _inputs(run: Run) -> dict[str, str]:
    return {"features": run.stages.get("features", "")}
