"""Former names, until the pages ask for stages: to be removed with the last import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cache import Artefact, Run, Store
from pipeline.compute.progress import Progress, silent
from pipeline.maps import methods
from pipeline.stages.contract import ensure, find
from pipeline.stages.kinds import Projection


@dataclass(frozen=True)
class Choice:
    """Hold a projection."""

    name: str
    stage: Projection

    @property
    def parameters(self) -> dict[str, Any]:
        """Its parameters."""
        return self.stage.parameters

    def options(self) -> list[str]:
        """Write its options."""
        return self.stage.command_line()


@dataclass(frozen=True)
class MapParameter:
    """Describe a parameter."""

    name: str
    option: str
    default: float
    low: float
    high: float
    about: str


def map_methods() -> tuple[str, ...]:
    """List the projections."""
    return Projection.names()


def map_parameters(method: str) -> tuple[MapParameter, ...]:
    """List the parameters of a projection that a page offers."""
    return tuple(
        MapParameter(option.name, option.key, option.default, option.low, option.high, option.about)
        for option in Projection.find(method).options()
        if option.about
    )


def read_map(method: str, written: Mapping[str, str]) -> Choice:
    """Read a projection."""
    return Choice(method, Projection.read(method, written))


def write_map(choice: Choice) -> dict[str, str]:
    """Write a projection."""
    return methods.write_map(choice.stage)


def describe_map(choice: Choice) -> str:
    """Describe a projection."""
    return methods.describe_map(choice.stage)


def choice_of(projection: Artefact) -> Choice | None:
    """Give how a map was laid out."""
    found = methods.projection_of(projection)
    return None if found is None else Choice(found.NAME, found)


def map_memory(choice: Choice, n: int) -> int:
    """Estimate a map's memory."""
    return choice.stage.memory(n)


def stored_maps(store: Store, run: Run) -> dict[str, Choice]:
    """List the maps in the store."""
    return {key: Choice(found.NAME, found) for key, found in methods.stored_maps(store, run).items()}


def find_map(store: Store, run: Run, method: str, **parameters: Any) -> Artefact | None:
    """Find a map."""
    return find(store, Projection.named(method, **parameters), run.stages)


def lay_out_map(
    store: Store, run: Run, method: str, progress: Progress = silent, **parameters: Any
) -> Artefact:
    """Lay out a map."""
    return ensure(store, Projection.named(method, **parameters), run.stages, progress)
