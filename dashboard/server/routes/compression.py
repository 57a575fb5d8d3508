"""Contents compressed once, and kept as long as there is room."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

PACKED = frozenset({"image/webp", "image/jpeg"})
"""Media types that gzip would not make smaller."""


class Compressor:
    """Answer with gzip where the browser reads it; what was compressed lately is kept.

    Parameters
    ----------
    room : int
        Bytes kept at most.
    """

    def __init__(self, room: int = 16_000_000) -> None:
        self.room = room
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = Lock()

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
            return Response(content, media_type=media_type, headers=fields)
        fields = {**fields, "Vary": "Accept-Encoding"}
        if reads_gzip(request.headers.get("accept-encoding", "")):
            content, fields = self.compressed(content), {**fields, "Content-Encoding": "gzip"}
        return Response(content, media_type=media_type, headers=fields)

    def compressed(self, content: bytes) -> bytes:
        """Give some content compressed: everybody who opens the map asks for the same."""
        name = hashlib.sha256(content).digest()
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        packed = gzip.compress(content, compresslevel=9, mtime=0)
        with self._lock:
            self._kept[name] = packed
            while sum(map(len, self._kept.values())) > self.room:
                self._kept.popitem(last=False)
        return packed


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
