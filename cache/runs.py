"""A run: a name, and the keys of the results it is made of."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cache.commands import COMMAND, Command, command, is_own_command
from cache.errors import ArtefactCorrupt, StoreError
from cache.files import write_atomically
from cache.keys import SCHEMA, is_key, is_run_name, is_stage
from cache.remedies import repair_command
from cache.sealed import seal, unseal


@dataclass(frozen=True)
class Run:
    """Describe a run.

    Attributes
    ----------
    name : str
        Lower-case letters, digits, dots, dashes; unique in a store.
    title : str
        A line for people.
    C : float
        The SVM's penalty that was asked for.
    stages : dict of str to str
        Key of each stage's artefact, by stage.
    command : str
        The command that makes this run; it starts with ``COMMAND``. May be empty.
    created : str
        Time of writing, ISO 8601, UTC.
    finished : bool
        False while it is being made (`cache.making`): some of its artefacts may not be there yet.
    """

    name: str
    title: str
    C: float
    stages: dict[str, str]
    command: str
    created: str
    schema: int = SCHEMA
    finished: bool = True

    @cached_property
    def content(self) -> str:
        """All that it says, which tells it from any other."""
        return repr(self)


def _is_whole(run: Run, name: str) -> bool:
    try:
        return run.name == name and _has_good_fields(run)
    except (TypeError, AttributeError, OverflowError):  # a field of another type, a C beyond all floats
        return False


def _has_good_fields(run: Run) -> bool:
    texts = (run.name, run.title, run.command, run.created)
    return (
        all(isinstance(text, str) for text in texts)
        and is_run_name(run.name)
        and is_own_command(run.command)
        and isinstance(run.C, int | float)
        and not isinstance(run.C, bool)
        and math.isfinite(run.C)
        and run.C > 0
        and isinstance(run.finished, bool)
        and all(is_stage(stage) and is_key(key) for stage, key in run.stages.items())
    )


def read_run(path: Path) -> Run:
    """Read a run's file.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If it is absent, damaged, or newer than this version.
    """
    content: dict[str, Any] = unseal(path, repair_command(path))
    try:
        run = Run(**content)
    except TypeError as error:
        raise ArtefactCorrupt(
            f"{path} must describe a run. Got: {error}.", remedy=repair_command(path)
        ) from error
    if not _is_whole(run, path.stem):
        raise ArtefactCorrupt(
            f"{path} must describe the run {path.stem!r}, with a command of ours. Got {repr(run)[:300]}.",
            remedy=repair_command(path),
        )
    return run


def check_finished(run: Run) -> None:
    """Refuse a run that is still being made, or was interrupted.

    Raises
    ------
    StoreError
        If it is; names the command that finishes it.
    """
    if not run.finished:
        raise StoreError(
            f"Run {run.name} must be finished. Got one that is being made or was interrupted.",
            remedy=Command(run.command),
        )


def write_run(path: Path, run: Run) -> None:
    """Write a run's file, whole or not at all.

    Raises
    ------
    StoreError
        If the run's fields are not valid.
    """
    if not _is_whole(run, path.stem):
        raise StoreError(
            "A run must have a name of lower-case letters, digits, dots and dashes, "
            f"C > 0, valid keys, and a command that starts with '{COMMAND}'. Got {run}.",
            remedy=command("run", "--help"),
        )
    write_atomically(path, seal(asdict(run)))
