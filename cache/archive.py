"""Unpacking a bundle's zip, trusting nothing in it."""

from __future__ import annotations

import secrets
import shutil
import stat
import zipfile
import zlib
from pathlib import Path

from cache.commands import shell
from cache.disk import OWN_TEMPORARY, read_error, write_errors
from cache.errors import ArtefactCorrupt, StoreError
from cache.files import discard, sha256
from cache.keys import is_file_name, is_key, is_run_name, is_stage
from cache.locks import locked
from cache.remedies import bundle_remedy

MAX_BYTES = 20 * 2**30
MAX_FILES = 10_000
MAX_RATIO = 200  # unpacked against packed; arrays of numbers reach 10
SMALL = 64 * 2**20  # bytes; below this, any ratio is harmless

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # Python unpacks the others without a bound on memory
_MALFORMED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OverflowError)


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a bundle's zip, once per content.

    Parameters
    ----------
    archive : Path
        The ``.zip``.
    folder : Path
        Where to put it. Several processes may ask at once: one unpacks, the others wait.

    Returns
    -------
    Path
        The store's folder, inside ``folder``.

    Raises
    ------
    ArtefactCorrupt
        If it is not a zip, is too large, or holds a member that no bundle has.
    StoreError
        If there is no room for it, or ``folder`` cannot be written.
    """
    try:
        target = folder / sha256(archive)[:16]
        with zipfile.ZipFile(archive) as bundle, write_errors(folder, OWN_TEMPORARY):
            members = bundle.infolist()
            _check_members(archive, members)
            if not _is_whole(members, target):  # a folder gets this name when it is
                with locked(folder / "unpack.lock"):
                    _unpack_once(archive, bundle, members, target)
            return target
    except _MALFORMED as error:
        raise _refusal(archive, "be a bundle's zip", str(error) or type(error).__name__) from error
    except OSError as error:  # write_errors has taken what lies below the folder
        raise read_error(archive, error, bundle_remedy(archive)) from error


def _unpack_once(
    archive: Path, bundle: zipfile.ZipFile, members: list[zipfile.ZipInfo], target: Path
) -> None:
    if not _is_whole(members, target):  # another process may have done it meanwhile
        _check_room(members, target.parent)
        _write_members(archive, bundle, target)


def _is_whole(members: list[zipfile.ZipInfo], target: Path) -> bool:
    return all(_is_there(member, target) for member in members)


def _is_there(member: zipfile.ZipInfo, target: Path) -> bool:
    path = target / member.filename  # a system may have swept its temporary folder
    return path.is_file() and path.stat().st_size == member.file_size


def _check_members(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(member.file_size for member in members), archive.stat().st_size
    if size > MAX_BYTES or len(members) > MAX_FILES or size > max(SMALL, MAX_RATIO * packed):
        raise _refusal(
            archive,
            f"hold under {MAX_BYTES:,} bytes in {MAX_FILES:,} files, at most {MAX_RATIO} times its own size",
            f"{size:,} bytes in {len(members):,} files from {packed:,} bytes",
        )
    if len({member.filename for member in members}) < len(members):
        raise _refusal(archive, "hold each file once", "one twice")
    for member in members:
        if not (_has_place(member.filename) and _is_plain(member)):
            raise _refusal(archive, "hold runs/ and artefacts/ only, as plain files", repr(member.filename))


def _has_place(name: str) -> bool:
    match name.split("/"):
        case ["runs", file]:
            return file.endswith(".json") and is_run_name(file.removesuffix(".json"))
        case ["artefacts", stage, key, file]:
            return is_stage(stage) and is_key(key) and is_file_name(file)
    return False


def _is_plain(member: zipfile.ZipInfo) -> bool:
    is_file = stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)
    return is_file and not member.flag_bits & 1 and member.compress_type in _METHODS  # bit 0: encrypted


def _check_room(members: list[zipfile.ZipInfo], folder: Path) -> None:
    size, free = sum(member.file_size for member in members), shutil.disk_usage(folder).free
    if size > free:
        raise StoreError(
            f"The disk of {folder} must have {size:,} bytes free. Got {free:,}.",
            remedy=shell("df", "-h", folder),
        )


def _write_members(archive: Path, bundle: zipfile.ZipFile, target: Path) -> None:
    for abandoned in target.parent.glob("*.tmp-*"):  # by a killed process: we hold the lock
        shutil.rmtree(abandoned, ignore_errors=True)
    working = target.with_name(f"{target.name}.tmp-{secrets.token_hex(4)}")
    try:
        for member in bundle.infolist():
            path = working / member.filename
            path.parent.mkdir(parents=True, exist_ok=True)
            with bundle.open(member) as source, path.open("wb") as sink:
                shutil.copyfileobj(source, sink)  # stops at the declared size
            if path.stat().st_size != member.file_size:
                raise _refusal(archive, f"hold all of {member.filename}", "less than it declares")
        if target.exists():
            discard(target)
        working.rename(target)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _refusal(archive: Path, wanted: str, got: str) -> ArtefactCorrupt:
    return ArtefactCorrupt(f"{archive} must {wanted}. Got {got}.", remedy=bundle_remedy(archive))
