"""The doors of the server: what the pages use is open, and everything else of the framework is shut.

The table of all routes is in ``docs/decisions/0050-strangers.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.server.routes.addresses import ROOT

READ = frozenset({"GET", "HEAD"})
FRAMEWORK: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "_stcore/health": READ,
        "_stcore/host-config": READ,
        "_stcore/stream": frozenset({"WEBSOCKET"}),
        "media/[^/]+": READ,
        "(?!_stcore/|media/|component/|app/static/).*": READ,
    }
)
"""What of Streamlit is open, as patterns of paths, to whom asks how. The last: pages, static files, signing in."""

_OPEN = tuple((re.compile(pattern, re.DOTALL), methods) for pattern, methods in FRAMEWORK.items())


class Doors:
    """Answer what no page asks for with 404 at once, before anything of it is read.

    Parameters
    ----------
    app : ASGI application
        What serves the rest.
    base : str
        The folder that the server is in, as its configuration has it.
    """

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = f"/{base.strip('/')}".rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        method = {"http": scope.get("method", ""), "websocket": "WEBSOCKET"}.get(scope["type"])
        if method is None or is_open(str(scope["path"]).removeprefix(self.base), method):
            await self.app(scope, receive, send)
        elif method == "WEBSOCKET":
            await send({"type": "websocket.close", "code": 1008})
        else:
            answer = PlainTextResponse(
                "The address must be one that pages use. Got another.", 404, headers={"Connection": "close"}
            )
            await answer(scope, receive, send)


def is_open(path: str, method: str) -> bool:
    """Tell whether a path below the server's folder may be asked for so; our own routes look for themselves."""
    name = path.removeprefix("/")
    if name.startswith(f"{ROOT}/"):
        return method != "WEBSOCKET"
    return any(method in methods and pattern.fullmatch(name) for pattern, methods in _OPEN)
