"""Find CIFAR-10's batch files: in a folder, in the official archive, or by downloading it."""

from __future__ import annotations

from pathlib import Path

from pipeline.archives import read_members
from pipeline.download import Remote, downloads_folder, fetch
from pipeline.errors import SourceError
from pipeline.files import bytes_digest, describe, list_briefly, read_bytes
from pipeline.progress import Progress

OFFICIAL_MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "test_batch": "40351d587109b95175f43aff81a1287e",
    "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
}
MAX_BYTES = 64 << 20  # an official batch has 31 million
FOLDER = "cifar-10-batches-py"
USE_A_COPY = "python -m pipeline run --source cifar10 --data-dir FOLDER-OR-ARCHIVE"
DOWNLOAD = "python -m pipeline run --source cifar10 (downloads the official files)"
ARCHIVE = Remote(
    url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    name="cifar-10-python.tar.gz",
    size=170_498_071,
    digest="c58f30108f718f92721af3b95e74349a",
    algorithm="md5",
    remedy=USE_A_COPY,
)


def read_batches(data_dir: Path | None, progress: Progress) -> dict[str, bytes]:
    """Give the content of the three files the experiment needs.

    Parameters
    ----------
    data_dir : Path, optional
        A folder with the files, a folder with ``cifar-10-batches-py`` or the archive in it, or the
        archive itself. Without it, the official archive is downloaded once.
    progress : Progress
        Told the bytes downloaded.

    Returns
    -------
    dict of str to bytes
        Content of ``data_batch_1``, ``test_batch`` and ``batches.meta``.

    Raises
    ------
    SourceError
        If a file is missing; it says what is there.
    UnsafeInput
        If a file is larger than it can rightly be, or the archive is hostile.
    DownloadError
        If the archive cannot be downloaded, or is not the official one.
    """
    if data_dir is None:
        return _read_downloaded(downloads_folder(), progress)
    if data_dir.is_file():
        return _read_archive(data_dir)
    for folder in (data_dir, data_dir / FOLDER):
        if any((folder / name).is_file() for name in OFFICIAL_MD5):
            return _read_folder(folder)
    if (data_dir / ARCHIVE.name).is_file():
        return _read_archive(data_dir / ARCHIVE.name)
    raise SourceError(
        f"{data_dir} must be a folder with {', '.join(OFFICIAL_MD5)}, or {ARCHIVE.name}. Got {describe(data_dir)}.",
        remedy=DOWNLOAD,
    )


def _read_folder(folder: Path) -> dict[str, bytes]:
    """Give the files of a folder that has at least one of them."""
    missing = [name for name in OFFICIAL_MD5 if not (folder / name).is_file()]
    if missing:
        raise SourceError(
            f"{folder} must contain {', '.join(missing)}. Got {describe(folder)}.", remedy=DOWNLOAD
        )
    return {name: read_bytes(folder / name, MAX_BYTES) for name in OFFICIAL_MD5}


def _read_archive(archive: Path) -> dict[str, bytes]:
    """Give the files of an archive."""
    found = read_members(archive, OFFICIAL_MD5, MAX_BYTES)
    missing = [name for name in OFFICIAL_MD5 if name not in found]
    if missing:
        raise SourceError(
            f"{archive} must contain {', '.join(missing)}. Got an archive with {list_briefly(list(found))}.",
            remedy=DOWNLOAD,
        )
    return found


def _read_downloaded(downloads: Path, progress: Progress) -> dict[str, bytes]:
    """Give the official files, keeping them unpacked beside the archive: unpacking takes seconds."""
    folder = downloads / FOLDER
    if all((folder / name).is_file() for name in OFFICIAL_MD5):
        found = _read_folder(folder)
        if is_official(found):
            return found
    found = _read_archive(fetch(ARCHIVE, downloads, progress))
    folder.mkdir(exist_ok=True)
    for name in OFFICIAL_MD5:  # these names are ours, not the archive's
        part = folder / f"{name}.part"
        part.write_bytes(found[name])
        part.replace(folder / name)
    return found


def is_official(contents: dict[str, bytes]) -> bool:
    """Say whether the files are those of the University of Toronto, byte for byte."""
    return all(bytes_digest(contents[name], "md5") == md5 for name, md5 in OFFICIAL_MD5.items())
