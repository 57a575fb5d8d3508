"""Keep a store in order: find what is damaged or left over, and remove it.

Only the store's first root is ever changed: never a fallback such as the committed demo.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cache.artefact import Artefact
from cache.belonging import Belongings
from cache.bundle import being_packed, remove_unpacked
from cache.commands import command
from cache.consistency import check_dataset, check_run
from cache.disk import wrong_kind
from cache.errors import ArtefactCorrupt, ArtefactMissing, RunInconsistent, StoreError
from cache.places import tables_folder
from cache.removal import FOLDERS, artefact_folders, is_draft, is_finished, remove, wrong_folders
from cache.runs import Run, read_run
from cache.store import Store

Watcher = Callable[[int, int, str], None]
"""Takes note that ``done`` of ``total`` units of ``what`` are finished."""

_SETTLED = 60.0  # seconds: writing a small file takes milliseconds, so an older draft of one is abandoned


@dataclass(frozen=True)
class Problem:
    """Hold one thing that is wrong.

    Attributes
    ----------
    path : Path
        The artefact's folder or the run's file.
    error : StoreError
        What is wrong with it, and the command that helps.
    """

    path: Path
    error: StoreError


@dataclass(frozen=True)
class Usage:
    """Hold the bytes that one artefact's folder takes; ``path.parent.name`` is its stage."""

    path: Path
    size: int


def problems(store: Store, progress: Watcher | None = None) -> list[Problem]:
    """Read every file of every artefact and run, in all roots, and list what is wrong.

    Parameters
    ----------
    store : Store
        The store.
    progress : callable (done, total, what), optional
        Told the bytes checked so far.

    Returns
    -------
    list of Problem
        Damaged, unreadable and too new artefacts and runs, runs whose artefacts are not there or do not fit
        together, what was made on top of a run and does not fit it, and what stands in the place of a folder of the
        store.
    """
    return [
        *(
            Problem(path, wrong_kind(path, "a folder"))
            for root in store.roots
            for path in wrong_folders(root)
        ),
        *_artefact_problems(store, progress),
        *(problem for root in store.roots for problem in _run_problems(store, root)),
        *_on_top_problems(store),
    ]


def remove_corrupt(store: Store, progress: Watcher | None = None) -> list[Path]:
    """Remove damaged artefacts and damaged run files from the store's first root.

    A whole run whose artefacts are gone is kept: it holds the command that makes them again. What a newer
    version wrote, and what cannot be read for lack of permission, is kept too.

    Returns
    -------
    list of Path
        What was removed. An artefact that is being written now is left alone.
    """
    artefacts = [problem.path for problem in _artefact_problems(store, progress) if _is_damage(problem.error)]
    runs = [p.path for p in _run_problems(store, store.root) if isinstance(p.error, ArtefactCorrupt)]
    return remove(store, [*artefacts, *runs], still=lambda folder: _is_damage(_artefact_error(store, folder)))


def remove_stale(store: Store) -> list[Path]:
    """Remove what interrupted writers left in the store's first root.

    These are ``*.tmp-*`` and ``*.partial`` folders whose writer is gone, bundles that nobody packs any more, wherever
    they were to be, runs that nobody finishes, and locks that nobody holds. A ``.partial`` folder holds the finished
    pieces of a long stage: without it, the stage starts anew.

    Returns
    -------
    list of Path
        What was removed.
    """
    drafts = [folder for folder in artefact_folders(store.root) if is_draft(folder)]
    bundles = remove_unpacked(store)
    left = remove(store, [*drafts, *_abandoned_drafts(store.root), *_interrupted_runs(store.root)])
    remove(store, sorted((store.root / "locks").glob("*.lock")))  # nobody is told of these: they take no room
    return [*bundles, *left]


def remove_unreferenced(store: Store) -> list[Path]:
    """Remove finished artefacts, and tables of arrays, that belong to no run from the store's first root.

    What was made on top of a run, such as live fits and other maps, belongs to it (`cache.belonging`) and stays.
    What a run has made that is not saved yet does not: keep writers away (`cache.removal.alone`).

    Returns
    -------
    list of Path
        What was removed.

    Raises
    ------
    ArtefactCorrupt, SchemaTooNew
        If a run cannot be read: nobody knows what it needs.
    """
    commands = [run.command for run in _runs(store)]
    tables = [folder for folder in _tables(store) if not any(folder.name in made_by for made_by in commands)]
    return remove(store, [*unreferenced(store), *tables])


def unreferenced(store: Store) -> list[Path]:
    """List the finished artefacts of the first root that belong to no run.

    Raises
    ------
    ArtefactCorrupt, SchemaTooNew
        If a run cannot be read: nobody knows what it needs.
    """
    belongings, runs = Belongings(store), _runs(store)
    ours = belongings.needed(runs) | {key for run in runs for _, key in belongings.on_top(run)}
    return [folder for folder in _finished(store) if folder.name not in ours]


def remove_on_top(store: Store) -> list[Path]:
    """Remove what was made on top of runs, and no run needs, from the store's first root.

    The dashboard computes it again when somebody asks: live fits, other maps, learning curves.

    Returns and raises as `remove_unreferenced`.
    """
    belongings, runs = Belongings(store), _runs(store)
    spare = {key for run in runs for _, key in belongings.on_top(run)} - belongings.needed(runs)
    return remove(store, [folder for folder in _finished(store) if folder.name in spare])


def remove_all(store: Store) -> list[Path]:
    """Remove all runs and all artefacts, finished or not, from the store's first root.

    Returns
    -------
    list of Path
        What was removed. Artefacts that are being written now are left alone.
    """
    runs = sorted(path for folder in ("runs", "making") for path in (store.root / folder).glob("*.json*"))
    folders = [folder for folder in artefact_folders(store.root) if is_finished(folder) or is_draft(folder)]
    return remove(store, [*runs, *folders, *_tables(store)])


def sizes(store: Store) -> list[Usage]:
    """List the disk space, in bytes, of every artefact in all roots, unfinished ones included."""
    return [Usage(folder, _size(folder)) for root in store.roots for folder in artefact_folders(root)]


def taken(store: Store) -> int:
    """Count the bytes that a store takes, in all roots, and bundles that are not packed yet, wherever they are."""
    return sum(usage.size for usage in sizes(store)) + sum(map(_size, being_packed(store)))


def _tables(store: Store) -> list[Path]:
    return sorted(tables_folder(store.root).glob("*"))


def _artefact_problems(store: Store, progress: Watcher | None) -> Iterator[Problem]:
    usages = [usage for usage in sizes(store) if is_finished(usage.path)]
    done, total = 0, sum(usage.size for usage in usages)
    for usage in usages:
        error = _artefact_error(store, usage.path)
        if error:
            yield Problem(usage.path, error)
        done += usage.size
        if progress:
            progress(done, total, "bytes")


def _artefact_error(store: Store, folder: Path) -> StoreError | None:
    try:
        artefact = Artefact(folder, known=store.sizes_of)
        for _ in artefact.verify():
            pass
        if artefact.manifest.stage == "dataset":
            check_dataset(artefact)
    except StoreError as error:
        return error
    return None


def _is_damage(error: StoreError | None) -> bool:
    return isinstance(error, ArtefactCorrupt | ArtefactMissing)  # missing: the folder has no manifest


def _run_problems(store: Store, root: Path) -> Iterator[Problem]:
    for path in sorted((root / "runs").glob("*.json")):
        error = _run_error(store, path)
        if error:
            yield Problem(path, error)


def _run_error(store: Store, path: Path) -> StoreError | None:
    try:
        run = read_run(path)
    except StoreError as error:
        return error
    try:
        check_run(store, run)
    except (RunInconsistent, ArtefactMissing) as error:
        return error
    except StoreError:  # the artefact's own problem, which is told as such
        return None
    return None


def _on_top_problems(store: Store) -> Iterator[Problem]:
    """Check each artefact on top of a run against what it was made from; what cannot be read is told as such."""
    belongings = Belongings(store)
    checked: set[tuple[str, str]] = set()
    for name in store.run_names():
        with suppress(StoreError):
            run = store.run(name)
            for stage, key in set(belongings.on_top(run)) - checked:
                checked.add((stage, key))
                error = _misfit(store, run, stage, key)
                if error is not None:
                    yield Problem(store.artefact(stage, key).folder, error)


def _misfit(store: Store, run: Run, stage: str, key: str) -> StoreError | None:
    try:
        inputs = store.artefact(stage, key).manifest.inputs
        check_run(store, replace(run, stages={**inputs, stage: key}))
    except RunInconsistent as error:
        return RunInconsistent(error.message, remedy=command("clean", "--on-top"))
    except StoreError:  # the artefact's own problem, which is told as such
        return None
    return None


def _runs(store: Store) -> list[Run]:
    return [store.run(name) for name in store.run_names()]


def _finished(store: Store) -> list[Path]:
    return [folder for folder in artefact_folders(store.root) if is_finished(folder)]


def _abandoned_drafts(root: Path) -> Iterator[Path]:
    for path in sorted(path for name in FOLDERS for path in (root / name).glob("*.tmp-*")):
        with suppress(FileNotFoundError):  # its writer may finish at this moment
            if path.lstat().st_mtime < time.time() - _SETTLED:
                yield path


def _interrupted_runs(root: Path) -> Iterator[Path]:
    """Find the files of runs that are not finished, and of how far they are; `remove` leaves those under way."""
    yield from sorted((root / "making").glob("*.json*"))
    for path in sorted((root / "runs").glob("*.json")):
        with suppress(StoreError):
            if not read_run(path).finished:
                yield path


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # a file that vanishes meanwhile takes no space
            total += path.lstat().st_size
    return total
