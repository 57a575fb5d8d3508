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


def read_original(dataset: Artefact, number: int, max_bytes: int) -> bytes:
    """Give a picture's file that came with its data set; nothing without one. Whoever uses it checks its digest.

    Parameters
    ----------
    dataset : Artefact
        A data set of files.
    number : int
        Of the picture.
    max_bytes : int
        Size cap, in bytes.
    """
    if not {CONTENT, f"{ENDS}.npy"} <= dataset.manifest.files.keys():
        return b""
    ends = dataset.array(ENDS)
    start, stop = int(ends[number - 1]) if number else 0, int(ends[number])
    if not 0 <= stop - start <= max_bytes:
        return b""
    with (dataset.folder / CONTENT).open("rb") as file:
        file.seek(max(start, 0))
        return file.read(stop - start)
