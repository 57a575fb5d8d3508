"""Zip archives of images: members are read when they are needed, and nothing is unpacked to a disk."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cache.foreign import foreign
from pipeline.errors import SourceError, UnsafeInput

MAX_RATIO = 200  # unpacked against packed; pictures hardly shrink
SMALL = 64 << 20  # bytes; below this, any ratio is harmless
MAX_MEMBERS = 2_000_000
LONGEST = 1_000  # characters of a member's name
UTF8, ENCRYPTED = 0x800, 0x1  # flags of a member

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # Python unpacks the others without a bound on memory


class Archive:
    """Give the members of a zip file, trusting nothing in it.

    Parameters
    ----------
    path : Path
        The file.

    Attributes
    ----------
    folders : tuple of str
        Paths of its folders, "/" between their parts.
    refused : tuple of (str, str)
        Names of members that are never read, and why not.

    Raises
    ------
    SourceError
        If it is no zip file, or is damaged.
    UnsafeInput
        If it says that it unpacks to far more than its own size.
    """

    def __init__(self, path: Path) -> None:
        with foreign(lambda got: SourceError(f"{path} must be a zip file that can be read. Got: {got}.")):
            self._zip = zipfile.ZipFile(path)
        self._members: dict[str, zipfile.ZipInfo] = {}
        refused, folders = list[tuple[str, str]](), set[str]()
        self._check_size(path)
        for info in self._zip.infolist():
            name = _name(info)
            if reason := _refusal(info, name):
                refused.append((name[:LONGEST], reason))
            elif name.endswith("/"):
                folders.add(name.rstrip("/"))
            else:
                if name in self._members:
                    refused.append(
                        (name, "A name must be in an archive once. Got it again: the last one counts.")
                    )
                self._members[name] = info
        folders.update(above for name in [*folders, *self._members] for above in _folders_above(name))
        self.folders, self.refused = tuple(sorted(folders)), tuple(sorted(refused))

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of its files."""
        return tuple(self._members)

    def read(self, name: str, max_bytes: int) -> bytes:
        """Give the content of a file; from several threads at once, if need be.

        Raises
        ------
        SourceError
            If there is no such file, or it is damaged.
        UnsafeInput
            If it is larger than ``max_bytes``.
        """
        if name not in self._members:
            raise SourceError(f"{name!r} must be a file in its archive. Got none.")
        whole = foreign(lambda got: SourceError(f"{name!r} must be whole in its archive. Got: {got}."))
        with whole, self._zip.open(self._members[name]) as file:
            content = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise UnsafeInput(f"{name!r} must be at most {max_bytes:,} bytes. Got more.")
        return content

    def size(self, name: str) -> int:
        """Give the size of a file, in bytes, as the archive says; 0 of none."""
        return self._members[name].file_size if name in self._members else 0

    def _check_size(self, path: Path) -> None:
        members = self._zip.infolist()
        size, packed = sum(info.file_size for info in members), path.stat().st_size
        if size > max(SMALL, MAX_RATIO * packed) or len(members) > MAX_MEMBERS:
            raise UnsafeInput(
                f"{path} must hold at most {MAX_MEMBERS:,} files, of at most {MAX_RATIO} times its own size. "
                f"Got {len(members):,} files of {size:,} bytes in {packed:,} bytes."
            )


def open_archive(path: Path) -> Archive:
    """Open a zip file, or give it again while it is the same; raises as `Archive`."""
    try:
        found = path.stat()
    except OSError as problem:
        raise SourceError(
            f"{path} must be a zip file that can be read. Got: {problem.strerror}."
        ) from problem
    return _opened(path, found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2)
def _opened(path: Path, _inode: int, _changed: int, _size: int) -> Archive:
    return Archive(path)


def _name(info: zipfile.ZipInfo) -> str:
    """Give a member's name as its maker meant it: many write UTF-8 without saying so, some Windows' separators."""
    name = info.filename
    if not info.flag_bits & UTF8:
        with suppress(UnicodeError):  # then it is an old encoding, which nobody knows
            name = name.encode("cp437").decode("utf-8")
    name = name.replace("\\", "/") if info.create_system == 0 else name
    return name.removeprefix("./")


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Say why a member is never read; nothing where it may be."""
    parts = name.rstrip("/").split("/")
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
    if ".." in parts or "" in parts or "." in parts or ":" in parts[0]:
        return "A name in an archive must stay inside of it. Got one that leads elsewhere."
    if len(name) > LONGEST:
        return f"A name in an archive must have at most {LONGEST:,} characters. Got {len(name):,}."
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "An archive must hold plain files. Got a link or a device."
    if info.flag_bits & ENCRYPTED:
        return "A file in an archive must not be encrypted. Got one that needs a password."
    if info.compress_type not in _METHODS:
        return "A file in an archive must be stored or deflated. Got another method."
    return ""


def _folders_above(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    return ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
