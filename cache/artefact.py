"""Reading one artefact: every file is checked before it is used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.errors import ArtefactCorrupt
from cache.files import sha256
from cache.manifest import FILE_NAME, Manifest, read_manifest
from cache.schema import STAGES, LayoutError, check_layout

REPAIR = "python -m pipeline clean --corrupt   # then run the pipeline again"


class Artefact:
    """Give the arrays and files of one stage's result.

    Parameters
    ----------
    folder : Path
        ``<root>/artefacts/<stage>/<key>``.
    verified : set, optional
        Remembers which files have had their SHA-256 checked; share one set per process.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the manifest is absent, damaged or newer, or a file is absent or has another size.
    """

    def __init__(self, folder: Path, verified: set[tuple[str, int, int]] | None = None) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder, REPAIR)
        self._verified = set() if verified is None else verified
        for name in self.manifest.files:
            self._stat(name)
        self._check_layout()

    @property
    def key(self) -> str:
        """The artefact's key, 40 hex digits."""
        return self.manifest.key

    @cached_property
    def digest(self) -> str:
        """First 12 hex digits of the manifest's SHA-256: changes when any file's content does."""
        return sha256(self.folder / FILE_NAME)[:12]

    def path(self, name: str) -> Path:
        """Give the path of a file whose content has been checked against its SHA-256.

        Parameters
        ----------
        name : str
            A name that ``manifest.files`` lists.

        Raises
        ------
        ArtefactCorrupt
            If it is not listed, not there, or differs from what the manifest promises.
        """
        if name not in self.manifest.files:
            raise ArtefactCorrupt(
                f"{self.folder} must have the file {name}. Got {', '.join(self.manifest.files)}.",
                remedy=REPAIR,
            )
        token = self._stat(name)
        if token not in self._verified:
            self._check_content(name)
            self._verified.add(token)
        return self.folder / name

    def array(self, name: str, *, mmap: bool = True) -> NDArray[Any]:
        """Read ``<name>.npy``.

        Parameters
        ----------
        name : str
            Name without ``.npy``; `cache.schema.STAGES` lists dtypes and shapes.
        mmap : bool
            Map the file into memory, read-only, instead of reading it.

        Raises
        ------
        ArtefactCorrupt
            If the file is not what the manifest promises.
        """
        return self._load(self.path(f"{name}.npy"), mmap=mmap)

    def verify(self) -> Iterator[str]:
        """Check every file's content again; yield each file's name when it is found right.

        Raises
        ------
        ArtefactCorrupt
            At the first file that differs.
        """
        for name in self.manifest.files:
            self._stat(name)
            self._check_content(name)
            yield name

    def _stat(self, name: str) -> tuple[str, int, int]:
        path = self.folder / name
        if path.is_symlink() or not path.is_file():
            raise ArtefactCorrupt(f"{path} must be a file. Got none.", remedy=REPAIR)
        stat = path.stat()
        size = self.manifest.files[name]["size"]
        if stat.st_size != size:
            raise ArtefactCorrupt(f"{path} must have {size:,} bytes. Got {stat.st_size:,}.", remedy=REPAIR)
        return (str(path), stat.st_mtime_ns, stat.st_size)

    def _check_content(self, name: str) -> None:
        path, promised = self.folder / name, self.manifest.files[name]["sha256"]
        try:
            found = sha256(path)
        except OSError as error:
            raise ArtefactCorrupt(f"{path} must be readable. Got: {error}.", remedy=REPAIR) from error
        if found != promised:
            raise ArtefactCorrupt(f"{path} must have SHA-256 {promised}. Got {found}.", remedy=REPAIR)

    def _load(self, path: Path, *, mmap: bool) -> NDArray[Any]:
        try:
            return np.load(path, mmap_mode="r" if mmap else None, allow_pickle=False)  # type: ignore[no-any-return]
        except (OSError, ValueError, EOFError) as error:
            raise ArtefactCorrupt(f"{path} must be a NumPy array. Got: {error}.", remedy=REPAIR) from error

    def _check_layout(self) -> None:
        names = [name for name in STAGES.get(self.manifest.stage, {}) if f"{name}.npy" in self.manifest.files]
        arrays = {name: self._load(self.folder / f"{name}.npy", mmap=True) for name in names}
        try:
            check_layout(self.manifest.stage, {name: (a.dtype, a.shape) for name, a in arrays.items()})
        except LayoutError as error:
            raise ArtefactCorrupt(f"{self.folder}: {error}", remedy=REPAIR) from error
