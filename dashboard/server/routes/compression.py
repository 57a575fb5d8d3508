"""Contents compressed once, and kept as long as there is room."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import AsyncIterator, Iterator
from threading import Condition

from cachetools import LRUCache, cached
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

PACKED = frozenset({"image/webp", "image/jpeg"})
"""Media types that gzip would not make smaller."""
PIECE = 64 * 1024
"""Bytes that are given to the server at one time: it holds what it is given for as long as the browser takes."""


class Compressor:
    """Answer with gzip where the browser reads it; what was compressed lately is kept.

    Parameters
    ----------
    room : int
        Bytes kept at most.
    """

    def __init__(self, room: int = 16_000_000) -> None:
        kept: LRUCache[bytes, bytes] = LRUCache(room, getsizeof=len)
        self.compressed = cached(kept, key=_digest, condition=Condition())(_compressed)

    def answer(self, request: Request, content: bytes, media_type: str, fields: dict[str, str]) -> Response:
        """Answer with some content.

        Parameters
        ----------
        request : Request
            Says whether the browser reads gzip.
        content : bytes
            Uncompressed.
        media_type : str
            Images are sent as they are.
        fields : dict of str to str
            Further headers.
        """
        if media_type in PACKED:
            return _sent(content, media_type, fields)
        fields = {**fields, "Vary": "Accept-Encoding"}
        if reads_gzip(request.headers.get("accept-encoding", "")):
            content, fields = self.compressed(content), {**fields, "Content-Encoding": "gzip"}
        return _sent(content, media_type, fields)


def _sent(content: bytes, media_type: str, fields: dict[str, str]) -> Response:
    """Answer with a content, as fast as the browser takes it: many that read slowly share one."""

    async def sent() -> AsyncIterator[memoryview]:
        for piece in pieces(content):
            yield piece

    if len(content) <= PIECE:
        return Response(content, media_type=media_type, headers=fields)
    length = {"Content-Length": str(len(content))}
    return StreamingResponse(sent(), media_type=media_type, headers=fields | length)


def pieces(content: bytes) -> Iterator[memoryview]:
    """Cut a content into what is given to the server at one time."""
    for start in range(0, len(content), PIECE):
        yield memoryview(content)[start : start + PIECE]


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


def reads_gzip(accepted: str) -> bool:
    """Read the header ``Accept-Encoding``: gzip, or anything, unless its weight is 0.

    Parameters
    ----------
    accepted : str
        Anyone may have typed it; what cannot be understood counts as no.
    """
    weights = {}
    for item in accepted.lower().replace(" ", "").split(","):
        coding, _, weight = item.partition(";q=")
        weights[coding] = weight.strip("0.") != "" or weight == ""
    return weights.get("gzip", weights.get("*", False))
