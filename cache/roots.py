"""Where the store is: an environment variable, the project's folder, and the committed demo behind it."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from cache.archive import unpack
from cache.commands import Again, shell
from cache.disk import OWN_TEMPORARY, temporary_of, write_errors
from cache.errors import ArtefactMissing, StoreError
from cache.files import absolute
from cache.home import own_store
from cache.remedies import DEMO
from cache.store import Store

VARIABLE = "LAZYBONES_CACHE"
HOME = own_store()


def open_store(location: Path | None = None, *, create: bool = False) -> Store:
    """Open the store.

    Parameters
    ----------
    location : Path, optional
        A store's folder or a bundle's ``.zip``. By default ``$LAZYBONES_CACHE``; if that is not set,
        the project's own (`cache.home`) with the committed demo behind it.
    create : bool
        Open it to fill it: make the folder if there is none, and never write anywhere else.

    Returns
    -------
    Store
        If the place cannot be written, new artefacts go to a temporary folder (``Store.scratch``).

    Raises
    ------
    ArtefactMissing
        If the location does not exist.
    ArtefactCorrupt
        If it is a damaged or unsafe zip.
    """
    if location is None and not os.environ.get(VARIABLE):
        behind = (unpacked(DEMO),) if DEMO.is_file() else ()
        return Store(HOME, behind) if create else _writable(HOME, behind)
    named = VARIABLE if location is None else "The store"
    place = absolute(location or Path(os.environ[VARIABLE]))
    if place.suffix == ".zip" and not place.is_dir():
        return _bundle(place, named, create=create)
    if create:
        return Store(place)
    if not place.is_dir():
        raise _absent(place, named)
    return _writable(place)


def named_place(location: Path | None = None) -> Path | None:
    """Give where the store is that was asked for, as in `open_store`, absolute; None for the project's own."""
    chosen = location or os.environ.get(VARIABLE)
    return Path(os.path.expanduser(chosen)).absolute() if chosen else None  # noqa: PTH111  # errors are shown with it


def _bundle(archive: Path, named: str, *, create: bool) -> Store:
    if create:
        raise StoreError(
            f"The store to fill must be a folder. Got the bundle {archive}.",
            remedy=Again({"--cache": archive.with_suffix("")}),
        )
    if not archive.is_file():
        raise _absent(archive, named)
    return Store(_temporary(archive) / "new", (unpacked(archive),), scratch=True)


def _absent(place: Path, named: str) -> ArtefactMissing:
    without = ", or not set, for the demo" if named == VARIABLE else ""
    return ArtefactMissing(
        f"{named} must be a folder that `run` filled, or a bundle's .zip{without}. Got {str(place)!r}: neither.",
        remedy=shell("ls", "-l", next(folder for folder in place.absolute().parents if folder.is_dir())),
    )


def _writable(root: Path, fallbacks: tuple[Path, ...] = ()) -> Store:
    nearest = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
    if os.access(nearest, os.W_OK):
        return Store(root, fallbacks)
    return Store(_temporary(root), (root, *fallbacks), scratch=True)


def unpacked(bundle: Path, *, anew: bool = False) -> Path:
    """Give the folder of a bundle's zip, unpacked below the system's temporary folder.

    Parameters
    ----------
    bundle : Path
        The zip.
    anew : bool
        Whether an earlier copy, which may be damaged, is thrown away first.

    Raises
    ------
    ArtefactCorrupt, StoreError
        As `cache.archive.unpack` says, or if the temporary folder is open to others.
    """
    folder = _temporary(bundle)
    if anew:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    return unpack(bundle, folder)


def _temporary(place: Path) -> Path:
    """Make a folder of the user's own under the system's temporary folder, which is everybody's."""
    folder = temporary_of(place)
    mine = folder.parent
    with write_errors(mine, OWN_TEMPORARY):
        mine.mkdir(mode=0o700, exist_ok=True)
        _check_private(mine)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _check_private(folder: Path) -> None:
    found = folder.lstat()  # someone may have been first, with a folder or a link of their own
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise StoreError(
            f"{folder} must be a folder that only you can write. Got another's, or one open to others.",
            remedy=OWN_TEMPORARY,
        )
