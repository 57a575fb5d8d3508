"""Ask an ASGI application, as a web server would."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What the application sent."""

    status: int
    headers: dict[str, str]
    body: bytes


async def answer(
    app,
    path: str,
    *,
    method: str = "GET",
    query: str = "",
    headers: dict[str, str] | None = None,
    body: Iterable[bytes] = (),
) -> Answer:
    """Send one request, its body in pieces, and collect the answer; others may be under way."""
    named = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "headers": named, "scheme": "http", "http_version": "1.1",
        "server": ("testserver", 80), "client": ("testclient", 1),
    }  # fmt: skip
    messages: list[dict] = []

    pieces = chain(
        ({"body": piece, "more_body": True} for piece in body), [{"body": b"", "more_body": False}]
    )

    async def receive():
        piece = next(pieces, None)
        if piece is not None:
            return {"type": "http.request", **piece}
        return await asyncio.Event().wait()  # the browser stays, and has nothing more to say

    async def send(message):
        messages.append(message)

    await app(scope, receive, send)
    received = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return Answer(messages[0]["status"], received, body)


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run in a thread of its own: where browser tests ran before, this one has an event loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def ask(app, path: str, **given) -> Answer:
    """Send one request alone; parameters as `answer`."""
    return run_apart(answer(app, path, **given))
