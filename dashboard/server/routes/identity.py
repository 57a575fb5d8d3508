"""Which store a server shows: so that nobody starts a second server for the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from cache import Store


def store_digest(store: Store) -> str:
    """Give a digest of where a store is: whoever knows the place can tell, and nobody learns it."""
    return hashlib.sha256(str(store.root.resolve()).encode("utf-8", "surrogateescape")).hexdigest()


def store_endpoint(store: Callable[[], Store]) -> Callable[[Request], Response]:
    """Make the endpoint that says which store is shown."""

    def endpoint(request: Request) -> Response:
        return PlainTextResponse(store_digest(store()), headers={"Cache-Control": "no-store"})

    return endpoint
