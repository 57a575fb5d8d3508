"""What a data set of files notes of its pictures, checked when it is opened: anybody may have written it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.artefact import Artefact
from cache.counting import counted
from cache.draft import Draft
from cache.errors import ArtefactCorrupt
from cache.foreign import foreign
from cache.json_shape import shape_of

FILES = "files.json"
MOST_OF_ONE = 64 << 10  # bytes that are noted of one picture
MOST_BYTES = 64 << 20  # and of all
MOST_TRAITS = 100


def write_files(
    draft: Draft, paths: Sequence[str], digests: Sequence[str], traits: Sequence[Sequence[str]]
) -> None:
    """Note each picture's path and SHA-256, both empty where it has no file, and its traits, for `read_files`."""
    files = [
        {"path": path, "sha256": digest, "traits": own}
        for path, digest, own in zip(paths, digests, traits, strict=True)
    ]
    draft.path(FILES).write_text(json.dumps(files), "ascii")


def read_files(dataset: Artefact) -> list[dict[str, Any]]:
    """Give what is noted of each picture's file: its path and SHA-256, both empty where it has none, and its traits.

    Parameters
    ----------
    dataset : Artefact
        A data set of files.

    Returns
    -------
    list of dict
        One a picture; nothing where no picture has a file.

    Raises
    ------
    ArtefactCorrupt
        If it is of another form.
    """
    if FILES not in dataset.manifest.files:
        return []
    pictures, size = dataset.manifest.dims.get("pictures", 0), dataset.manifest.files[FILES]["size"]
    must = f"a path, a SHA-256 and traits of {counted(pictures, 'picture')} each"
    if size > min(MOST_BYTES, (pictures + 1) * MOST_OF_ONE):
        raise _damaged(dataset, FILES, must, f"{size:,} bytes")
    with foreign(lambda got: _damaged(dataset, FILES, must, f"no JSON: {got}")):
        path = dataset.path(FILES)
        containers, commas = shape_of(path)
        if containers > 2 * pictures + 1 or commas > (pictures + 1) * MOST_TRAITS:
            raise _damaged(
                dataset, FILES, must, f"{counted(commas, 'comma')} and {counted(containers, 'list')}"
            )
        found = json.loads(path.read_text("ascii"))
    if not isinstance(found, list) or len(found) != pictures:
        got = counted(len(found), "entry", "entries") if isinstance(found, list) else "no list"
        raise _damaged(dataset, FILES, must, got)
    if not all(_is_file(entry) for entry in found):
        raise _damaged(dataset, FILES, must, "an entry of another form")
    return found


def read_ends(dataset: Artefact, name: str, content: str) -> NDArray[np.int64]:
    """Give where each picture ends in a file that has them one after the other, int64 (pictures,).

    Parameters
    ----------
    dataset : Artefact
        A data set of files.
    name : str
        Of the array of ends.
    content : str
        The name of the file that they lie in.

    Raises
    ------
    ArtefactCorrupt
        If they are not in that file, or not in order.
    """
    if content not in dataset.manifest.files:
        raise _damaged(dataset, content, "the pictures", "no such file")
    ends, size = dataset.array(name), dataset.manifest.files[content]["size"]
    starts = np.append(0, ends)
    if (starts[1:] < starts[:-1]).any() or starts[-1] != size:  # a difference of large numbers may overflow
        must = f"ends of pictures, one after the other, within {size:,} bytes of {content}"
        raise _damaged(dataset, f"{name}.npy", must, "other ends")
    return ends


def read_rows(dataset: Artefact, split: str) -> NDArray[np.int32]:
    """Give which picture each image of the split "train" or "test" is, int32 (n,).

    Raises
    ------
    ArtefactCorrupt
        If there is no such picture.
    """
    rows, pictures = dataset.array(f"{split}_rows"), dataset.manifest.dims.get("pictures", 0)
    if len(rows) and not (rows.min() >= 0 and rows.max() < pictures):
        raise _damaged(dataset, f"{split}_rows.npy", f"rows of {counted(pictures, 'picture')}", "others")
    return rows


def _is_file(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    traits = entry.get("traits", [])
    texts = (entry.get("path"), entry.get("sha256"), *(traits if isinstance(traits, list) else [None]))
    return all(isinstance(text, str) and "\0" not in text for text in texts)


def _damaged(dataset: Artefact, name: str, must: str, got: str) -> ArtefactCorrupt:
    return ArtefactCorrupt(f"{dataset.folder / name} must have {must}. Got {got}.", remedy=dataset.repair)
