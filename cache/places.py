"""Where on this machine the files lie that a data set was made of: never in an artefact, which may be shared."""

from __future__ import annotations

from pathlib import Path

from cache.artefact import Artefact
from cache.disk import write_errors
from cache.files import read_plain, write_atomically
from cache.store import Store

LONGEST = 4096  # bytes of a path


def place_file(root: Path, key: str) -> Path:
    """Give the file in which a store notes the folder of a data set's files."""
    return root / "places" / key


def tables_folder(root: Path) -> Path:
    """Give the folder in which a store keeps tables of arrays that somebody had in Python: a folder each."""
    return root / "tables"


def remember_place(store: Store, key: str, folder: Path) -> None:
    """Note the folder of a data set's files.

    Parameters
    ----------
    store : Store
        Where the data set is.
    key : str
        Its key.
    folder : Path
        An absolute path.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    noted = place_file(store.root, key)
    with write_errors(store.root):
        noted.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(noted, str(folder).encode("utf-8", "surrogateescape"))


def place_of(dataset: Artefact) -> Path | None:
    """Give the folder of a data set's files, which may be one in a zip file (``photos.zip/photos``).

    None where nobody noted it here, or it is no longer there.
    """
    noted = place_file(dataset.folder.parents[2], dataset.key)
    try:
        folder = Path(read_plain(noted, LONGEST).decode("utf-8", "surrogateescape"))
        return folder if folder.is_absolute() and (folder.is_dir() or archive_of(folder)) else None
    except (OSError, ValueError):
        return None


def archive_of(place: Path) -> Path | None:
    """Give the file that a place is, or is inside of; None where it is a folder, or nothing is there."""
    if place.is_dir():
        return None
    return next((path for path in (place, *place.parents) if path.is_file()), None)
