"""Files that never change are made once, packed once, and given to every visitor from memory.

A new visitor asks for two hundred of them: the scripts of the framework's pages and of our components. Each went
through all that looks at requests, and was read from the disk, or packed, anew. What may be kept by anybody for ever,
as its answer says, may be kept here as well.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, MutableMapping
from typing import NamedTuple

from cachetools import LRUCache
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.routes.compression import PACKED, pieces, reads_gzip

ROOM = 16_000_000
"""Bytes of answers that are kept; those that nobody asked for lately go first."""
LARGEST = 4_000_000
"""Bytes of an answer that is kept; one that does not say its size is not."""
SMALLEST = 500
"""Bytes from which on gzip is worth its while."""

Asked = tuple[str, bool]
"""A path, and whether the browser reads gzip."""


class Answer(NamedTuple):
    """Hold an answer as it is sent: what comes first, and the body."""

    start: Message
    body: bytes


class KeptAnswers:
    """Give again what was answered before, where the answer says that it never changes and is for everybody.

    Parameters
    ----------
    app : ASGI application
        What answers.
    is_open : callable
        Tells whether anybody may have what is at a path, whoever has signed in.
    """

    def __init__(self, app: ASGIApp, is_open: Callable[[str], bool]) -> None:
        self.app, self.is_open = app, is_open
        self._kept: MutableMapping[Asked, Answer] = LRUCache(ROOM, lambda answer: len(answer.body) + 1000)
        self._coming: dict[Asked, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        asked = _plain(scope)
        if asked is None or not self.is_open(asked[0]):
            await self.app(scope, receive, send)
            return
        coming = self._coming.get(asked)
        if coming is not None:
            await coming.wait()
        answer = self._kept.get(asked) or await self._fetch(asked, scope, receive, send)
        if answer is not None:
            await send(answer.start)
            for piece in pieces(answer.body):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    async def _fetch(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        """Have it answered, and keep the answer; None where it may not be kept: then it was sent on.

        Others who ask meanwhile wait, but never for how fast this browser reads.
        """
        coming = self._coming[asked] = asyncio.Event()
        try:
            collected = _Collected(send, coming.set)
            await self.app(scope, receive, collected)
            answer = await asyncio.to_thread(collected.answer, asked[1])
            if answer is not None:
                self._kept[asked] = answer
            return answer
        finally:
            coming.set()
            self._coming.pop(asked, None)


class _Collected:
    """Collect an answer that may be kept, and pass any other on."""

    def __init__(self, send: Send, passing: Callable[[], None]) -> None:
        self.send, self.passing = send, passing
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_for_ever(message):
            self.start = message
        elif self.start is None:
            self.passing()
            await self.send(message)
        else:
            self.body += message.get("body", b"")

    def answer(self, reads: bool) -> Answer | None:
        """Give the answer to keep, packed where that helps and the browser reads it; None if it may not be kept."""
        if self.start is None:
            return None
        headers, body = MutableHeaders(raw=list(self.start["headers"])), bytes(self.body)
        media = headers.get("content-type", "").partition(";")[0]
        plain = "content-encoding" not in headers and media not in PACKED and len(body) >= SMALLEST
        if plain:
            headers.add_vary_header("Accept-Encoding")
        if plain and reads:
            body = gzip.compress(body, compresslevel=6, mtime=0)
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        return Answer({**self.start, "headers": headers.raw}, body)


def _plain(scope: Scope) -> Asked | None:
    """Tell what a request asks for; None where its answer may depend on more than that."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return None
    headers = Headers(scope=scope)
    if any(name in headers for name in ("range", "if-none-match", "if-modified-since", "origin")):
        return None
    return str(scope["path"]), reads_gzip(headers.get("accept-encoding", ""))


def _is_for_ever(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    told = headers.get("cache-control", "").replace(" ", "").split(",")
    varies = headers.get("vary", "accept-encoding").lower() != "accept-encoding"
    lasting = "immutable" in told and "public" in told
    small = int(headers.get("content-length", LARGEST)) < LARGEST
    return start["status"] == 200 and small and lasting and not varies and "set-cookie" not in headers
