"""Files written whole or not at all, and their checksums."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
from pathlib import Path

from cache.errors import StoreError

State = tuple[int, int, int, int]
"""What tells one state of a file, or of a folder's list, from another: kind, inode, time of change in ns, size."""


def state_of(path: str | Path) -> State:
    """Look at a file or a folder.

    Raises
    ------
    OSError
        If there is nothing.
    """
    found = os.stat(path)  # noqa: PTH116  # asked for thousands of times a second
    return stat.S_IFMT(found.st_mode), found.st_ino, found.st_ctime_ns, found.st_size


def absolute(path: Path) -> Path:
    """Give a path from the root of the file system on, with the home directory in the place of ``~``.

    Raises
    ------
    StoreError
        If it begins at a home directory that nobody knows.
    """
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        raise StoreError(
            f"{path} must begin at a folder that is known. Got a home directory that is not.",
            remedy="the folder's full path",
        ) from error


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file's content, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush_to_disk(path: Path) -> None:
    """Wait until a file's content (or a folder's entries) would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Put ``content`` at ``path`` so that a reader sees all of it or none; unless ``lasting``, a power cut may lose it.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f"{path.name}.tmp-{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        if lasting:
            flush_to_disk(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if lasting:
        flush_to_disk(path.parent)


def read_plain(path: Path, most: int) -> bytes:
    """Read a file that anybody may have put there: a pipe would block, a link may lead anywhere, and it may be long.

    Raises
    ------
    OSError
        If it is no plain file, or cannot be read.
    ValueError
        If it has more than ``most`` bytes.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, f"{kind_of(path)} in the place of a plain file", str(path))
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"more than {most:,} bytes")
    return content


def kind_of(path: Path) -> str:
    """Say what is at a path; a link is not followed."""
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFREG: "a plain file"}
    return kinds.get(stat.S_IFMT(path.lstat().st_mode), "a pipe or a device")


def discard(path: Path) -> None:
    """Remove a folder, or a link but not what it leads to, so that readers see all of it or nothing.

    Raises
    ------
    OSError
        If it cannot be removed.
    """
    doomed = path.with_name(f"{path.name.partition('.')[0]}.tmp-{secrets.token_hex(4)}")
    path.rename(doomed)
    if doomed.is_dir() and not doomed.is_symlink():
        shutil.rmtree(doomed)
    else:
        doomed.unlink()
