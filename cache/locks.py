"""Locks between processes: whoever comes second waits, knows for whom, and can give up.

They are the operating system's (`flock`): it frees them when their holder ends, however that ends, so nobody ever waits
for the dead. What a lock's file says of its holder is for people only. The file goes when its holder is done: who has
waited for it looks whether it is still the one at that place. What a killed holder leaves, `free` removes.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import platform
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cache.errors import StoreLocked

Waiting = Callable[[str], None]
"""Told who is waited for, after each try in vain; what it raises ends the wait."""

POLL = 0.2
"""Seconds between two tries."""

SOMEBODY = "another process"
_SIGNATURE = 200  # bytes
_LOG = logging.getLogger(__name__)


@contextmanager
def locked(path: Path, waiting: Waiting | None = None, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock while the block runs.

    Parameters
    ----------
    path : Path
        The lock's file; it goes when the lock is free again, unless it is shared.
    waiting : callable, optional
        Told who is waited for; by default the log says it, once.
    shared : bool
        Whether others may hold it too, if they share it; who waits for them is not told their names.

    Raises
    ------
    OSError
        If the file cannot be written, or is on a file system without locks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = _wait(path, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, waiting or _once(_LOG.warning))
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, b"" if shared else _signature().encode("ascii", "replace")[:_SIGNATURE], 0)
        yield
    finally:
        if not shared and _is_at(handle, path):
            path.unlink(missing_ok=True)
        os.close(handle)


def free(path: Path) -> bool:
    """Remove the file of a lock that nobody holds; tell whether it went."""
    try:
        with locked(path, refuse):
            return True
    except StoreLocked:
        return False


def refuse(holder: str) -> None:
    """Wait for nobody.

    Raises
    ------
    StoreLocked
        Always.
    """
    raise StoreLocked(
        f"An artefact must have one writer at a time. Got a second one, beside {holder}.",
        remedy="wait for it to finish, then run the same command again",
    )


def is_held(path: Path) -> bool:
    """Tell whether somebody holds a lock now, without waiting; False where that cannot be seen."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe would block
    except OSError:
        return False
    try:
        return not _take(handle, path, fcntl.LOCK_SH)
    except OSError:
        return False
    finally:
        os.close(handle)


def any_holder(folder: Path) -> str:
    """Name somebody who holds one of a folder's locks now."""
    for path in sorted(folder.glob("*.lock")):
        try:
            handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if not _take(handle, path, fcntl.LOCK_EX):
                return _holder(handle)
        finally:
            os.close(handle)
    return SOMEBODY


def _wait(path: Path, how: int, told: Waiting) -> int:
    """Give a handle of a lock's file once the lock is ours: that of the file which is at its place by then."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(errno.EINVAL, "Not a plain file", str(path))
            while not _take(handle, path, how):
                told(_holder(handle))
                time.sleep(POLL)
            if _is_at(handle, path):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _take(handle: int, path: Path, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    return True


def _signature() -> str:
    """Name this process: "pipeline run, process 4242 on host"."""
    program = Path(sys.argv[0])
    words = [program.parent.name if program.stem in {"__main__", "app"} else program.stem, *sys.argv[1:2]]
    name = " ".join(word for word in words if word and not word.startswith("-"))
    return f"{name or 'python'}, process {os.getpid()} on {platform.node()}"


def _holder(handle: int) -> str:
    text = os.pread(handle, _SIGNATURE, 0).decode("utf-8", "replace")
    plain = text and text.isascii() and text.isprintable()
    return text.removesuffix(f" on {platform.node()}") if plain else SOMEBODY


def _once(log: Callable[[str, str], None]) -> Waiting:
    seen: set[str] = set()

    def told(holder: str) -> None:
        if holder not in seen:
            seen.add(holder)
            log("Waiting for %s.", holder)

    return told
