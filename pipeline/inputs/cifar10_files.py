"""Find CIFAR-10's batch files: in a folder, in the official archive, or by downloading it."""

from __future__ import annotations

from pathlib import Path

from pipeline.compute.progress import Progress
from pipeline.errors import SourceError
from pipeline.inputs.download import Remote
from pipeline.inputs.files import describe, read_bytes
from pipeline.inputs.published import PublishedArchive

FILES = ("data_batch_1", "test_batch", "batches.meta")
OFFICIAL = PublishedArchive(
    remote=Remote(
        url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        name="cifar-10-python.tar.gz",
        size=170_498_071,
        digest="c58f30108f718f92721af3b95e74349a",
        algorithm="md5",
        remedy="python -m pipeline run --source cifar10 --data-dir FOLDER-OR-ARCHIVE",
    ),
    folder="cifar-10-batches-py",
    members={
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "test_batch": "40351d587109b95175f43aff81a1287e",
        "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
    },
    max_bytes=64 << 20,  # an official batch has 31 million
)
REMEDY = "python -m pipeline run --source cifar10, which downloads the official files"


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
        return OFFICIAL.read_downloaded(progress)
    if data_dir.is_file():
        return OFFICIAL.read_archive(data_dir)
    for folder in (data_dir, data_dir / OFFICIAL.folder):
        if any((folder / name).is_file() for name in FILES):
            return _read_folder(folder)
    if (data_dir / OFFICIAL.remote.name).is_file():
        return OFFICIAL.read_archive(data_dir / OFFICIAL.remote.name)
    raise SourceError(
        f"{data_dir} must be a folder with {', '.join(FILES)}, or {OFFICIAL.remote.name}. "
        f"Got {describe(data_dir)}."
    )


def _read_folder(folder: Path) -> dict[str, bytes]:
    """Give the files of a folder that has at least one of them."""
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise SourceError(
            f"{folder} must contain {', '.join(missing)}. Got {describe(folder)}.", remedy=REMEDY
        )
    return {name: read_bytes(folder / name, OFFICIAL.max_bytes) for name in FILES}
