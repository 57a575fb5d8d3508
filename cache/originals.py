"""Files of a data set's images in a bundle: one after another in one file, where no name of theirs can do anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from cache.arrays import write_array
from cache.artefact import Artefact
from cache.files import sha256
from cache.manifest import Manifest
from cache.pictures import read_ends

CONTENT, ENDS = "originals.bin", "original_ends"


def write_originals(folder: Path, manifest: Manifest, contents: Iterable[bytes]) -> Manifest:
    """Write the files of a data set's images beside it, and give the manifest that lists them, too.

    Parameters
    ----------
    folder : Path
        Of the data set's copy.
    manifest : Manifest
        Of the data set.
    contents : iterable of bytes
        Content of each picture's file, in the order of the pictures.
    """
    ends = [0]
    with (folder / CONTENT).open("wb") as file:
        for content in contents:
            ends.append(ends[-1] + file.write(content))
    write_array(folder / f"{ENDS}.npy", np.array(ends[1:], np.int64))
    paths = (folder / CONTENT, folder / f"{ENDS}.npy")
    records = {path.name: {"size": path.stat().st_size, "sha256": sha256(path)} for path in paths}
    return replace(manifest, files={**manifest.files, **records})


def without_originals(manifest: Manifest) -> Manifest:
    """Give a manifest without such files."""
    return replace(
        manifest,
        files={name: of for name, of in manifest.files.items() if name not in (CONTENT, f"{ENDS}.npy")},
    )


class OriginalFiles:
    """Give the pictures' files that came with a data set. Whoever uses one checks its digest.

    Parameters
    ----------
    dataset : Artefact
        A data set of files.

    Raises
    ------
    ArtefactCorrupt
        If they are not where it says.
    """

    def __init__(self, dataset: Artefact) -> None:
        self._path = dataset.folder / CONTENT
        there = {CONTENT, f"{ENDS}.npy"} <= dataset.manifest.files.keys()
        self._ends = read_ends(dataset, ENDS, CONTENT) if there else None

    def read(self, number: int, max_bytes: int) -> bytes:
        """Give the file of a picture; nothing where it did not come, or is larger than that."""
        if self._ends is None:
            return b""
        start, stop = int(self._ends[number - 1]) if number else 0, int(self._ends[number])
        if stop - start > max_bytes:
            return b""
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read(stop - start)
