"""How much memory there is, and what a fit may therefore keep."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from cache.commands import Command
from pipeline.errors import InvalidParameter, SourceError

VARIABLE = "LAZYBONES_MEMORY"
SHARE_WHEN_UNSET = 0.5
"""Part of the machine's free memory a process takes where nothing limits it: others live there too."""
SPARE = 0.1
"""Part of the budget that a fit leaves alone: while it runs, people open pages."""
MAX_THREADS = 8

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of glibc's malloc.h
_PROMPTLY = {_M_MMAP_THRESHOLD: 2**22, _M_ARENA_MAX: 2}

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def parse_size(text: str) -> int:
    """Read a size such as ``512MB``, ``2GB``, ``1.5GiB`` or ``536870912``.

    Parameters
    ----------
    text : str
        A number and a unit: B, kB, MB, GB, TB are powers of 1,000, KiB, MiB, GiB, TiB of 1,024.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    InvalidParameter
        If it is not a positive size.
    """
    match = _SIZE.fullmatch(text)
    size = 0
    if match:
        number, unit, binary = match.groups()
        size = int(float(number) * (1024 if binary else 1000) ** _POWERS[unit.lower()])
    if size <= 0 or (match and match[3] and not match[2]):
        raise InvalidParameter(
            f"{VARIABLE} must be a size such as 512MB or 2GB. Got {text!r}.",
            remedy=Command(f"export {VARIABLE}=512MB"),
        )
    return size


def budget(environment: Mapping[str, str] = os.environ, share: float = SHARE_WHEN_UNSET) -> int:
    """Give how many bytes this process may take, all in all.

    Parameters
    ----------
    environment : mapping of str to str
        Where ``LAZYBONES_MEMORY`` is looked up; without it, the container's limit or the free memory counts.
    share : float, optional
        Part of the free memory that counts.

    Raises
    ------
    InvalidParameter
        If ``LAZYBONES_MEMORY`` is not a size.
    """
    if environment.get(VARIABLE, "").strip():
        return parse_size(environment[VARIABLE])
    limits = [limit for path in CGROUP_LIMITS if (limit := _read_limit(path)) is not None]
    return min([*limits, resident() + int(share * psutil.virtual_memory().available)])


def _read_limit(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def resident() -> int:
    """Give how many bytes of memory this process holds now, and those that it counts as its own."""
    return psutil.Process().memory_info().rss + sum(map(resident_of, list(_counted())))


def resident_of(process: int) -> int:
    """Give how many bytes of memory a process holds now; none if it has ended."""
    try:
        return int(psutil.Process(process).memory_info().rss)
    except psutil.Error:
        return 0


def count(process: int) -> None:
    """Count what another process holds as held by this one, whose work it does, until it is told to `count_no_more`."""
    _counted().add(process)


def count_no_more(process: int) -> None:
    """Take back what `count` said."""
    _counted().discard(process)


@cache
def _counted() -> set[int]:
    """Hold the numbers of the processes that work for this one."""
    return set()


def available(kept: int = 0, share: float = SHARE_WHEN_UNSET) -> int:
    """Give how many bytes a fit may take beyond what this process holds.

    Parameters
    ----------
    kept : int
        Bytes it holds for this very purpose.
    share : float, optional
        As in `budget`.

    Raises
    ------
    InvalidParameter
        If ``LAZYBONES_MEMORY`` is not a size.
    """
    return int((1 - SPARE) * budget(share=share)) - resident() + kept


def require(what: str, size: int) -> None:
    """Check that there is memory for something, before it is begun.

    Parameters
    ----------
    what : str
        What it is for.
    size : int
        Bytes.

    Raises
    ------
    SourceError
        If there is not.
    """
    room = max(available(), 0)
    if size > room:
        raise SourceError(
            f"Memory for {what} must be {size / 1e6:,.0f} MB. Got {room / 1e6:,.0f} MB.",
            remedy=f"fewer images, or more memory, which {VARIABLE} may limit",
        )


def give_back() -> None:
    """Return freed memory to the system, where the C library has a call for it; else it keeps most of it."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def return_promptly(environment: Mapping[str, str] = os.environ) -> bool:
    """Have the C library return memory as soon as it is freed, where ``LAZYBONES_MEMORY`` says that it is scarce.

    glibc gives threads heaps of their own, and once a large block was freed, it cuts later ones from those heaps,
    where a small neighbour keeps them: a dashboard of 10,000 images held 110 MB of that after two jobs. With a
    fixed threshold large blocks are mapped one by one, which takes longer. Call it before threads are started.

    Parameters
    ----------
    environment : mapping of str to str
        Where ``LAZYBONES_MEMORY`` is looked up.

    Returns
    -------
    bool
        Whether it was asked for, and the C library did it; another than glibc may have no such call.
    """
    if not environment.get(VARIABLE, "").strip():
        return False
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        return all(library.mallopt(option, value) for option, value in _PROMPTLY.items())
    return False


def threads(cores: int, bytes_each: int) -> int:
    """Give how many threads there is memory for, each with so many bytes: at least one, at most ``cores``."""
    return max(1, min(cores, available() // bytes_each))


@dataclass(frozen=True)
class Strategy:
    """Say what a fit keeps in memory.

    Attributes
    ----------
    keep_pairs : bool
        Keep the inner products between any two classes, for this fit and the next.
    keep_diagonal : bool
        Keep the inner products within each class, for this fit.
    threads : int
        Pairs solved side by side.
    """

    keep_pairs: bool
    keep_diagonal: bool
    threads: int


def decide(room: int, counts: Sequence[int], n_features: int, cores: int) -> Strategy:
    """Choose the fastest way that fits; every way gives the same numbers.

    Parameters
    ----------
    room : int
        Bytes that may be taken beyond those held now.
    counts : sequence of int
        Training rows of each class.
    n_features : int
        Columns.
    cores : int
        Processors that may be used.

    Returns
    -------
    Strategy
        One pair at a time with nothing kept, where even that is more than there is.
    """
    diagonal = 4 * sum(count**2 for count in counts)
    pairs = 2 * (sum(counts) ** 2) - diagonal // 2
    one = bytes_per_pair(counts, n_features)
    threads = max(1, min(cores, MAX_THREADS))
    for keep_pairs, kept in ((True, pairs + diagonal), (False, diagonal), (False, 0)):
        fitting = min(threads, (room - kept) // one)
        if fitting >= 1:
            return Strategy(keep_pairs, kept > 0, fitting)
    return Strategy(keep_pairs=False, keep_diagonal=False, threads=1)


def bytes_per_fit(counts: Sequence[int], n_features: int) -> int:
    """Give the bytes that a fit of all pairs at one C leaves until the last is done.

    Dual coefficients in float64, weight vectors in float32. A cross-validation does 65 such fits.
    """
    k = len(counts)
    return (k - 1) * (8 * sum(counts) + k * n_features * 4 // 2)


def bytes_per_pair(counts: Sequence[int], n_features: int) -> int:
    """Give the bytes that solving the largest pair takes.

    The Gram matrix in float64, its three blocks and libsvm's cache in float32, the rows and their check.
    """
    rows = sum(sorted(counts)[-2:])
    return rows**2 * (8 + 3 + 4) + rows * n_features * (4 + 1)
