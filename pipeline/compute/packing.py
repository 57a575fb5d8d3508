"""Write the thumbnails of many pictures into one file, in pieces that survive a kill."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cache import Draft
from cache.chunks import Pieces
from pipeline.compute.pool import ahead
from pipeline.compute.progress import Progress

Drawn = tuple[bytes, Sequence[str]]
"""A thumbnail, and what is to be known of its picture."""

PIECE = 256  # pictures, a second or two: what a kill costs


class Packed(NamedTuple):
    """Hold what became of pictures.

    Attributes
    ----------
    kept : ndarray of int, shape (k,)
        Numbers of the pictures that have a thumbnail, in the order of the file, ascending.
    refused : dict of int to str
        Why not, for the others.
    traits : list of list of str
        What was told of each that is kept.
    """

    kept: NDArray[np.intp]
    refused: dict[int, str]
    traits: list[list[str]]


def write_pictures(draft: Draft, n: int, draw: Callable[[int], Drawn | str], progress: Progress) -> Packed:
    """Write ``pictures.bin`` and ``picture_ends.npy`` of a data set of files.

    What an earlier, interrupted attempt drew is used again, so at most one piece is lost and the bytes are those of an
    uninterrupted run. Memory does not grow with the number of pictures.

    Parameters
    ----------
    draft : Draft
        Where to write. Its key must tell what all pictures are, and their order.
    n : int
        Pictures, usable or not.
    draw : callable (number) -> (bytes, list of str) or str
        Gives the thumbnail of a picture and what is to be known of it, or the reason why there is none. Called from
        several threads.
    progress : Progress
        Told the number of pictures done, those of earlier attempts at once.
    """
    pieces = Pieces(draft.partial / "drawn", n, PIECE)
    missing = pieces.missing()
    done = n - sum(stop - start for start, stop in missing)
    progress(done, n, "images")
    numbers = (number for start, stop in missing for number in range(start, stop))
    with closing(ahead(draw, numbers)) as drawn:
        for start, stop in missing:
            results = list[Drawn | str]()
            for result in islice(drawn, stop - start):
                results.append(result)
                progress(done + len(results), n, "images")
            pieces.write(start, stop, _pack(results))
            draft.note_seconds()
            done += stop - start
    return _join(draft, pieces)


def _join(draft: Draft, pieces: Pieces) -> Packed:
    """Write all pieces as one file, with no more than one in memory."""
    results = list[str | tuple[int, list[str]]]()
    with draft.path("pictures.bin").open("wb") as pictures:
        for content in pieces.read():
            some, thumbnails = _unpack(content)
            results.extend(some)
            pictures.write(thumbnails)
    sizes = [result[0] for result in results if not isinstance(result, str)]
    draft.save("picture_ends", np.cumsum(sizes, dtype=np.int64))
    kept = [number for number, result in enumerate(results) if not isinstance(result, str)]
    refused = {number: result for number, result in enumerate(results) if isinstance(result, str)}
    traits = [result[1] for result in results if not isinstance(result, str)]
    return Packed(np.array(kept, np.intp), refused, traits)


def _pack(results: list[Drawn | str]) -> bytes:
    """Give a piece's content: a line that says how long each thumbnail is, or why there is none; the thumbnails."""
    told = [result if isinstance(result, str) else (len(result[0]), result[1]) for result in results]
    thumbnails = (result[0] for result in results if not isinstance(result, str))
    return b"".join([json.dumps(told).encode("ascii"), b"\n", *thumbnails])


def _unpack(content: bytes) -> tuple[list[Any], bytes]:
    """Give what the first line of a piece says, and the thumbnails one after another."""
    line, _, thumbnails = content.partition(b"\n")
    return json.loads(line), thumbnails
