"""Files inside published archives: downloaded once, kept unpacked, known by their digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.compute.progress import Progress
from pipeline.errors import SourceError
from pipeline.inputs.download import Remote, downloads_folder, fetch
from pipeline.inputs.files import bytes_digest, describe, list_briefly, read_bytes
from pipeline.inputs.tarballs import read_members


@dataclass(frozen=True)
class PublishedArchive:
    """Describe an archive that somebody publishes, and the files in it that we need.

    Attributes
    ----------
    remote : Remote
        The archive.
    folder : str
        What to call the folder of its unpacked files.
    members : mapping of str to str
        Checksum of each needed file by name, of the same algorithm as the archive's.
    max_bytes : int
        Size cap of each file, in bytes, whoever made the archive.
    """

    remote: Remote
    folder: str
    members: Mapping[str, str]
    max_bytes: int

    def is_official(self, contents: Mapping[str, bytes]) -> bool:
        """Say whether the files are the published ones, byte for byte."""
        return all(self.is_official_member(name, contents[name]) for name in self.members)

    def is_official_member(self, name: str, content: bytes) -> bool:
        """Say whether one file is the published one, byte for byte."""
        return bytes_digest(content, self.remote.algorithm) == self.members[name]

    def read(self, place: Path | None, progress: Progress) -> dict[str, bytes]:
        """Give the needed files, in the order of ``members``.

        Parameters
        ----------
        place : Path, optional
            A folder with the files, a folder with ``folder`` or the archive in it, or the archive itself. Without
            it, the archive is downloaded once.
        progress : Progress
            Told the bytes downloaded.

        Raises
        ------
        SourceError
            If a file is missing; it says what is there.
        UnsafeInput
            If a file is larger than it can rightly be, or the archive is hostile.
        DownloadError
            If the archive cannot be downloaded, or is not the published one.
        """
        if place is None:
            return self.read_downloaded(progress)
        archive = place if place.is_file() else place / self.remote.name
        for folder in (place, place / self.folder):
            if any((folder / name).is_file() for name in self.members):
                return self._read_folder(folder)
        if archive.is_file():
            return self.read_archive(archive)
        raise SourceError(
            f"{place} must be a folder with {', '.join(self.members)}, or {self.remote.name}. "
            f"Got {describe(place)}."
        )

    def _read_folder(self, folder: Path) -> dict[str, bytes]:
        """Give the files of a folder that has at least one of them."""
        if missing := [name for name in self.members if not (folder / name).is_file()]:
            raise SourceError(f"{folder} must contain {', '.join(missing)}. Got {describe(folder)}.")
        return {name: read_bytes(folder / name, self.max_bytes) for name in self.members}

    def read_archive(self, archive: Path) -> dict[str, bytes]:
        """Give the needed files of a copy of the archive, or of one with files of the same names.

        Raises
        ------
        SourceError
            If it is no archive, or lacks a file.
        UnsafeInput
            If it is hostile.
        """
        found = read_members(archive, self.members, self.max_bytes)
        if missing := [name for name in self.members if name not in found]:
            raise SourceError(
                f"{archive} must contain {', '.join(missing)}. Got {list_briefly(list(found)) if found else 'neither'}."
            )
        return found

    def read_downloaded(self, progress: Progress) -> dict[str, bytes]:
        """Give the published files, downloading the archive if they are not there.

        They are kept unpacked beside the archive, as unpacking takes seconds, and checked at each reading.

        Raises
        ------
        DownloadError
            If the archive cannot be had, or is not the published one.
        """
        folder = downloads_folder() / self.folder
        if all((folder / name).is_file() for name in self.members):
            found = self._read_folder(folder)
            if self.is_official(found):
                return found
        found = self.read_archive(fetch(self.remote, downloads_folder(), progress))
        folder.mkdir(exist_ok=True)
        for name in self.members:  # these names are ours, not the archive's
            part = folder / f"{name}.part"
            part.write_bytes(found[name])
            part.replace(folder / name)
        return found
