"""The digests of a folder's files: each file is read once, and not at all where the store knows what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from cache import Store
from cache.digests import Digests
from cache.places import archive_of
from pipeline.compute.pool import ahead
from pipeline.compute.progress import Progress
from pipeline.errors import SourceError
from pipeline.inputs.files import bytes_digest
from pipeline.inputs.image_folders import read_inside
from pipeline.inputs.pictures import MAX_BYTES

AT_ONCE = 64  # files: how often progress is told


class KnownFiles:
    """Tell files by their content.

    Parameters
    ----------
    root : Path
        Where their paths begin: a folder, or one in a zip file.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._archive = archive_of(root)
        self._remembered: Digests | None = None
        self._digests: dict[str, str] = {}

    def look(self, paths: Sequence[str], store: Store | None, progress: Progress) -> None:
        """Find the digest of each file, by several threads, and note it in the store for the next time.

        Parameters
        ----------
        paths : sequence of str
            Below the root.
        store : Store or None
            Where it is noted; without one, all files are read.
        progress : Progress
            Told the files done.
        """
        self._remembered = Digests(store.root, self._root) if store else None
        parts = [paths[start : start + AT_ONCE] for start in range(0, len(paths), AT_ONCE)]
        with closing(ahead(lambda part: [self._find(path) for path in part], parts)) as found:
            for part, digests in zip(parts, found, strict=True):
                self._digests.update(zip(part, digests, strict=True))
                if self._remembered:
                    self._remembered.note(finished=False)
                progress(len(self._digests), len(paths), "files")
        if self._remembered:
            self._remembered.note(finished=True)

    def digest(self, path: str) -> str:
        """Give a file's SHA-256; of one that cannot be used anyway, a word that is the same each time."""
        if path not in self._digests:
            self._digests[path] = self._find(path)
        return self._digests[path]

    def forget(self) -> None:
        """Forget what is noted of the folder: a file was not what it said."""
        if self._remembered:
            self._remembered.forget()

    def _find(self, path: str) -> str:
        def read() -> str:
            return bytes_digest(read_inside(self._root, path, MAX_BYTES), "sha256")

        try:
            if self._remembered:
                return self._remembered.digest(path, self._archive or self._root / path, read)
            return read()
        except SourceError as problem:
            return type(problem).__name__
