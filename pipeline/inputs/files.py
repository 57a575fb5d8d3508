"""Read files that strangers made: never more of them than expected, and known by their digest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from cache.commands import Again
from cache.errors import LazybonesError
from pipeline.errors import SourceError, UnsafeInput

BLOCK = 1 << 16


def read_bytes(path: Path, max_bytes: int, error: Callable[[str], LazybonesError] = SourceError) -> bytes:
    """Give a file's content, unless it is larger than it can rightly be.

    Parameters
    ----------
    path : Path
        A regular file; a symbolic link to one is followed.
    max_bytes : int
        Size cap, in bytes.
    error : type of exception, optional
        What to raise if the file cannot be read.

    Raises
    ------
    LazybonesError
        If there is no such regular file, or it cannot be read; of type ``error``.
    UnsafeInput
        If the file is larger than ``max_bytes``.
    """
    if not path.is_file():  # a named pipe or a device would block or never end
        raise error(f"{path} must be a readable file. Got {describe(path)}.")
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # room for all that may be read would be made at once
            content = file.read(min(max_bytes, size + BLOCK) + 1)
    except OSError as problem:
        raise error(f"{path} must be a readable file. Got {problem.strerror or problem}.") from problem
    if len(content) > max_bytes:
        raise UnsafeInput(f"{path} must be at most {max_bytes:,} bytes. Got {path.stat().st_size:,} bytes.")
    return content


def describe(path: Path) -> str:
    """Say in a few words what is at a path, for an error message."""
    try:
        if path.is_dir():
            return "a folder with " + list_briefly(sorted(entry.name for entry in path.iterdir()))
        if path.is_file():
            return f"a file of {path.stat().st_size:,} bytes"
        return "something that is no file" if path.exists() else "nothing there"
    except OSError as problem:
        return f"something that cannot be looked at: {problem.strerror}"


def list_briefly(items: list[str], most: int = 8) -> str:
    """Join a few names, and count the rest."""
    rest = len(items) - most
    return (", ".join(items[:most]) or "nothing in it") + (f" and {rest} more" if rest > 0 else "")


def check_unchanged(
    what: object, found: object, known: object, error: Callable[..., LazybonesError] = SourceError
) -> None:
    """Check that a file's digest is still the one that an identity was computed from.

    Raises
    ------
    LazybonesError
        If it is not; of type ``error``.
    """
    if found != known:
        raise error(f"{what} must not change between two looks. Got another SHA-256.", remedy=Again())


def file_digest(path: Path, algorithm: str) -> str:
    """Give the digest of a file's content, in hexadecimal.

    Parameters
    ----------
    path : Path
        The file.
    algorithm : str
        A name that `hashlib.new` knows: ``"sha256"``, or ``"md5"`` where a publisher gives no other.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def bytes_digest(content: bytes, algorithm: str) -> str:
    """Give the digest of bytes, in hexadecimal; see `file_digest`."""
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
