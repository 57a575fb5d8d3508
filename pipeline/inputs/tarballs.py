"""Read a few named files out of a .tar.gz archive, without unpacking it."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from cache.foreign import foreign
from pipeline.errors import SourceError, UnsafeInput
from pipeline.inputs.files import describe

MAX_UNPACKED = 512 << 20  # bytes; CIFAR-10 unpacks to 186 million
MAX_MEMBERS = 1000


def read_members(archive: Path, wanted: Collection[str], max_bytes: int) -> dict[str, bytes]:
    """Give the content of the wanted files.

    Nothing is written to disk, and a member's path is never used as one: its last part is only compared
    with the wanted names.

    Parameters
    ----------
    archive : Path
        A .tar.gz file.
    wanted : collection of str
        File names, without folders.
    max_bytes : int
        Size cap of each wanted file, in bytes.

    Returns
    -------
    dict of str to bytes
        Content by name; names that the archive does not have are left out.

    Raises
    ------
    SourceError
        If the file is not a complete .tar.gz archive.
    UnsafeInput
        If a member of the archive is a link, a device, or has a path that leads outside; or if the archive
        has too many members, or unpacks to too much.
    """
    if not archive.is_file():
        raise SourceError(f"{archive} must be a .tar.gz archive. Got {describe(archive)}.")
    found: dict[str, bytes] = {}
    with foreign(_refused(archive)), _Capped(archive) as unpacked:
        for member, content in _members(unpacked, archive):
            name = PurePosixPath(member.name).name
            if name in wanted and member.isfile():
                found[name] = _read_member(member, content, max_bytes, archive, name in found)
    return found


def _refused(archive: Path) -> Callable[[str], SourceError]:
    return lambda got: SourceError(f"{archive} must be a complete .tar.gz archive. Got: {got}.")


def _members(unpacked: _Capped, archive: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """Go through an archive's members in order, refusing the hostile ones."""
    with tarfile.open(fileobj=unpacked, mode="r|") as tar:
        for count, member in enumerate(tar):
            if count >= MAX_MEMBERS:
                raise UnsafeInput(f"{archive} must have at most {MAX_MEMBERS:,} members. Got more.")
            _check_member(member, archive)
            yield member, tar.extractfile(member)


def _check_member(member: tarfile.TarInfo, archive: Path) -> None:
    """Refuse a member that is no plain file or folder inside the archive."""
    path = PurePosixPath(member.name)
    name = repr(member.name[:200])
    if path.is_absolute() or ".." in path.parts or "\\" in member.name:
        raise UnsafeInput(f"{archive} must hold paths inside itself only. Got {name}. Nothing was unpacked.")
    if not (member.isfile() or member.isdir()):
        raise UnsafeInput(f"{archive} must hold plain files only. Got {name}, a link or a device.")
    if member.size > MAX_UNPACKED:
        raise UnsafeInput(f"{archive} must hold files of at most {MAX_UNPACKED:,} bytes. Got {name}.")


def _read_member(
    member: tarfile.TarInfo, content: IO[bytes] | None, max_bytes: int, archive: Path, again: bool
) -> bytes:
    """Give one wanted member's content."""
    name = repr(member.name[:200])
    if content is None or again:
        raise UnsafeInput(f"{archive} must hold each file once. Got {name} again.")
    if member.size > max_bytes:
        raise UnsafeInput(
            f"{name} in {archive} must be at most {max_bytes:,} bytes. Got {member.size:,} bytes."
        )
    return content.read()


class _Capped(gzip.GzipFile):
    """Unpack up to ``MAX_UNPACKED`` bytes: a small archive can unpack to terabytes."""

    def read(self, size: int | None = -1) -> bytes:
        """Give some bytes."""
        chunk = super().read(size)
        if self.tell() > MAX_UNPACKED:
            raise UnsafeInput(f"{self.name} must unpack to at most {MAX_UNPACKED:,} bytes. Got more.")
        return chunk
