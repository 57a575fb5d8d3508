"""Removing from a store: from its first root only, never through a link, never under a writer's hands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cache.disk import write_errors
from cache.errors import StoreLocked
from cache.files import discard
from cache.keys import is_key, is_stage
from cache.locks import Waiting, any_holder, is_held, locked, refuse
from cache.places import place_file, tables_folder
from cache.store import Store, artefact_lock, users_lock


def artefact_folders(root: Path) -> list[Path]:
    """List the folders (and links) under ``artefacts/<stage>/``, finished or not, in order."""
    stages = (folder for folder in sorted(root.glob("artefacts/*")) if is_stage(folder.name))
    entries = (path for stage in stages for path in sorted(stage.glob("*")))
    return [path for path in entries if path.is_dir() or path.is_symlink()]


def is_finished(folder: Path) -> bool:
    """Tell whether a folder has the name of a finished artefact."""
    return is_key(folder.name)


def is_draft(folder: Path) -> bool:
    """Tell whether a folder has the name of an unfinished artefact: ``<key>.partial``, ``<key>.tmp-...``."""
    key, _, suffix = folder.name.partition(".")
    return is_key(key) and (suffix == "partial" or suffix.startswith("tmp-"))


def remove(store: Store, paths: Iterable[Path], still: Callable[[Path], bool] = Path.exists) -> list[Path]:
    """Remove artefact folders and run files.

    Parameters
    ----------
    store : Store
        Only what lies in its first root is removed.
    paths : iterable of Path
        ``<root>/artefacts/<stage>/<folder>``, ``<root>/tables/<folder>``, ``<root>/runs/<file>`` or
        ``<root>/making/<file>``; others are left alone.
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
    is_artefact = path.parent.parent == root / "artefacts"
    is_table = path.parent == tables_folder(root)
    return (is_artefact or is_table or _is_of_run(path, root)) and path.parent.resolve().is_relative_to(
        root.resolve()
    )


def _is_of_run(path: Path, root: Path) -> bool:
    return path.parent in (root / "runs", root / "making")


def _remove_one(store: Store, path: Path, still: Callable[[Path], bool]) -> bool:
    if _is_of_run(path, store.root):
        if is_held(artefact_lock(store.root, "run", path.name.partition(".json")[0])):
            return False
        path.unlink(missing_ok=True)
        return True
    if path.parent == tables_folder(store.root):
        return _discard_if(path, still)
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
