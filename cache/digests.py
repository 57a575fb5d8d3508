"""What a folder's files held when they were last read, so that those that are unchanged need not be read again.

It is noted by how a file looks from outside: size, time of last change of content and of anything, inode. A file that
was changed moments before it was read may be changed again without looking different, as clocks of file systems tick
slowly; it is read again (git calls such files racy). Only digests are noted, no names; no bundle takes them along.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cache.disk import write_errors
from cache.files import read_plain, write_atomically

SETTLED = 3 * 10**9  # nanoseconds; the slowest clock, that of FAT, ticks every two seconds
MAX_FILES = 2_000_000
MAX_FOLDERS = 64  # the last ones used
SECONDS_BETWEEN_NOTES = 5.0

_LOOK, _DIGEST = 16, 32  # bytes
_ROW = _LOOK + _DIGEST


class Digests:
    """Remember the SHA-256 of a folder's files in a store.

    Parameters
    ----------
    root : Path
        The store's first root.
    folder : Path
        The folder, as an absolute path.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:40]
        self._path = root / "digests" / name
        self._before = _read(self._path)
        self._now: dict[bytes, bytes] = {}
        self._noted = time.monotonic()

    def digest(self, name: str, file: Path, read: Callable[[], str]) -> str:
        """Give a file's SHA-256, 64 hex digits, without reading it where it looks as it did.

        Parameters
        ----------
        name : str
            What tells it from others in the folder.
        file : Path
            What is looked at: the file, or the archive that it lies in.
        read : callable
            Gives the digest of its content now; what it raises goes through, and nothing is noted.
        """
        look, settled = _look(name, file)
        known = self._before.get(look)
        if known is None:
            sha256 = read()
            if not settled or _look(name, file)[0] != look:
                return sha256
            known = bytes.fromhex(sha256)
        self._now[look] = known
        return known.hex()

    def note(self, *, finished: bool) -> None:
        """Write down what is known; while not ``finished``, now and then, and what was known before too.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        if not finished and time.monotonic() - self._noted < SECONDS_BETWEEN_NOTES:
            return
        known = self._now if finished else self._before | self._now
        if len(known) <= MAX_FILES and (known != self._before or not self._path.is_file()):
            with write_errors(self._root):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(
                    self._path, _sealed(b"".join(look + digest for look, digest in known.items()))
                )
                _remove_oldest(self._path.parent)
        self._noted = time.monotonic()

    def forget(self) -> None:
        """Forget all: a file was not what was known of it."""
        self._before, self._now = {}, {}
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _look(name: str, file: Path) -> tuple[bytes, bool]:
    """Give what tells a file's state from any other, and whether it has been in it for a while; links are followed."""
    try:
        found = file.stat()
    except OSError:
        return b"", False
    state = (name, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    look = hashlib.blake2b(repr(state).encode("utf-8", "surrogatepass"), digest_size=_LOOK).digest()
    return look, max(found.st_mtime_ns, found.st_ctime_ns) < _clock() - SETTLED


def _clock() -> int:
    return time.time_ns()


def _sealed(rows: bytes) -> bytes:
    return rows + hashlib.sha256(rows).digest()


def _read(path: Path) -> dict[bytes, bytes]:
    """Give what was noted; nothing where that is damaged, or no file of ours."""
    try:
        content = read_plain(path, MAX_FILES * _ROW + _DIGEST)
    except (OSError, ValueError):
        return {}
    rows = content[:-_DIGEST]
    if len(rows) % _ROW or _sealed(rows) != content:
        return {}
    return {
        rows[start : start + _LOOK]: rows[start + _LOOK : start + _ROW] for start in range(0, len(rows), _ROW)
    }


def _remove_oldest(folder: Path) -> None:
    """Keep what was written last."""
    with suppress(OSError):
        paths = sorted(folder.iterdir(), key=lambda path: path.lstat().st_mtime_ns, reverse=True)
        for path in paths[MAX_FOLDERS:]:
            path.unlink()
