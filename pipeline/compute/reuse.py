"""Find in the store what was made of the same files before: thumbnails and features are copied, not made again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cache import Artefact, Draft
from cache.errors import StoreError
from cache.keys import is_key
from cache.pictures import read_files
from pipeline.compute.packing import Drawn
from pipeline.compute.rows import Rows, as_rows

_UNUSABLE = (StoreError, OSError, ValueError, KeyError, TypeError, IndexError)  # then it is made again


class _Part(NamedTuple):
    """Where a thumbnail lies, and what is known of its picture."""

    path: Path
    start: int
    stop: int
    traits: list[str]


class KnownThumbnails:
    """Give thumbnails that the same source has drawn before, in whatever data set.

    Parameters
    ----------
    draft : Draft
        Of a data set of files.
    wanted : iterable of str
        SHA-256 of its files.
    """

    def __init__(self, draft: Draft, wanted: Iterable[str]) -> None:
        self._parts: dict[str, _Part] = {}
        missing = set(wanted) - {""}
        for dataset in _alike(draft):
            with suppress(*_UNUSABLE):
                path, ends = dataset.path("pictures.bin"), [0, *dataset.array("picture_ends").tolist()]
                for number, file in enumerate(read_files(dataset)):
                    if file["sha256"] in missing:
                        traits = list(map(str, file.get("traits", [])))
                        self._parts[file["sha256"]] = _Part(path, ends[number], ends[number + 1], traits)
                missing -= self._parts.keys()
            if not missing:
                break

    def get(self, digest: str) -> Drawn | None:
        """Give the thumbnail of a file with this SHA-256 and its traits; None where there was none. From any thread."""
        part = self._parts.get(digest)
        if part is None:
            return None
        try:
            with part.path.open("rb") as file:
                file.seek(part.start)
                content = file.read(part.stop - part.start)
        except OSError:
            return None
        return (content, part.traits) if content and len(content) == part.stop - part.start else None


class KnownFeatures:
    """Give features that the same extractor has made before of the same files or pixels, in whatever data set.

    Parameters
    ----------
    draft : Draft
        Of the features of a data set.
    wanted : iterable of str
        SHA-256 of its files, or `pixel_digest` of its images.
    """

    def __init__(self, draft: Draft, wanted: Iterable[str]) -> None:
        self._rows: dict[str, tuple[Rows, int]] = {}
        missing = set(wanted) - {""}
        for features in _alike(draft) if missing else ():
            if features.manifest.identity != draft.manifest.identity:
                continue
            with suppress(*_UNUSABLE):
                for digest, row in _rows_of(features, draft.roots):
                    if digest in missing:
                        self._rows[digest] = row
                missing -= self._rows.keys()
            if not missing:
                break

    def of(self, digests: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Give which of some files are known, bool (n,), and the features of those, float32 (k, d), in order."""
        found = [self._rows[digest] for digest in digests if digest in self._rows]
        known = np.array([digest in self._rows for digest in digests], bool)
        rows: list[NDArray[np.float32]] = []
        while found:  # stretches of one file are read at once
            source = found[0][0]
            count = next((n for n, (other, _) in enumerate(found) if other is not source), len(found))
            rows.append(source.rows(np.array([row for _, row in found[:count]])))
            found = found[count:]
        return known, np.concatenate(rows) if rows else np.empty((0, 0), np.float32)


def _alike(draft: Draft) -> Iterator[Artefact]:
    """Give what the same version of the same plug-in has made of that stage, the newest first."""
    found = list[Artefact]()
    for folder in _artefacts(draft.roots, draft.manifest.stage):
        if is_key(folder.name) and folder.name != draft.key:
            with suppress(*_UNUSABLE):
                found.append(Artefact(folder))
    ours = draft.manifest.plugin, draft.manifest.plugin_version
    same = [one for one in found if (one.manifest.plugin, one.manifest.plugin_version) == ours]
    yield from sorted(same, key=lambda one: one.manifest.created, reverse=True)


def _artefacts(roots: Iterable[Path], stage: str) -> Iterator[Path]:
    """Give the folders of a stage's artefacts in all stores that are read."""
    for root in roots:
        yield from (root / "artefacts" / stage).glob("*/")


def _rows_of(features: Artefact, roots: Iterable[Path]) -> Iterator[tuple[str, tuple[Rows, int]]]:
    """Give the SHA-256 of each file of a data set, and where its features are."""
    key = features.manifest.inputs["dataset"]
    there = (Artefact(folder) for folder in _artefacts(roots, "dataset") if folder.name == key)
    if (dataset := next(there, None)) is None:
        return  # it was removed: nobody knows what these are of
    for split in ("test", "train"):
        if f"{split}.npy" in features.manifest.files:
            rows = as_rows(features.rows(split))
            for row, digest in enumerate(_digests(dataset, split)):
                yield digest, (rows, row)


def _digests(dataset: Artefact, split: str) -> list[str]:
    """Give a digest of each image of a split: its file's, or that of its pixels."""
    if f"{split}_images.npy" in dataset.manifest.files:
        return [pixel_digest(image) for image in dataset.rows(f"{split}_images")]
    files = read_files(dataset)
    return [files[number]["sha256"] for number in dataset.array(f"{split}_rows").tolist()]


def pixel_digest(image: NDArray[Any]) -> str:
    """Give what tells the pixels of an image, uint8 (h, w, c), or a vector, from all others."""
    return hashlib.sha256(repr(image.shape).encode() + np.ascontiguousarray(image).tobytes()).hexdigest()
