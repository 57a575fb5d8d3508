"""Writing one artefact: into a folder beside the target, manifest last, then a rename."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from cache.arrays import StoredArray, write_array
from cache.errors import LayoutError, StoreError
from cache.facts import check_facts
from cache.files import discard, flush_to_disk, read_plain, sha256, write_atomically
from cache.keys import is_file_name
from cache.manifest import FILE_NAME, Manifest, manifest_bytes
from cache.schema import STAGES, check_layout

RECORDED_PACKAGES = ("numpy", "scikit-learn", "tensorflow", "scipy", "scikit-image", "pillow")

SECONDS = "seconds"  # a file of ``partial``


@dataclass
class Draft:
    """Collect the files of an artefact that is being written.

    Attributes
    ----------
    folder : Path
        Where its files go until the artefact is whole.
    manifest : Manifest
        What is known so far; files, dimensions, versions and time are filled in by `finish`.
    partial : Path
        A folder for pieces of long work: kept if writing fails or the process is killed, found again by
        the next attempt, removed once the artefact is whole.
    facts : dict
        Provenance for people; ends up in the manifest.
    roots : tuple of Path
        Every store that is read, that which it goes to first.
    """

    folder: Path
    manifest: Manifest
    partial: Path
    facts: dict[str, Any] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    roots: tuple[Path, ...] = ()

    @property
    def key(self) -> str:
        """The artefact's key, 40 hex digits."""
        return self.manifest.key

    def path(self, name: str) -> Path:
        """Give the path at which to write a file of the artefact.

        Raises
        ------
        StoreError
            If the name is not a plain file name.
        """
        if not is_file_name(name) or name == FILE_NAME:
            raise StoreError(f"A file of an artefact must have a plain name. Got {name!r}.")
        return self.folder / name

    def save(self, name: str, array: NDArray[Any]) -> None:
        """Write ``array`` as ``<name>.npy``."""
        write_array(self.path(f"{name}.npy"), array)

    def note_seconds(self) -> None:
        """Note in ``partial`` how long it has taken, for the next attempt if this one is killed."""
        self.partial.mkdir(parents=True, exist_ok=True)
        write_atomically(self.partial / SECONDS, f"{self.seconds:.3f}".encode())

    @property
    def seconds(self) -> float:
        """Time taken so far, that of earlier attempts included."""
        return self._spent_before + time.monotonic() - self.started

    @cached_property
    def _spent_before(self) -> float:
        try:
            return min(max(float(read_plain(self.partial / SECONDS, 100)), 0.0), 1e9)
        except (OSError, ValueError):  # there was none
            return 0.0

    def finish(self, target: Path) -> None:
        """Check the files, write the manifest, flush to disk and move into place.

        Raises
        ------
        StoreError
            If the arrays or facts do not have the form their stage promises.
        """
        names = sorted(path.name for path in self.folder.iterdir() if path.is_file())
        dims = self._check_form(names)
        for name in names:
            flush_to_disk(self.folder / name)
        manifest = replace(
            self.manifest,
            dims=dims,
            facts=self.facts,
            files={name: _record(self.folder / name) for name in names},
            seconds=round(self.seconds, 3),
            versions=dict(_versions()),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        (self.folder / FILE_NAME).write_bytes(manifest_bytes(manifest))
        flush_to_disk(self.folder / FILE_NAME)
        flush_to_disk(self.folder)
        if target.exists() or target.is_symlink():
            discard(target)
        self.folder.rename(target)
        flush_to_disk(target.parent)

    def _check_form(self, names: list[str]) -> dict[str, int]:
        stage = self.manifest.stage
        present = [name for name in STAGES.get(stage, {}) if f"{name}.npy" in names]
        arrays = {name: StoredArray(self.path(f"{name}.npy"), "write it with Draft.save") for name in present}
        try:
            dims = check_layout(stage, {name: (array.dtype, array.shape) for name, array in arrays.items()})
            check_facts(stage, self.facts, names, dims)
        except LayoutError as error:
            raise StoreError(str(error)) from error
        return dims


def _record(path: Path) -> dict[str, Any]:
    return {"size": path.stat().st_size, "sha256": sha256(path)}


@cache  # a process keeps the packages it has begun with, and reading about them takes longer than a small artefact
def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in RECORDED_PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
