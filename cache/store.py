"""The artefact store: the only thing the pipeline and the dashboard both know."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from cache.artefact import Artefact, Token, sizes_in
from cache.commands import command
from cache.disk import check_writable, write_errors
from cache.draft import Draft
from cache.errors import ArtefactMissing, LayoutError, StoreError
from cache.facts import check_facts
from cache.kept import Kept
from cache.keys import is_key, is_run_name, is_stage, stage_key
from cache.locks import Waiting, locked
from cache.manifest import FILE_NAME, Manifest, read_manifest
from cache.runs import Run, read_run, write_run
from cache.schema import SHARED

MOST_OPEN = 1000
"""Artefacts and runs of which the store remembers what it has read of them."""


class Store:
    """Read and write artefacts and runs.

    Parameters
    ----------
    root : Path
        Where new artefacts go; made when first written to.
    fallbacks : sequence of Path
        Further stores to read from when ``root`` lacks something.
    scratch : bool
        True if ``root`` is temporary because the user's own store cannot be written.
    """

    def __init__(self, root: Path, fallbacks: Sequence[Path] = (), *, scratch: bool = False) -> None:
        self.root = root
        self.fallbacks = tuple(fallbacks)
        self.scratch = scratch
        self._verified: set[Token] = set()
        self._opened: Kept[Artefact] = Kept(MOST_OPEN)
        self._runs: Kept[Run] = Kept(MOST_OPEN)
        self._lists: Kept[tuple[str, ...]] = Kept(MOST_OPEN)

    @property
    def roots(self) -> tuple[Path, ...]:
        """Every folder that is read, in order."""
        return (self.root, *self.fallbacks)

    def has(self, stage: str, key: str) -> bool:
        """Tell whether an artefact is there (its content is checked when it is read)."""
        return self._find(stage, key) is not None

    def artefact(self, stage: str, key: str) -> Artefact:
        """Open an artefact.

        Raises
        ------
        ArtefactMissing, ArtefactCorrupt, SchemaTooNew
            If it is not there, damaged, or written by a newer version.
        """
        folder = self._find(stage, key)
        if folder is None:
            raise ArtefactMissing(
                f"The store {self.root} must have {stage}/{key}. Got no such artefact.",
                remedy=command("verify"),
            )
        return self._opened.get(
            folder / FILE_NAME,
            lambda: Artefact(folder, self._verified, self.sizes_of),
            lambda opened: [folder / name for name in opened.manifest.files] + self._made_of(opened),
        )

    def _made_of(self, opened: Artefact) -> list[Path]:
        """List the manifests of what an artefact was made from, which tell how large it must be."""
        folders = (self._find(stage, key) for stage, key in opened.manifest.inputs.items())
        return [folder / FILE_NAME for folder in folders if folder is not None]

    def sizes_of(self, inputs: Mapping[str, str]) -> dict[str, int]:
        """Give how many classes, images and features there are in results with these keys by stage.

        Their manifests tell; what is not there, or cannot be read, tells nothing.
        """
        sizes: dict[str, int] = {}
        for stage, key in inputs.items():
            folder, shared = self._find(stage, key), SHARED if stage == "dataset" else (*SHARED, "d")
            with suppress(StoreError, LayoutError):  # which is its own trouble
                manifest = read_manifest(folder, "") if folder else None
                if manifest is not None:
                    check_facts(stage, manifest.facts, manifest.files)
                    sizes |= {name: size for name, size in sizes_in(manifest).items() if name in shared}
        return sizes

    def _find(self, stage: str, key: str) -> Path | None:
        if not (is_stage(stage) and is_key(key)):
            return None
        folders = (root / "artefacts" / stage / key for root in self.roots)
        return next((folder for folder in folders if (folder / FILE_NAME).is_file()), None)

    def artefacts(self, *stages: str) -> list[tuple[str, str]]:
        """List the stage and key of every artefact, or of those of some stages, in order."""
        pairs = {
            (stage, key)
            for root in self.roots
            for stage in stages or self._listed(root / "artefacts")
            for key in self._listed(root / "artefacts" / stage, FILE_NAME)
        }
        return sorted(pair for pair in pairs if is_stage(pair[0]) and is_key(pair[1]))

    def run_names(self) -> list[str]:
        """List the names of all runs, in alphabetical order."""
        names = {
            name.removesuffix(".json")
            for root in self.roots
            for name in self._listed(root / "runs")
            if name.endswith(".json")
        }
        return sorted(name for name in names if is_run_name(name))

    def _listed(self, folder: Path, *parts: str) -> tuple[str, ...]:
        """List the names in a folder, or those at which there is a file at ``parts`` below."""
        return self._lists.get(folder, lambda: _names(folder, *parts), lambda _: ())

    def run(self, name: str) -> Run:
        """Read a run.

        Raises
        ------
        ArtefactMissing
            If there is no such run; the message lists those there are.
        ArtefactCorrupt, SchemaTooNew
            If its file is damaged, or written by a newer version.
        """
        if is_run_name(name):
            for root in self.roots:
                path = root / "runs" / f"{name}.json"
                if os.path.lexists(path):
                    return self._runs.get(path, partial(read_run, path), lambda _: ())
        raise ArtefactMissing(
            f"run must be one of {', '.join(self.run_names()) or '(there are none yet)'}. Got {name!r}.",
            remedy=command("status"),
        )

    def save_run(self, run: Run) -> None:
        """Write a run's file; an earlier run of that name is replaced.

        Raises
        ------
        StoreError
            If the run is not valid or the store cannot be written.
        """
        folder = self.root / "runs"
        with write_errors(self.root):
            folder.mkdir(parents=True, exist_ok=True)
            write_run(folder / f"{run.name}.json", run)

    def check_writable(self, stages: Iterable[str]) -> None:
        """Check that a run and results of some stages can be written: now, not after hours of work.

        Raises
        ------
        StoreError
            If not.
        """
        with write_errors(self.root):
            for folder in (self.root / "runs", *(self.root / "artefacts" / stage for stage in stages)):
                check_writable(folder)

    @contextmanager
    def in_use(self, waiting: Waiting | None = None) -> Iterator[None]:
        """Keep those away who remove what belongs to no run: what a run has made so far would be that.

        Parameters
        ----------
        waiting : callable, optional
            As `cache.locks.locked`.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        with write_errors(self.root), locked(users_lock(self.root), waiting, shared=True):
            yield

    @contextmanager
    def locked(self, stage: str, key: str, waiting: Waiting | None = None) -> Iterator[None]:
        """Keep other writers of this artefact away; readers are not kept waiting.

        Parameters
        ----------
        stage, key : str
            The artefact.
        waiting : callable, optional
            As `cache.locks.locked`.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        with (
            self.in_use(waiting),
            write_errors(self.root),
            locked(artefact_lock(self.root, stage, key), waiting),
        ):
            yield

    @contextmanager
    def writing(
        self,
        stage: str,
        *,
        plugin: str,
        version: int,
        identity: Mapping[str, Any],
        inputs: Mapping[str, str],
        seed: int | None = None,
        held: bool = False,
    ) -> Iterator[Draft]:
        """Write an artefact: it appears whole when the block ends, or not at all.

        Parameters
        ----------
        stage, plugin, version, identity, inputs
            As `cache.keys.stage_key`.
        seed : int, optional
            Seed of the random numbers used, for the record.
        held : bool
            Whether the caller keeps other writers away already; else they are waited for.

        Yields
        ------
        Draft
            Where to put the arrays, files and facts.

        Raises
        ------
        StoreError
            If the disk is full, the folder cannot be written, or the arrays have the wrong form.
        """
        key = stage_key(stage, plugin, version, identity, inputs)
        target = self.root / "artefacts" / stage / key
        manifest = Manifest(stage, key, plugin, version, dict(identity), dict(inputs), seed=seed)
        partial = target.with_name(f"{key}.partial")
        alone = nullcontext() if held else self.locked(stage, key)
        with write_errors(self.root), alone, _draft_folder(target) as folder:
            if partial.is_symlink():  # nothing here makes links: never write behind one
                partial.unlink()
            draft = Draft(folder, manifest, partial, roots=self.roots)
            yield draft
            draft.finish(target)
            shutil.rmtree(partial, ignore_errors=True)


def _names(folder: Path, *parts: str) -> tuple[str, ...]:
    with suppress(OSError):  # as where there is no such folder
        return tuple(path.name for path in folder.iterdir() if not parts or path.joinpath(*parts).is_file())
    return ()


def artefact_lock(root: Path, stage: str, key: str) -> Path:
    """Give the lock's file that an artefact's one writer holds."""
    return root / "locks" / f"{stage}-{key}.lock"


def users_lock(root: Path) -> Path:
    """Give the lock's file that all writers share, and that one who clears the store holds alone."""
    return root / "locks" / "writers.lock"


@contextmanager
def _draft_folder(target: Path) -> Iterator[Path]:
    for abandoned in target.parent.glob(f"{target.name}.tmp-*"):  # by a killed writer: we hold the lock
        shutil.rmtree(abandoned, ignore_errors=True)
    folder = target.with_name(f"{target.name}.tmp-{secrets.token_hex(4)}")
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
