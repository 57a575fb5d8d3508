"""What the operating system refuses, said in the store's words."""

from __future__ import annotations

import errno
import hashlib
import os
import shlex
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cache.commands import Again, Command, own_folder, shell
from cache.errors import ArtefactCorrupt, StoreError
from cache.files import kind_of

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EROFS, errno.EPERM}
_SHORT = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
_NO_FILE = {
    errno.EISDIR,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.ELOOP,
    errno.EINVAL,
    errno.ENXIO,
}  # something of another kind is there


OWN_FOLDER = Again({"--cache": own_folder("lazybones-store")})
_TEMPORARY = shlex.quote(str(own_folder("lazybones-tmp")))
OWN_TEMPORARY = Command(f"mkdir -p {_TEMPORARY} && export TMPDIR={_TEMPORARY}")


def temporary_of(place: Path) -> Path:
    """Give the folder, below the user's own temporary one, for what belongs to a place; nothing is made.

    Raises
    ------
    StoreError
        If the system has no folder for temporary files.
    """
    name = hashlib.sha256(str(place.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    try:
        return Path(tempfile.gettempdir()) / f"lazybones-{os.getuid()}" / name
    except FileNotFoundError as error:
        raise StoreError(
            "A folder for temporary files must be writable. Got none.", remedy=OWN_TEMPORARY
        ) from error


@contextmanager
def write_errors(root: Path, remedy: str = OWN_FOLDER) -> Iterator[None]:
    """Turn a failure to write below ``root`` into a `StoreError`; other failures pass through.

    Parameters
    ----------
    root : Path
        A folder.
    remedy : str, optional
        The command to name if something in it cannot be written.

    Raises
    ------
    StoreError
        If the disk is full, or something below ``root`` cannot be written.
    """
    try:
        yield
    except OSError as error:
        where = Path(error.filename) if isinstance(error.filename, str) else None
        if where is not None and not (where.is_relative_to(root) or root.is_relative_to(where)):
            raise  # the block did something else too, for example it read a source
        if error.errno in _FULL:
            raise StoreError(
                f"The disk of {where or root} must have room. Got: {error.strerror}.",
                remedy=shell("df", "-h", root),
            ) from error
        if where is None:
            raise
        if remedy is OWN_FOLDER and (placed := misplaced(root, error)) is not None:
            raise placed from error
        if root.is_dir():
            raise StoreError(f"{where} must be writable. Got: {error.strerror}.", remedy=remedy) from error
        raise StoreError(
            f"{root} must be a folder that can be made and written. Got: {error.strerror}.", remedy=remedy
        ) from error


def misplaced(root: Path, error: OSError) -> StoreError | None:
    """Say what stands in the place of a folder or file of the store, if that is what an error is about.

    Nothing of a person's is removed for that: the command that helps moves it aside.
    """
    names = [name for name in (error.filename2, error.filename) if isinstance(name, str)]
    for path in map(Path, names):
        above = [folder for folder in (*reversed(path.parents), path) if root in folder.parents]
        if above and error.errno in _NO_FILE:
            wrong = next((one for one in above[:-1] if os.path.lexists(one) and not one.is_dir()), None)
            if wrong is not None or (error.errno == errno.EEXIST and not path.is_dir()):
                return wrong_kind(wrong or path, "a folder")
            if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
                return wrong_kind(path, "a plain file")
    return None


def wrong_kind(path: Path, wanted: str) -> StoreError:
    """Give the error for something at a path of the store that is none of its own: "a folder", "a plain file"."""
    return StoreError(
        f"{path} must be {wanted}. Got {kind_of(path)}.", remedy=shell("mv", path, f"{path}.aside")
    )


def check_writable(folder: Path) -> None:
    """Make a folder if there is none, and check that a file can be written into it.

    Raises
    ------
    OSError
        If not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")


def read_error(path: Path, error: Exception, repair: str) -> StoreError:
    """Give the error for a file that cannot be read.

    Parameters
    ----------
    path : Path
        The file.
    error : Exception
        What reading it raised.
    repair : str
        The command to name if the file is damaged.

    Returns
    -------
    StoreError
        `ArtefactCorrupt` if the file is to blame; else a plain `StoreError`, so that nobody deletes a good
        file for want of permission, memory or file handles.
    """
    number = error.errno if isinstance(error, OSError) else None
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    if isinstance(error, MemoryError) or number in _DENIED | _SHORT:
        return StoreError(f"{path} must be readable. Got: {reason}.", remedy=shell("ls", "-l", path))
    return ArtefactCorrupt(f"{path} must be readable. Got: {reason}.", remedy=repair)
