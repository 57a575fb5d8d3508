"""How far a run is that is not finished, as the store says: another process makes it, or did until it ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from cache import Store
from cache.errors import ArtefactMissing
from cache.making import Making, StageState, is_being_made, makings, read_making

Kind = Literal["working", "failed", "interrupted"]


@dataclass(frozen=True)
class Unfinished:
    """Hold how far a run is.

    Attributes
    ----------
    name : str
        The run's name.
    making : Making or None
        What its maker says; None where it says nothing, or nothing that can be trusted.
    alive : bool
        Whether somebody makes it now.
    listed : bool
        Whether the run's file is there: before that, nothing of it can be shown.
    there : frozenset of str
        The stages whose results are in the store.
    title : str
        A line for people.
    command : str
        What makes it, and goes on with it; empty where nobody knows.
    """

    name: str
    making: Making | None
    alive: bool
    listed: bool = False
    there: frozenset[str] = frozenset()
    title: str = ""
    command: str = ""

    @property
    def kind(self) -> Kind:
        """Where it stands."""
        if self.alive:
            return "working"
        return "failed" if self.making is not None and self.making.error else "interrupted"

    @property
    def signature(self) -> tuple[Kind, bool, frozenset[str]]:
        """What pages are drawn of: they are drawn again when it is another."""
        return self.kind, self.listed, self.there

    @property
    def stages(self) -> tuple[StageState, ...]:
        """Its stages in their order, but those that it has not."""
        said = self.making.stages if self.making is not None else ()
        return tuple(stage for stage in said if stage.state != "left out")

    @property
    def at_work(self) -> StageState | None:
        """The stage that is being computed."""
        return next((stage for stage in self.stages if stage.state == "working"), None)


def unfinished(store: Store, name: str) -> Unfinished | None:
    """Tell how far a run is; None if it is finished, or nobody knows of it.

    Raises
    ------
    ArtefactCorrupt, SchemaTooNew
        If the run's file cannot be read.
    """
    run = None
    with suppress(ArtefactMissing):  # it is not written yet
        run = store.run(name)
    if run is not None and run.finished:
        return None
    making, alive = read_making(store, name), is_being_made(store, name)
    if run is not None:
        there = frozenset(stage for stage, key in run.stages.items() if store.has(stage, key))
        return Unfinished(name, making, alive, True, there, run.title, run.command)
    if making is not None:
        return Unfinished(name, making, alive, title=making.title, command=making.command)
    return Unfinished(name, None, alive) if alive else None


def known_names(store: Store, asked: str | None) -> list[str]:
    """List the names of all runs, and of those that will be, in alphabetical order.

    Parameters
    ----------
    store : Store
        Where they are.
    asked : str, optional
        The one that somebody asks for: it counts from the moment that somebody makes it.
    """
    names = {*store.run_names(), *(making.run for making in makings(store))}
    if asked is not None and asked not in names and is_being_made(store, asked):
        names.add(asked)
    return sorted(names)
