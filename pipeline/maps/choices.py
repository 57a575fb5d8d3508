"""The ways to lay a map out, as pages and addresses write them: ``projection=tsne&perplexity=50``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cache import Artefact, Run, Store, StoreError
from pipeline.cli.options import read_choice
from pipeline.errors import InvalidParameter
from pipeline.plugins.recipe import Choice, flag_of
from pipeline.plugins.registry import names, plugin

KIND = "projections"


@dataclass(frozen=True)
class MapParameter:
    """Describe a parameter that changes how a map looks.

    Attributes
    ----------
    name : str
        What it is called in Python.
    option : str
        What it is called on the command line, without the dashes, and in an address.
    default : float
        Its value where none is given.
    low, high : float
        Values worth trying; the method may take others.
    about : str
        What it does, for people.
    """

    name: str
    option: str
    default: float
    low: float
    high: float
    about: str


def map_methods() -> tuple[str, ...]:
    """List the ways to lay a map out."""
    return names(KIND)


def map_parameters(method: str) -> tuple[MapParameter, ...]:
    """List the parameters of a method that change how a map looks: those with a range worth trying.

    Raises
    ------
    InvalidParameter
        If there is no such method.
    """
    usual, found = Choice.of(KIND, method).stage, []
    for item in fields(usual):
        if "range" in item.metadata:
            low, high = item.metadata["range"]
            found.append(
                MapParameter(
                    item.name, _option(item), getattr(usual, item.name), low, high, item.metadata["about"]
                )
            )
    return tuple(found)


def map_options() -> tuple[str, ...]:
    """List the options of all methods, in alphabetical order: what an address may say of a map."""
    return tuple(sorted({_option(item) for method in map_methods() for item in fields(plugin(KIND, method))}))


def read_map(method: str, written: Mapping[str, str]) -> Choice:
    """Read how a map is to be laid out.

    Parameters
    ----------
    method : str
        One of `map_methods`.
    written : mapping of str to str
        Value of each option, as anybody may have typed it; what is not given has its default.

    Raises
    ------
    InvalidParameter
        If there is no such method, it has no such option, or a value is not allowed.
    """
    return read_choice(KIND, method, written)


def write_map(choice: Choice) -> dict[str, str]:
    """Write how a map is laid out: the method, and the options that differ from their defaults."""
    changed = {
        _option(item): _word(getattr(choice.stage, item.name))
        for item in fields(choice.stage)
        if getattr(choice.stage, item.name) != item.default
    }
    return {"projection": choice.name, **changed}


def describe_map(choice: Choice) -> str:
    """Say the parameters that change how a map looks, and what else differs: "perplexity 30"."""
    shown = {parameter.option for parameter in map_parameters(choice.name)} | set(write_map(choice))
    told = ((_option(item), getattr(choice.stage, item.name)) for item in fields(choice.stage))
    return ", ".join(f"{option} {_word(value)}" for option, value in told if option in shown)


def choice_of(projection: Artefact) -> Choice | None:
    """Give how a map was laid out; None if this version would not do it like that."""
    manifest = projection.manifest
    if manifest.plugin not in map_methods():
        return None
    known = {item.name for item in fields(plugin(KIND, manifest.plugin))}
    given = {name: value for name, value in manifest.identity.items() if name in known}
    try:
        choice = Choice.of(KIND, manifest.plugin, **given)
    except InvalidParameter:
        return None
    same = choice.stage.identity() == manifest.identity and manifest.plugin_version == choice.stage.VERSION
    return choice if same else None


def map_memory(choice: Choice, n: int) -> int:
    """Estimate how many bytes a map of ``n`` images takes while it is laid out; 0 where the method does not say."""
    return choice.stage.memory(n) if hasattr(choice.stage, "memory") else 0


def stored_maps(store: Store, run: Run) -> dict[str, Choice]:
    """List the maps of a run's features that are in the store and that this version would make.

    Returns
    -------
    dict of str to Choice
        How each was laid out, by key; by method, then by parameters.
    """
    found: dict[str, Choice] = {}
    for key in (key for stage, key in store.artefacts() if stage == "projection"):
        try:
            projection = store.artefact("projection", key)
            made_of, choice = projection.manifest.inputs, choice_of(projection)
        except StoreError:  # damaged: the others are there all the same, and `verify` tells of it
            continue
        if choice is not None and made_of == {"features": run.stages.get("features")}:
            found[key] = choice
    return dict(sorted(found.items(), key=lambda item: (item[1].name, [*item[1].parameters.values()])))


def _option(item: Any) -> str:
    return flag_of(item).removeprefix("--")


def _word(value: Any) -> str:
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
