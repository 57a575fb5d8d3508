"""One run, packed into a folder or a zip that a dashboard anywhere can serve."""

from __future__ import annotations

import secrets
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from cache.errors import ArtefactCorrupt, StoreError
from cache.files import sha256
from cache.keys import is_file_name, is_key, is_run_name, is_stage
from cache.runs import write_run
from cache.store import Store

MAX_BYTES = 20 * 2**30
MAX_FILES = 10_000


def pack(store: Store, names: list[str], target: Path) -> int:
    """Copy runs, and everything they are made of, into a new folder or zip.

    Parameters
    ----------
    store : Store
        Where the runs are.
    names : list of str
        The runs.
    target : Path
        A folder that does not exist yet, or a file name that ends in ``.zip``.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    StoreError
        If the target exists, or an artefact is missing or damaged.
    """
    if target.exists():
        raise StoreError(
            f"The bundle {target} must not exist yet. Got an existing one.", remedy=f"rm -r {target}"
        )
    runs = [store.run(name) for name in names]
    working = target.with_name(f".{target.name}.tmp-{secrets.token_hex(4)}")
    try:
        (working / "runs").mkdir(parents=True)
        for run in runs:
            for stage, key in run.stages.items():
                _copy(store, stage, key, working)
            write_run(working / "runs" / f"{run.name}.json", run)
        if target.suffix == ".zip":
            _zip(working, target)
        else:
            working.rename(target)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return _size(target)


def _copy(store: Store, stage: str, key: str, folder: Path) -> None:
    artefact = store.artefact(stage, key)
    target = folder / "artefacts" / stage / key
    if target.exists():
        return
    for _ in artefact.verify():
        pass
    shutil.copytree(artefact.folder, target)


def _zip(folder: Path, target: Path) -> None:
    temporary = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(path, path.relative_to(folder).as_posix())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _size(path: Path) -> int:
    return (
        path.stat().st_size
        if path.is_file()
        else sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
    )


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a bundle's zip, once per content, trusting nothing in it.

    Parameters
    ----------
    archive : Path
        The ``.zip``.
    folder : Path
        Where to put it.

    Returns
    -------
    Path
        The store's folder, inside ``folder``.

    Raises
    ------
    ArtefactCorrupt
        If it is not a zip, is too large, or holds a member that no bundle has.
    """
    remedy = "python -m pipeline bundle RUN --output NEW.zip   # where the run was made"
    try:
        target = folder / sha256(archive)[:16]
        if not target.is_dir():
            _unpack_members(archive, target, remedy)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ArtefactCorrupt(f"{archive} must be a bundle's zip. Got: {error}.", remedy=remedy) from error
    return target


def _unpack_members(archive: Path, target: Path, remedy: str) -> None:
    working = target.with_name(f"{target.name}.tmp-{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(archive) as bundle:
            members = bundle.infolist()
            size = sum(member.file_size for member in members)
            if size > MAX_BYTES or len(members) > MAX_FILES:
                raise ArtefactCorrupt(
                    f"{archive} must hold under {MAX_BYTES:,} bytes in {MAX_FILES:,} files. "
                    f"Got {size:,} in {len(members):,}.",
                    remedy=remedy,
                )
            for member in members:
                _check_member(archive, member, remedy)
            for member in members:
                path = working / member.filename
                path.parent.mkdir(parents=True, exist_ok=True)
                with bundle.open(member) as source, path.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
        working.rename(target)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _check_member(archive: Path, member: zipfile.ZipInfo, remedy: str) -> None:
    parts = PurePosixPath(member.filename).parts
    is_run = len(parts) == 2 and parts[0] == "runs" and is_run_name(parts[1].removesuffix(".json"))
    is_artefact = (
        len(parts) == 4
        and parts[0] == "artefacts"
        and is_stage(parts[1])
        and is_key(parts[2])
        and is_file_name(parts[3])
    )
    plain = stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG) and not member.is_dir()
    if not (plain and (is_run or is_artefact)) or "/".join(parts) != member.filename:
        raise ArtefactCorrupt(
            f"{archive} must hold runs/ and artefacts/ only. Got the member {member.filename!r}.",
            remedy=remedy,
        )
