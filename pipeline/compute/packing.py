"""Write the thumbnails of many pictures into one file, in pieces that survive a kill."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from cache.chunks import Pieces
from pipeline.compute.pool import ahead
from pipeline.compute.progress import Progress

PIECE = 256  # pictures, a second or two: what a kill costs


def write_pictures(
    draft: Draft, n: int, draw: Callable[[int], bytes | str], progress: Progress
) -> tuple[NDArray[np.intp], dict[int, str]]:
    """Write ``pictures.bin`` and ``picture_ends.npy`` of a data set of files.

    What an earlier, interrupted attempt drew is used again, so at most one piece is lost and the bytes are those of an
    uninterrupted run. Memory does not grow with the number of pictures.

    Parameters
    ----------
    draft : Draft
        Where to write. Its key must tell what all pictures are, and their order.
    n : int
        Pictures, usable or not.
    draw : callable (number) -> bytes or str
        Gives the thumbnail of a picture, or the reason why there is none. Called from several threads.
    progress : Progress
        Told the number of pictures done, those of earlier attempts at once.

    Returns
    -------
    kept : ndarray of int, shape (k,)
        Numbers of the pictures that have a thumbnail, in the order of the file, ascending.
    refused : dict of int to str
        Why not, for the others.
    """
    pieces = Pieces(draft.partial / "pictures", n, PIECE)
    missing = pieces.missing()
    done = n - sum(stop - start for start, stop in missing)
    progress(done, n, "images")
    numbers = (number for start, stop in missing for number in range(start, stop))
    with closing(ahead(draw, numbers)) as drawn:
        for start, stop in missing:
            results = list[bytes | str]()
            for result in islice(drawn, stop - start):
                results.append(result)
                progress(done + len(results), n, "images")
            pieces.write(start, stop, _pack(results))
            draft.note_seconds()
            done += stop - start
    return _join(draft, pieces)


def _join(draft: Draft, pieces: Pieces) -> tuple[NDArray[np.intp], dict[int, str]]:
    """Write all pieces as one file, with no more than one in memory."""
    results = list[int | str]()
    with draft.path("pictures.bin").open("wb") as pictures:
        for content in pieces.read():
            some, thumbnails = _unpack(content)
            results.extend(some)
            pictures.write(thumbnails)
    sizes = [result for result in results if isinstance(result, int)]
    draft.save("picture_ends", np.cumsum(sizes, dtype=np.int64))
    kept = [number for number, result in enumerate(results) if isinstance(result, int)]
    refused = {number: result for number, result in enumerate(results) if isinstance(result, str)}
    return np.array(kept, np.intp), refused


def _pack(results: list[bytes | str]) -> bytes:
    """Give a piece's content: a line that says how long each thumbnail is, or why there is none; the thumbnails."""
    line = json.dumps([result if isinstance(result, str) else len(result) for result in results])
    return b"".join([line.encode("ascii"), b"\n", *(part for part in results if isinstance(part, bytes))])


def _unpack(content: bytes) -> tuple[list[int | str], bytes]:
    """Give what the first line of a piece says, and the thumbnails one after another."""
    line, _, thumbnails = content.partition(b"\n")
    return json.loads(line), thumbnails
