"""Runs, packed into a folder or a zip that a dashboard anywhere can serve."""

from __future__ import annotations

import itertools
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from cache.artefact import Artefact
from cache.belonging import Belongings
from cache.commands import Again, own_folder, without_folders
from cache.disk import write_errors
from cache.errors import StoreError, StoreLocked
from cache.files import discard, read_plain, write_atomically
from cache.locks import locked, refuse
from cache.manifest import FILE_NAME, manifest_bytes
from cache.originals import without_originals, write_originals
from cache.places import LONGEST
from cache.runs import check_finished, write_run
from cache.store import Store, artefact_lock

_TOKEN = re.compile(r"[0-9a-f]{8}")
_MEMBERS = {"runs", "artefacts", "bundle.zip"}

Originals = Callable[[Artefact], Iterable[bytes]]
"""Gives the content of each picture's file of a data set, in their order."""


def pack(
    store: Store,
    names: list[str],
    target: Path,
    *,
    bare: bool = False,
    originals: Originals | None = None,
    level: int = 6,
) -> int:
    """Copy runs, everything they are made of, and what was made on top of them, into a new folder or zip.

    Parameters
    ----------
    store : Store
        Where the runs are.
    names : list of str
        The runs.
    target : Path
        A folder that does not exist yet, or a file name that ends in ``.zip``.
    bare : bool
        Leave out what was made on top of the runs (`cache.belonging`): live fits, other maps.
    originals : callable, optional
        Gives the files of a data set's images, which go along; without it none do.
    level : int
        How hard a zip is compressed, 1 to 9: the last saves 1 % and takes nine times as long as 6.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    StoreError
        If the target exists or cannot be written, a run is not finished, or an artefact is missing or damaged.
    """
    if target.exists() or target.is_symlink():
        raise StoreError(
            f"The bundle {target} must not exist yet. Got an existing one.",
            remedy=Again({"--output": _free(target)}),
        )
    with (
        _working(store, target) as working,
        write_errors(target.parent, Again({"--output": own_folder(target.name)})),
    ):
        _fill(working, store, names, bare, originals)
        _finish(working, target, level)
    return _size(target)


def remove_unpacked(store: Store) -> list[Path]:
    """Remove the folders of bundles whose packing was killed, wherever they are.

    A note in the store says where; it may come from anywhere, so nothing goes but a folder that looks like one of ours.

    Returns
    -------
    list of Path
        What was removed.

    Raises
    ------
    StoreError
        If something may not be removed.
    """
    removed = []
    with write_errors(store.root):
        for note in _notes(store):
            with suppress(StoreLocked), locked(_lock(store, note.name), refuse):
                if (working := _working_of(note)) is not None:
                    with write_errors(working.parent):
                        shutil.rmtree(working)
                    removed.append(working)
                discard(note)
    return removed


def being_packed(store: Store) -> list[Path]:
    """List the folders in which bundles are being packed, or were until somebody was killed."""
    return [working for note in _notes(store) if (working := _working_of(note)) is not None]


@contextmanager
def _working(store: Store, target: Path) -> Iterator[Path]:
    """Give the path of a folder beside the target; the store notes where, so that `clean` finds it after a kill."""
    token = secrets.token_hex(4)
    working, note = target.absolute().with_name(f".{target.name}.tmp-{token}"), store.root / "bundles" / token
    with write_errors(store.root), locked(_lock(store, token)):
        note.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(note, os.fsencode(working))
        try:
            yield working
        finally:
            shutil.rmtree(working, ignore_errors=True)
            note.unlink(missing_ok=True)


def _notes(store: Store) -> list[Path]:
    return sorted(path for path in (store.root / "bundles").glob("*") if _TOKEN.fullmatch(path.name))


def _lock(store: Store, token: str) -> Path:
    return artefact_lock(store.root, "bundle", token)


def _working_of(note: Path) -> Path | None:
    """Give the folder that a note is about, if it looks like one that a bundle was packed in: by name and content."""
    try:
        folder = Path(os.fsdecode(read_plain(note, LONGEST)))
        named = folder.name.startswith(".") and folder.name.endswith(f".tmp-{note.name}")
        ours = named and folder.is_absolute() and not folder.is_symlink()
        return folder if ours and {path.name for path in folder.iterdir()} <= _MEMBERS else None
    except (OSError, ValueError):
        return None


def _fill(folder: Path, store: Store, names: list[str], bare: bool, originals: Originals | None) -> None:
    runs = [store.run(name) for name in names]
    for run in runs:
        check_finished(run)
    belongings = None if bare else Belongings(store)
    (folder / "runs").mkdir(parents=True)
    for run in runs:
        on_top = belongings.on_top(run) if belongings else []
        for stage, key in [*run.stages.items(), *on_top]:
            _copy(store.artefact(stage, key), folder / "artefacts" / stage / key, originals)
        write_run(folder / "runs" / f"{run.name}.json", replace(run, command=without_folders(run.command)))


def _copy(artefact: Artefact, target: Path, originals: Originals | None) -> None:
    """Copy what the manifest lists, checked; a folder may hold other things, even links to private files."""
    if target.exists():
        return
    target.mkdir(parents=True)
    manifest = without_originals(artefact.manifest)
    for name in manifest.files:
        shutil.copyfile(artefact.path(name), target / name)
    if originals and "picture_ends.npy" in manifest.files:
        manifest = write_originals(target, manifest, originals(artefact))
    (target / FILE_NAME).write_bytes(manifest_bytes(manifest))


def _free(target: Path) -> Path:
    """Give the first name like this one that nothing has yet."""
    names = (target.with_stem(f"{target.stem}-{number}") for number in itertools.count(2))
    return next(path for path in names if not path.exists())


def _finish(folder: Path, target: Path, level: int) -> None:
    if target.suffix != ".zip":
        folder.rename(target)
        return
    packed = folder / "bundle.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path != packed):
            archive.write(path, path.relative_to(folder).as_posix())
    packed.replace(target)


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
