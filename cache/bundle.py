"""Runs, packed into a folder or a zip that a dashboard anywhere can serve."""

from __future__ import annotations

import itertools
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from cache.artefact import Artefact
from cache.belonging import Belongings
from cache.commands import Again, own_folder, without_folders
from cache.disk import write_errors
from cache.errors import StoreError
from cache.manifest import FILE_NAME, manifest_bytes
from cache.originals import without_originals, write_originals
from cache.runs import check_finished, write_run
from cache.store import Store

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
    working = target.with_name(f".{target.name}.tmp-{secrets.token_hex(4)}")
    try:
        with write_errors(target.parent, Again({"--output": own_folder(target.name)})):
            _fill(working, store, names, bare, originals)
            _finish(working, target, level)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return _size(target)


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
