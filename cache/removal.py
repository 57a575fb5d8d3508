"""Removing from a store: from its first root only, never through a link, never under a writer's hands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cache.commands import shell
from cache.disk import write_errors
from cache.errors import StoreError, StoreLocked
from cache.files import discard
from cache.keys import is_key, is_stage
from cache.locks import Waiting, any_holder, free, is_held, locked, refuse
from cache.places import place_file
from cache.schema import STAGES
from cache.store import Store, artefact_lock, users_lock

FOLDERS = ("runs", "making", "locks", "places", "digests", "tables")
"""Of a store, beside ``artefacts``: what may be removed lies directly in them."""


def artefact_folders(root: Path) -> list[Path]:
    """List what lies under ``artefacts/<stage>/``, finished or not, in order: folders, or what is in their place."""
    stages = (folder for folder in sorted(root.glob("artefacts/*")) if is_stage(folder.name))
    return [path for stage in stages for path in sorted(stage.glob("*"))]


def wrong_folders(root: Path) -> Iterator[Path]:
    """Find what stands in the place of a store's folder: what lies in there looks as if it were not there."""
    names = ("artefacts", "bundles", *FOLDERS, *(f"artefacts/{stage}" for stage in STAGES))
    for path in (root / name for name in names):
        if os.path.lexists(path) and not path.is_dir():
            yield path


def check_removable(store: Store, place: Path) -> None:
    """Check that a store may be cleaned: what nobody may look at looks as if it were not there.

    Parameters
    ----------
    store : Store
        The store.
    place : Path
        Where it is.

    Raises
    ------
    StoreError
        If it may not, or is a bundle's zip.
    """
    folders = [store.root / name for name in ("", "artefacts", "bundles", *FOLDERS)]
    folders += sorted(store.root.glob("artefacts/*"))
    closed = [path for path in folders if path.is_dir() and not os.access(path, os.R_OK | os.W_OK | os.X_OK)]
    if store.scratch or closed:
        wrong = closed[0] if closed else place
        raise StoreError(
            f"{wrong} must be a folder that you may read and write, to be cleaned. Got another.",
            remedy=shell("ls", "-ld", wrong),
        )


def is_finished(folder: Path) -> bool:
    """Tell whether a folder has the name of a finished artefact."""
    return is_key(folder.name)


def is_draft(folder: Path) -> bool:
    """Tell whether a folder has the name of an unfinished artefact: ``<key>.partial``, ``<key>.tmp-...``."""
    key, _, suffix = folder.name.partition(".")
    return is_key(key) and (suffix == "partial" or suffix.startswith("tmp-"))


def remove(store: Store, paths: Iterable[Path], still: Callable[[Path], bool] = Path.exists) -> list[Path]:
    """Remove artefact folders, run files, and what writers leave.

    Parameters
    ----------
    store : Store
        Only what lies in its first root is removed.
    paths : iterable of Path
        ``<root>/artefacts/<stage>/<folder>``, or what lies in a folder of ``FOLDERS``; others are left alone.
    still : callable, optional
        Asked of each artefact's folder once its writers are kept away: whether it must go, still.

    Returns
    -------
    list of Path
        What was removed: not what is being written now, nor what lies behind a symbolic link.

    Raises
    ------
    StoreError
        If something may not be removed.
    """
    ours = [path for path in dict.fromkeys(paths) if _is_ours(path, store.root)]
    with write_errors(store.root):
        return [path for path in ours if _remove_one(store, path, still)]


@contextmanager
def alone(store: Store, waiting: Waiting) -> Iterator[None]:
    """Keep all writers away: a run is saved after its artefacts, so they look unneeded until then.

    Parameters
    ----------
    store : Store
        The store.
    waiting : callable
        Told who is waited for; what it raises ends the wait.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    locks = users_lock(store.root)
    with write_errors(store.root), locked(locks, lambda _: waiting(any_holder(locks.parent))):
        yield


def _is_ours(path: Path, root: Path) -> bool:
    known = path.parent.parent == root / "artefacts" or path.parent in {root / name for name in FOLDERS}
    return known and path.parent.resolve().is_relative_to(root.resolve())


def _remove_one(store: Store, path: Path, still: Callable[[Path], bool]) -> bool:
    folder = path.parent.name if path.parent.parent == store.root else ""
    if folder == "locks":
        return free(path)
    if folder in ("runs", "making") and is_held(
        artefact_lock(store.root, "run", path.name.partition(".json")[0])
    ):
        return False
    if folder:
        return _discard_if(path, still if folder == "tables" else os.path.lexists)
    try:
        with locked(artefact_lock(store.root, path.parent.name, path.name.partition(".")[0]), refuse):
            goes = _discard_if(path, still)
    except StoreLocked:
        return False
    if goes and path.parent.name == "dataset":
        place_file(store.root, path.name).unlink(missing_ok=True)
    return goes


def _discard_if(path: Path, still: Callable[[Path], bool]) -> bool:
    goes = path.is_symlink() or still(path)
    if goes:
        discard(path)
    return goes
