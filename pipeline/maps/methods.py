"""The maps of a run, by how they are laid out: as pages and addresses write it, ``projection=tsne&perplexity=50``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from cache import Artefact, Run, Store, StoreError
from pipeline.errors import InvalidParameter
from pipeline.stages.kinds import Projection


def map_options() -> tuple[str, ...]:
    """List the options of all projections, in alphabetical order: what an address may say of a map."""
    methods = map(Projection.find, Projection.names())
    return tuple(sorted({option.key for method in methods for option in method.options()}))


def write_map(projection: Projection) -> dict[str, str]:
    """Write how a map is laid out: the method, and the options that differ from their defaults."""
    return {
        "projection": projection.NAME,
        **{option.key: _word(value) for option, value in projection.changed()},
    }


def describe_map(projection: Projection, facts: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Say the parameters that change how a map looks, and what else differs: "perplexity 30".

    Parameters
    ----------
    projection : Projection
        What was asked for.
    facts : mapping, optional
        Of a map that is there: what was used, where that had to be something else.
    """
    changed = write_map(projection)
    values = {name: facts.get(name, value) for name, value in projection.parameters.items()}
    told = (option for option in projection.options() if option.about or option.key in changed)
    return ", ".join(f"{option.key} {_rounded(values[option.name])}" for option in told)


def projection_of(laid_out: Artefact) -> Projection | None:
    """Give how a map was laid out; None if this version would not do it like that."""
    manifest = laid_out.manifest
    try:
        method = Projection.find(manifest.plugin)
        known = {option.name for option in method.options()}
        projection = method(**{name: value for name, value in manifest.identity.items() if name in known})
    except InvalidParameter:
        return None
    same = projection.identity() == manifest.identity and manifest.plugin_version == projection.VERSION
    return projection if same else None


def stored_maps(store: Store, run: Run) -> dict[str, Projection]:
    """List the maps of a run's features that are in the store and that this version would make.

    Returns
    -------
    dict of str to Projection
        How each was laid out, by key; by method, then by parameters.
    """
    found: dict[str, Projection] = {}
    for key in (key for stage, key in store.artefacts() if stage == "projection"):
        try:
            laid_out = store.artefact("projection", key)
            made_of, projection = laid_out.manifest.inputs, projection_of(laid_out)
        except StoreError:  # damaged: the others are there all the same, and `verify` tells of it
            continue
        if projection is not None and made_of == {"features": run.stages.get("features")}:
            found[key] = projection
    return dict(sorted(found.items(), key=lambda item: (item[1].NAME, [*item[1].parameters.values()])))


def with_map(run: Run, laid_out: Artefact) -> Run:
    """Give a run as it would be with another map; what was measured of its own map does not count any more."""
    kept = {stage: key for stage, key in run.stages.items() if stage != "faithfulness"}
    own = run.stages.get("projection") == laid_out.key
    return run if own else replace(run, stages={**kept, "projection": laid_out.key})


def _word(value: Any) -> str:
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _rounded(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) and not value.is_integer() else _word(value)
