"""Where the store is: an environment variable, the project's folder, and the committed demo."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from cache.bundle import unpack
from cache.errors import ArtefactMissing, StoreError
from cache.store import Store

VARIABLE = "LAZYBONES_CACHE"
HOME = Path(__file__).parent / "data"
DEMO = HOME / "demo"


def open_store(location: Path | None = None) -> Store:
    """Open the store.

    Parameters
    ----------
    location : Path, optional
        A store's folder or a bundle's ``.zip``. By default ``$LAZYBONES_CACHE``; if that is not set,
        ``cache/data`` with the committed demo behind it.

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
        return _writable(HOME, (DEMO,))
    place = location or Path(os.environ[VARIABLE])
    if place.suffix == ".zip":
        return Store(_temporary(place) / "new", (unpack(place, _temporary(place)),), scratch=True)
    if not place.is_dir():
        raise ArtefactMissing(
            f"{VARIABLE} must be a store's folder or a bundle's .zip. Got {str(place)!r}, which is neither.",
            remedy=f"python -m pipeline run --source digits --extractor hog   # with {VARIABLE} unset",
        )
    return _writable(place)


def _writable(root: Path, fallbacks: tuple[Path, ...] = ()) -> Store:
    if os.access(root, os.W_OK):
        return Store(root, fallbacks)
    return Store(_temporary(root), (root, *fallbacks), scratch=True)


def _temporary(place: Path) -> Path:
    name = hashlib.sha256(str(place.resolve()).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"lazybones-{os.getuid()}" / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.parent.stat().st_uid != os.getuid():  # /tmp is everybody's: someone may have been first
        raise StoreError(f"{folder.parent} must belong to you. Got another owner.", remedy=f"set {VARIABLE}")
    return folder
