"""Reading one artefact: every file is checked before it is used."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from cache.arrays import StoredArray
from cache.disk import read_error
from cache.errors import ArtefactCorrupt, LayoutError
from cache.facts import check_facts
from cache.files import kind_of, sha256
from cache.keys import digest
from cache.manifest import Manifest, read_manifest
from cache.ranges import Sizes, check_values
from cache.remedies import repair_command
from cache.schema import STAGES, check_fit, check_inputs, check_layout
from cache.sheets import check_sheet

Token = tuple[str, int, int, int]
"""What tells one state of a file from another: path, inode, time of change in ns, size in bytes."""

Known = Callable[[Mapping[str, str]], Sizes]
"""Gives the sizes of what an artefact was made from, whose keys these are by stage (`Artefact.sizes`)."""


class Artefact:
    """Give the arrays and files of one stage's result.

    When it is opened, its manifest is checked, and each file's size and form. What a file holds, its SHA-256 and that
    each value is one that its stage may have (`cache.schema`), is checked when it is first read.

    Parameters
    ----------
    folder : Path
        ``<root>/artefacts/<stage>/<key>``.
    verified : set, optional
        Remembers which files have had their content checked; share one set per process.
    known : callable, optional
        Tells how many classes and images there are in what it was made from; else what it says of itself counts.

    Raises
    ------
    ArtefactMissing, ArtefactCorrupt, SchemaTooNew
        If the manifest is absent, damaged or newer, or a file is absent or has another size or form.
    """

    def __init__(self, folder: Path, verified: set[Token] | None = None, known: Known | None = None) -> None:
        self.folder = folder
        self._known = known
        self.repair = repair_command(folder)
        self.manifest: Manifest = read_manifest(folder, self.repair)
        self._verified = set() if verified is None else verified
        for name in self.manifest.files:
            self._stat(name)
        self._check_form()

    @property
    def key(self) -> str:
        """The artefact's key, 40 hex digits."""
        return self.manifest.key

    @cached_property
    def digest(self) -> str:
        """First 12 hex digits of the manifest's digest: changes when any file's content does."""
        return digest(asdict(self.manifest))[:12]

    @cached_property
    def sizes(self) -> Sizes:
        """Its named dimensions, and those of what it was made from that it shares (`cache.ranges.Sizes`).

        Raises
        ------
        ArtefactCorrupt
            If they do not fit each other.
        """
        sizes = sizes_in(self.manifest)
        known = self._known(self.manifest.inputs) if self._known else {}
        with self._as_corrupt():
            check_fit(self.manifest.stage, sizes, known)
        return {**known, **sizes}

    def path(self, name: str) -> Path:
        """Give the path of a file whose content has been checked: its SHA-256, and its values.

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
                remedy=self.repair,
            )
        token = self._stat(name)
        if token not in self._verified:
            self._check_content(name)
            self._verified.add(token)
        return self.folder / name

    def array(self, name: str) -> NDArray[Any]:
        """Read ``<name>.npy``, all of it.

        Parameters
        ----------
        name : str
            Name without ``.npy``; `cache.schema.STAGES` lists dtypes and shapes.

        Raises
        ------
        ArtefactCorrupt
            If the file is not what the manifest promises.
        """
        return self.rows(name).whole()

    def rows(self, name: str) -> StoredArray:
        """Open ``<name>.npy`` to read some of its rows; parameters and errors as `array`."""
        return StoredArray(self.path(f"{name}.npy"), self.repair)

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

    def _stat(self, name: str) -> Token:
        path = self.folder / name
        try:
            found = path.lstat()
        except OSError as error:
            raise read_error(path, error, self.repair) from error
        if not stat.S_ISREG(found.st_mode):  # a pipe would block, a link may lead anywhere
            raise ArtefactCorrupt(f"{path} must be a plain file. Got {kind_of(path)}.", remedy=self.repair)
        size = self.manifest.files[name]["size"]
        if found.st_size != size:
            raise ArtefactCorrupt(
                f"{path} must have {size:,} bytes. Got {found.st_size:,}.", remedy=self.repair
            )
        return (str(path), found.st_ino, found.st_ctime_ns, found.st_size)

    def _check_content(self, name: str) -> None:
        path, promised = self.folder / name, self.manifest.files[name]["sha256"]
        try:
            found = sha256(path)
        except OSError as error:
            raise read_error(path, error, self.repair) from error
        if found != promised:
            raise ArtefactCorrupt(f"{path} must have SHA-256 {promised}. Got {found}.", remedy=self.repair)
        with self._as_corrupt():
            self._check_values(name)

    def _check_values(self, name: str) -> None:
        path, stage = self.folder / name, self.manifest.stage
        form = STAGES.get(stage, {}).get(path.stem) if path.suffix == ".npy" else None
        if form is not None and form.values is not None:
            check_values(f"{stage}/{name}", StoredArray(path, self.repair), form.values, self.sizes)
        if stage == "thumbnails" and path.suffix == ".webp":
            check_sheet(path, self.manifest.facts, self.sizes)

    @contextmanager
    def _as_corrupt(self) -> Iterator[None]:
        try:
            yield
        except LayoutError as error:
            raise ArtefactCorrupt(f"{self.folder}: {error}", remedy=self.repair) from error

    def _check_form(self) -> None:
        names = [name for name in STAGES.get(self.manifest.stage, {}) if f"{name}.npy" in self.manifest.files]
        arrays = {name: StoredArray(self.folder / f"{name}.npy", self.repair) for name in names}
        with self._as_corrupt():
            dims = check_layout(self.manifest.stage, {name: (a.dtype, a.shape) for name, a in arrays.items()})
            check_facts(self.manifest.stage, self.manifest.facts, self.manifest.files, dims)
            check_inputs(self.manifest.stage, self.manifest.inputs)
        if dims != self.manifest.dims:
            raise ArtefactCorrupt(
                f"{self.folder} must have the dimensions {self.manifest.dims}. Got {dims}.",
                remedy=self.repair,
            )


def sizes_in(manifest: Manifest) -> dict[str, int]:
    """Give the named dimensions of an artefact; a data set's classes, too, and what stands for none of them."""
    if manifest.stage != "dataset":
        return dict(manifest.dims)
    classes, lacking = len(manifest.facts["class_names"]), bool(manifest.facts.get("no_classifier"))
    return {**manifest.dims, "k": classes, "no_label": -int(lacking)}
