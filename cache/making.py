"""How far a run is that is being made: written by who makes it, looked at by everybody, gone when it is there."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from cache.commands import Command, is_own_command
from cache.disk import write_errors
from cache.files import read_plain, write_atomically
from cache.keys import is_run_name, is_stage
from cache.locks import is_held
from cache.store import Store, artefact_lock

State = Literal["waiting", "working", "done", "left out"]

LONGEST = 4_000
"""Characters of a text."""

MOST_STAGES = 50
MAX_BYTES = 2**18


@dataclass(frozen=True)
class StageState:
    """Hold how far one stage of a run is.

    Attributes
    ----------
    stage : str
        Its name in the store: "features".
    detail : str
        What computes it: "hog".
    state : {"waiting", "working", "done", "left out"}
        A stage is left out where the run has none, as the classifier of images without classes.
    done, total : int
        Units finished, of all; ``total`` is 0 where nothing can be counted.
    what : str
        The units ("images"), or what goes on.
    seconds : float
        What it took, so far or in all.
    """

    stage: str
    detail: str = ""
    state: State = "waiting"
    done: int = 0
    total: int = 0
    what: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Making:
    """Hold how far a run is.

    Attributes
    ----------
    run : str
        Its name.
    command : str
        The command that makes it, and goes on with it.
    title : str
        A line for people, until the run has its own.
    stages : tuple of StageState
        In their order.
    error, remedy : str
        Why it failed and what to do about it; empty unless it did. The remedy is a `Command` where it is one of ours.
    updated : str
        Time of writing, ISO 8601, UTC; filled in by `write_making`.
    """

    run: str
    command: str
    title: str
    stages: tuple[StageState, ...]
    error: str = ""
    remedy: str = ""
    updated: str = ""


def making_file(root: Path, name: str) -> Path:
    """Give the file that says how far a run is."""
    return root / "making" / f"{name}.json"


def write_making(store: Store, making: Making) -> None:
    """Say how far a run is; call it at most twice a second. Texts become readable ones of `LONGEST` characters.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    content = asdict(making) | {"updated": datetime.now(UTC).isoformat(timespec="milliseconds")}
    path = making_file(store.root, making.run)
    with write_errors(store.root):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(_readable(content)).encode("ascii"), lasting=False)


def forget_making(store: Store, name: str) -> None:
    """Remove what says how far a run is: it is finished.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    with write_errors(store.root):
        making_file(store.root, name).unlink(missing_ok=True)


def read_making(store: Store, name: str) -> Making | None:
    """Tell how far a run is; None where nobody makes it, or where the file is not to be trusted."""
    if not is_run_name(name):
        return None
    for root in store.roots:
        making = _read(making_file(root, name))
        if making is not None and making.run == name:
            return making
    return None


def makings(store: Store) -> list[Making]:
    """List the runs that are being made, were interrupted or failed, by name."""
    names = {path.stem for root in store.roots for path in root.glob("making/*.json")}
    return [making for name in sorted(names) if (making := read_making(store, name)) is not None]


def is_being_made(store: Store, name: str) -> bool:
    """Tell whether somebody makes a run of that name now; nobody is kept waiting by the look."""
    return is_run_name(name) and any(is_held(artefact_lock(root, "run", name)) for root in store.roots)


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _readable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(item) for item in value]
    return value[:LONGEST].encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _read(path: Path) -> Making | None:
    try:
        return _making(json.loads(read_plain(path, MAX_BYTES)))
    except (OSError, LookupError, ValueError, TypeError, AttributeError, RecursionError, MemoryError):
        return None


def _making(content: dict[str, Any]) -> Making | None:
    stages = content.pop("stages")
    making = Making(**content, stages=tuple(StageState(**stage) for stage in stages))
    texts = [getattr(making, field.name) for field in fields(Making) if field.name != "stages"]
    good = (
        all(map(_is_text, texts))
        and is_run_name(making.run)
        and is_own_command(making.command)
        and len(making.stages) <= MOST_STAGES
        and all(map(_is_good, making.stages))
    )
    if not good:
        return None
    remedy = Command(making.remedy) if making.remedy and is_own_command(making.remedy) else making.remedy
    return Making(**{**vars(making), "remedy": remedy})


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value.encode()) <= 4 * LONGEST  # half characters raise


def _is_good(stage: StageState) -> bool:
    counts = (stage.done, stage.total)
    return (
        all(map(_is_text, (stage.stage, stage.detail, stage.what)))
        and is_stage(stage.stage)
        and stage.state in get_args(State)
        and all(type(count) is int and 0 <= count < 2**53 for count in counts)
        and type(stage.seconds) in (int, float)
        and math.isfinite(stage.seconds)
        and stage.seconds >= 0
    )
